import { sha256 } from '@breakwater/kernel';
import {
  allowedToBuilds,
  allowedToTargets,
  allowedToWorlds,
  refused,
  ruledByArgument,
} from './syscalls.ts';

/** The two machines whose system calls are tabled. */
export type Machine = 'x86_64' | 'aarch64';
/** `world` is what builds may do, and TCP and UDP: for a network namespace of its own alone. */
export type Profile = 'target' | 'build' | 'world';

export interface Filter {
  /** An array of `struct sock_filter`, as bwrap --seccomp reads it. */
  readonly program: Uint8Array;
  readonly sha256: string;
}

// linux/bpf_common.h and linux/seccomp.h
const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_ANY_BIT = 0x45;
const KEEP_BITS = 0x54;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const FAIL = 0x00050000;
/** The call is not made, and its caller is told that it was. */
const PRETEND = FAIL;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

// offsets in struct seccomp_data; both machines are little-endian
const NUMBER = 0;
const MACHINE = 4;
const ARGUMENT_0 = 16;
const ARGUMENT_1 = 24;
const ARGUMENT_2 = 32;
const ARGUMENT_2_HIGH = 36;

const auditArch: Record<Machine, number> = { x86_64: 0xc000003e, aarch64: 0xc00000b7 };
const X32_BIT = 0x40000000;
const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_TYPE_BITS = 0xf;
const IPPROTO_TCP = 6;
const IPPROTO_UDP = 17;
const TCP_ULP = 31;
/** NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET: linux/sched.h. */
const CLONE_NAMESPACES = 0x7e020080;
const ADDR_NO_RANDOMIZE = 0x0040000;
const PERSONALITY_QUERY = 0xffffffff;
const RLIMIT_CORE = 4;

type Instruction = readonly [code: number, yes: number, no: number, value: number];

/**
 * The filter of a profile as classic BPF for one machine: deny by default. Calls from another
 * architecture or the x32 table kill the process, since their numbers mean other calls.
 */
export function assembleFilter(profile: Profile, machine: Machine): Filter {
  const program: Instruction[] = [
    [LOAD, 0, 0, MACHINE],
    [JUMP_EQUAL, 1, 0, auditArch[machine]],
    [RETURN, 0, 0, KILL],
    [LOAD, 0, 0, NUMBER],
  ];
  if (machine === 'x86_64') program.push([JUMP_AT_LEAST, 0, 1, X32_BIT], [RETURN, 0, 0, KILL]);
  if (profile === 'world') program.push(...worldRules(machine));
  program.push(...argumentRules(machine));
  const allowed = numbers(allowedToTargets, machine);
  if (profile !== 'target') for (const n of numbers(allowedToBuilds, machine)) allowed.add(n);
  if (profile === 'world') for (const n of numbers(allowedToWorlds, machine)) allowed.add(n);
  for (const number of allowed) program.push(...when(number, [[RETURN, 0, 0, ALLOW]]));
  for (const number of numbers(refused, machine)) {
    program.push(...when(number, [[RETURN, 0, 0, FAIL | EPERM]]));
  }
  program.push([RETURN, 0, 0, FAIL | ENOSYS]);
  const bytes = encode(program);
  return { program: bytes, sha256: Buffer.from(sha256(bytes)).toString('hex') };
}

/**
 * Plain TCP and UDP besides AF_UNIX: no raw, SCTP, MPTCP, UDP-Lite or ping sockets, and no other
 * protocol put under TCP (TCP_ULP), since each is more of the kernel to attack.
 */
function worldRules(machine: Machine): Instruction[] {
  const rule = (name: string, table: Readonly<Record<string, string>>, body: Instruction[]) =>
    when(byName(table, machine).get(name), body);
  const allow: Instruction = [RETURN, 0, 0, ALLOW];
  return [
    ...rule('socket', ruledByArgument, [
      [LOAD, 0, 0, ARGUMENT_0],
      [JUMP_EQUAL, 3, 0, AF_UNIX],
      [JUMP_EQUAL, 3, 0, AF_INET],
      [JUMP_EQUAL, 2, 0, AF_INET6],
      [RETURN, 0, 0, FAIL | EAFNOSUPPORT],
      allow,
      [LOAD, 0, 0, ARGUMENT_1],
      [KEEP_BITS, 0, 0, SOCK_TYPE_BITS],
      [JUMP_EQUAL, 2, 0, SOCK_STREAM],
      [JUMP_EQUAL, 4, 0, SOCK_DGRAM],
      [RETURN, 0, 0, FAIL | EPERM],
      [LOAD, 0, 0, ARGUMENT_2],
      [JUMP_EQUAL, 4, 0, 0],
      [JUMP_EQUAL, 3, 4, IPPROTO_TCP],
      [LOAD, 0, 0, ARGUMENT_2],
      [JUMP_EQUAL, 1, 0, 0],
      [JUMP_EQUAL, 0, 1, IPPROTO_UDP],
      allow,
      [RETURN, 0, 0, FAIL | EPERM],
    ]),
    ...rule('setsockopt', allowedToTargets, [
      [LOAD, 0, 0, ARGUMENT_1],
      [JUMP_EQUAL, 0, 3, IPPROTO_TCP],
      [LOAD, 0, 0, ARGUMENT_2],
      [JUMP_EQUAL, 0, 1, TCP_ULP],
      [RETURN, 0, 0, FAIL | EPERM],
      allow,
    ]),
  ];
}

