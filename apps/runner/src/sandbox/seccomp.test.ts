import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assembleFilter, byName, type Machine, type Profile } from './seccomp.ts';
import {
  allowedToBuilds,
  allowedToTargets,
  allowedToWorlds,
  refused,
  ruledByArgument,
} from './syscalls.ts';

const machines: Machine[] = ['x86_64', 'aarch64'];
const arch: Record<Machine, number> = { x86_64: 0xc000003e, aarch64: 0xc00000b7 };
const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const errno = (number: number) => 0x00050000 + number;

/** Runs a filter as the kernel does, on one call. */
function judge(program: Uint8Array, call: { nr: number; arch: number; args?: number[] }): number {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.nr, true);
  data.setUint32(4, call.arch, true);
  (call.args ?? []).forEach((value, index) => {
    data.setBigUint64(16 + index * 8, BigInt(value), true);
  });
  const code = new DataView(program.buffer, program.byteOffset, program.byteLength);
  let held = 0;
  for (let at = 0; at * 8 < program.length; at++) {
    const value = code.getUint32(at * 8 + 4, true);
    const jump = (holds: boolean) => {
      at += code.getUint8(at * 8 + (holds ? 2 : 3));
    };
    const operation = code.getUint16(at * 8, true);
    if (operation === 0x06) return value;
    if (operation === 0x54) held &= value;
    else if (operation === 0x20) held = data.getUint32(value, true);
    else if (operation === 0x15) jump(held === value);
    else if (operation === 0x35) jump(held >= value);
    else if (operation === 0x45) jump((held & value) !== 0);
    else throw new Error(`instruction ${operation} is not one of ours`);
  }
  throw new Error('the filter ran off its end');
}

function verdicts(profile: Profile, machine: Machine) {
  const { program } = assembleFilter(profile, machine);
  const ruled = byName(ruledByArgument, machine);
  return {
    call: (nr: number, ...args: number[]) => judge(program, { nr, arch: arch[machine], args }),
    ruled: (name: string, ...args: number[]) =>
      judge(program, { nr: ruled.get(name) ?? -1, arch: arch[machine], args }),
    foreign: (nr: number, other: number) => judge(program, { nr, arch: other }),
  };
}