function argumentRules(machine: Machine): Instruction[] {
  const ruled = byName(ruledByArgument, machine);
  const localOnly: Instruction[] = [
    [LOAD, 0, 0, ARGUMENT_0],
    [JUMP_EQUAL, 0, 1, AF_UNIX],
    [RETURN, 0, 0, ALLOW],
    [RETURN, 0, 0, FAIL | EAFNOSUPPORT],
  ];
  return [
    ...when(ruled.get('socket'), localOnly),
    ...when(ruled.get('socketpair'), localOnly),
    ...when(ruled.get('clone'), [
      [LOAD, 0, 0, ARGUMENT_0],
      [JUMP_ANY_BIT, 0, 1, CLONE_NAMESPACES],
      [RETURN, 0, 0, FAIL | EPERM],
      [RETURN, 0, 0, ALLOW],
    ]),
    // its flags lie behind a pointer no filter can follow; libc falls back to clone
    ...when(ruled.get('clone3'), [[RETURN, 0, 0, FAIL | ENOSYS]]),
    ...when(ruled.get('personality'), [
      [LOAD, 0, 0, ARGUMENT_0],
      [JUMP_EQUAL, 3, 0, PERSONALITY_QUERY],
      [JUMP_EQUAL, 2, 0, ADDR_NO_RANDOMIZE],
      [JUMP_EQUAL, 1, 0, 0],
      [RETURN, 0, 0, FAIL | EPERM],
      [RETURN, 0, 0, ALLOW],
    ]),
    // the launcher's limit of core files stays; sanitizers lower it and die where they may not
    ...when(ruled.get('setrlimit'), [
      [LOAD, 0, 0, ARGUMENT_0],
      [JUMP_EQUAL, 0, 1, RLIMIT_CORE],
      [RETURN, 0, 0, PRETEND],
      [RETURN, 0, 0, ALLOW],
    ]),
    ...when(ruled.get('prlimit64'), [
      [LOAD, 0, 0, ARGUMENT_1],
      [JUMP_EQUAL, 0, 5, RLIMIT_CORE],
      [LOAD, 0, 0, ARGUMENT_2],
      [JUMP_EQUAL, 0, 2, 0],
      [LOAD, 0, 0, ARGUMENT_2_HIGH],
      [JUMP_EQUAL, 1, 0, 0],
      [RETURN, 0, 0, PRETEND],
      [RETURN, 0, 0, ALLOW],
    ]),
  ];
}

/** Skips `body` unless the number just loaded is this one; `body` always returns. */
function when(number: number | undefined, body: Instruction[]): Instruction[] {
  return number === undefined ? [] : [[JUMP_EQUAL, 0, body.length, number], ...body];
}

function numbers(table: Readonly<Record<string, string>>, machine: Machine): Set<number> {
  return new Set(byName(table, machine).values());
}

/** The calls of a table that this machine has, by name. */
export function byName(
  table: Readonly<Record<string, string>>,
  machine: Machine,
): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of Object.values(table).flatMap((group) => group.split(';'))) {
    const [name, x86, arm] = line.trim().split(/\s+/);
    const number = machine === 'x86_64' ? x86 : arm;
    if (name !== undefined && number !== undefined && number !== '-') {
      found.set(name, Number(number));
    }
  }
  return found;
}

function encode(program: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  program.forEach(([code, yes, no, value], index) => {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, yes);
    bytes.setUint8(index * 8 + 3, no);
    bytes.setUint32(index * 8 + 4, value >>> 0, true);
  });
  return new Uint8Array(bytes.buffer);
}