describe.each(machines)('the filter on %s', (machine) => {
  it('allows what is listed and refuses what is named, in every profile', () => {
    for (const profile of ['target', 'build', 'world'] as const) {
      const { call } = verdicts(profile, machine);
      for (const [name, nr] of byName(allowedToTargets, machine)) {
        expect([name, call(nr)]).toEqual([name, ALLOW]);
      }
      for (const [name, nr] of byName(refused, machine)) {
        expect([name, call(nr)]).toEqual([name, errno(1)]);
      }
      const build = profile === 'target' ? errno(38) : ALLOW;
      for (const [name, nr] of byName(allowedToBuilds, machine)) {
        expect([name, call(nr)]).toEqual([name, build]);
      }
      const world = profile === 'world' ? ALLOW : errno(38);
      for (const [name, nr] of byName(allowedToWorlds, machine)) {
        expect([name, call(nr)]).toEqual([name, world]);
      }
      expect(call(9999)).toBe(errno(38));
    }
  });

  it('kills calls made in the words of another machine', () => {
    const { foreign } = verdicts('target', machine);
    expect(foreign(1, 0x40000003)).toBe(KILL);
    expect(foreign(1, arch[machine === 'x86_64' ? 'aarch64' : 'x86_64'])).toBe(KILL);
  });

  it('lets sockets be local only', () => {
    for (const name of ['socket', 'socketpair']) {
      const { ruled } = verdicts('build', machine);
      for (let family = 0; family < 64; family++) {
        expect(ruled(name, family)).toBe(family === 1 ? ALLOW : errno(97));
      }
    }
  });

  it('lets worlds have plain TCP and UDP, and no other socket', () => {
    const { ruled, call } = verdicts('world', machine);
    const [stream, datagram, nonblocking] = [1, 2, 0x800];
    for (let family = 0; family < 64; family++) {
      const ip = family === 2 || family === 10;
      expect(ruled('socket', family, stream)).toBe(ip || family === 1 ? ALLOW : errno(97));
      expect(ruled('socketpair', family, stream)).toBe(family === 1 ? ALLOW : errno(97));
      if (!ip) continue;
      for (let type = 0; type < 16; type++) {
        for (const protocol of [0, 1, 6, 17, 132, 136, 255, 262]) {
          const tcp = type === stream && (protocol === 0 || protocol === 6);
          const udp = type === datagram && (protocol === 0 || protocol === 17);
          const wanted = tcp || udp ? ALLOW : errno(1);
          expect(ruled('socket', family, type, protocol)).toBe(wanted);
          expect(ruled('socket', family, type | nonblocking, protocol)).toBe(wanted);
        }
      }
    }
    const setOption = byName(allowedToTargets, machine).get('setsockopt') ?? -1;
    expect(call(setOption, 3, 6, 31)).toBe(errno(1));
    expect(call(setOption, 3, 6, 1)).toBe(ALLOW);
    expect(call(setOption, 3, 1, 31)).toBe(ALLOW);
  });

  it('lets clone make threads and processes, never namespaces', () => {
    const { ruled } = verdicts('build', machine);
    expect(ruled('clone', 0x3d0f00)).toBe(ALLOW);
    expect(ruled('clone', 17)).toBe(ALLOW);
    for (const flag of [0x80, 0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000]) {
      expect(ruled('clone', flag | 17)).toBe(errno(1));
    }
    expect(ruled('clone', 0x20000000 + 17)).toBe(errno(1));
    expect(ruled('clone', 0x40000000 + 17)).toBe(errno(1));
    expect(ruled('clone3', 0)).toBe(errno(38));
  });

  it('lets personality fix addresses and nothing else', () => {
    const { ruled } = verdicts('target', machine);
    for (const value of [0, 0x40000, 0xffffffff]) expect(ruled('personality', value)).toBe(ALLOW);
    for (const value of [0x400000, 0x8, 0x100000]) {
      expect(ruled('personality', value)).toBe(errno(1));
    }
  });

  it('lets limits be set, but never that of core files', () => {
    const { ruled } = verdicts('target', machine);
    for (const resource of [0, 1, 3, 5, 6, 7, 15]) {
      expect(ruled('setrlimit', resource, 1)).toBe(ALLOW);
      expect(ruled('prlimit64', 0, resource, 1)).toBe(ALLOW);
    }
    expect(ruled('setrlimit', 4, 1)).toBe(errno(0));
    expect(ruled('prlimit64', 0, 4, 1)).toBe(errno(0));
    expect(ruled('prlimit64', 0, 4, 2 ** 40)).toBe(errno(0));
    expect(ruled('prlimit64', 0, 4, 0, 1)).toBe(ALLOW);
  });

  it('puts no call into two lists', () => {
    const names = [
      allowedToTargets,
      allowedToBuilds,
      allowedToWorlds,
      refused,
      ruledByArgument,
    ].flatMap((table) => [...byName(table, machine).keys()]);
    expect(new Set(names).size).toBe(names.length);
  });
});

it('kills x32 calls, whose numbers mean other things', () => {
  const { call } = verdicts('target', 'x86_64');
  expect(call(0x40000000)).toBe(KILL);
  expect(call(0x40000000 + 520)).toBe(KILL);
});

const headers: [Machine, string][] = [
  ['x86_64', '/usr/include/x86_64-linux-gnu/asm/unistd_64.h'],
  ['aarch64', '/usr/include/asm-generic/unistd.h'],
];

describe.each(headers)('the %s numbers', (machine, path) => {
  it.skipIf(!existsSync(path))('are those of the kernel headers (skipped without them)', () => {
    const text = readFileSync(path, 'utf8');
    const kernel = new Map(
      [...text.matchAll(/^#define __NR(?:3264)?_(\w+) (\d+)$/gm)].map(([, name, nr]) => [
        name,
        Number(nr),
      ]),
    );
    const tables = [allowedToTargets, allowedToBuilds, allowedToWorlds, refused, ruledByArgument];
    const ours = tables.flatMap((table) => [...byName(table, machine)]);
    const judged = ours.filter(([name]) => kernel.has(name));
    expect(judged.filter(([name, nr]) => kernel.get(name) !== nr)).toEqual([]);
    expect(judged.length).toBeGreaterThan(200);
  });
});
