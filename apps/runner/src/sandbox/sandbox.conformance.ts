import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunLimits, RunRecord, RunSpec, Sandbox } from './sandbox.ts';

export const smallLimits: RunLimits = {
  wallMs: 20_000,
  cpuSeconds: 10,
  memoryBytes: 96 << 20,
  processesMax: 32,
  fileBytesMax: 8 << 20,
  scratchBytes: 8 << 20,
  outputBytesMax: 64 << 10,
};

/** A run of the shell with small limits, changed where the test cares. */
export function shell(script: string, changed: Partial<RunSpec> = {}): RunSpec {
  return {
    argv: ['/bin/sh', '-c', script],
    env: {},
    cwd: '/tmp',
    mounts: [],
    profile: 'target',
    fixedAddresses: true,
    limits: smallLimits,
    ...changed,
  };
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const limited = (changed: Partial<RunLimits>) => ({ limits: { ...smallLimits, ...changed } });

/** What every driver of the sandbox port must do. `open` is called once, with two slots wanted. */
export function sandboxConformance(name: string, open: () => Promise<Sandbox>): void {
  describe(`sandbox port: ${name}`, () => {
    let sandbox: Sandbox;
    let scratch: string;
    beforeAll(async () => {
      sandbox = await open();
      scratch = await mkdtemp(join(tmpdir(), 'breakwater-conformance-'));
    });
    afterAll(async () => {
      await sandbox.close();
      await rm(scratch, { recursive: true, force: true });
    });
    const given: Given = {
      run: (spec, signal) => sandbox.run(spec, signal),
      sandbox: () => sandbox,
      fresh: () => mkdtemp(join(scratch, 'test-')),
    };
    describesEndings(given);
    keepsWorldsApart(given);
    collectsFiles(given);
    recordsEvidence(given);
    refusesRequests(given);
  });
}

interface Given {
  readonly run: (spec: RunSpec, signal?: AbortSignal) => Promise<RunRecord>;
  readonly sandbox: () => Sandbox;
  readonly fresh: () => Promise<string>;
}

function describesEndings({ run }: Given): void {
  it('gives stdin, arguments, environment and directory, and returns both outputs', async () => {
    const record = await run(
      shell('cat; echo "$A $0 $PWD"; echo wrong >&2; exit 3', {
        argv: ['/bin/sh', '-c', 'cat; echo "$A $1 $PWD"; echo wrong >&2; exit 3', 'sh', 'one'],
        env: { A: 'a=b' },
        stdin: Buffer.from('in\n'),
      }),
    );
    expect(text(record.stdout)).toBe('in\na=b one /tmp\n');
    expect(text(record.stderr)).toBe('wrong\n');
    expect(record.ending).toEqual({ kind: 'exited', code: 3 });
  });

  it('names the signal a target died of, as an inference from its code', async () => {
    const { ending } = await run(shell('kill -SEGV $$'));
    expect(ending).toEqual({ kind: 'signaled', code: 139, signal: 'SIGSEGV' });
  });

  it('ends a run at its wall clock', async () => {
    const { ending } = await run(shell('sleep 1000', limited({ wallMs: 300 })));
    expect(ending).toEqual({ kind: 'timed-out' });
  });

  it('cuts output at its limit and stops the run', async () => {
    const record = await run(shell('yes', limited({ outputBytesMax: 1000 })));
    expect(record.ending).toEqual({ kind: 'output-limit' });
    expect(record.stdout.length).toBe(1000);
    expect([record.stdoutTruncated, record.stderrTruncated]).toEqual([true, false]);
  });

  it('tells running out of memory from every other end', async () => {
    const hungry = 'my @a; push @a, "x" x (1 << 20) while 1';
    const record = await run(shell('', { argv: ['/usr/bin/perl', '-e', hungry] }));
    expect(record.ending).toEqual({ kind: 'out-of-memory' });
  });

  it('stops a run that is aborted', async () => {
    const controller = new AbortController();
    const running = run(shell('sleep 1000'), controller.signal);
    setTimeout(() => controller.abort(), 100);
    expect((await running).ending).toEqual({ kind: 'aborted' });
  });

  it('says why a program could not be started', async () => {
    const { ending } = await run(shell('', { argv: ['/nothing/here'] }));
    expect(ending).toEqual({
      kind: 'failed',
      detail: 'exec: /nothing/here: No such file or directory',
    });
  });

  it('stops a file at its size limit', async () => {
    const script = 'head -c 2000000 /dev/zero > /tmp/big';
    const { ending } = await run(shell(script, limited({ fileBytesMax: 1 << 20 })));
    expect(ending).toEqual({ kind: 'signaled', code: 153, signal: 'SIGXFSZ' });
  });

  it('stops a process at its processor time', async () => {
    const { ending } = await run(shell('while :; do :; done', limited({ cpuSeconds: 1 })));
    expect(ending).toEqual({ kind: 'signaled', code: 152, signal: 'SIGXCPU' });
  });

  it('takes more runs than it has slots, and loses none', async () => {
    const runs = Array.from({ length: 6 }, (_, index) => run(shell(`echo ${index}`)));
    const outputs = (await Promise.all(runs)).map(({ stdout }) => text(stdout));
    expect(outputs).toEqual(['0\n', '1\n', '2\n', '3\n', '4\n', '5\n']);
  });
}

function keepsWorldsApart({ run, fresh, sandbox }: Given): void {
  it('shows mounts read-only, and nothing of an earlier run', async () => {
    const source = await fresh();
    await writeFile(join(source, 'file'), 'kept');
    await using staged = await sandbox().stage(source);
    const mounts = [{ source: staged.path, target: '/data' }];
    const first = await run(
      shell('cat /data/file; touch /tmp/left /dev/shm/left; echo x > /data/file', { mounts }),
    );
    expect(text(first.stdout)).toBe('kept');
    expect(text(first.stderr)).toContain('Read-only file system');
    for (let slot = 0; slot < 2; slot++) {
      const next = await run(shell('ls -A /tmp /dev/shm'));
      expect(text(next.stdout)).toBe('/dev/shm:\n\n/tmp:\n');
    }
    expect(await readFile(join(source, 'file'), 'utf8')).toBe('kept');
  });

  it('stages programs so that they run, and takes them away again', async () => {
    const source = join(await fresh(), 'program');
    await writeFile(source, '#!/bin/sh\necho staged\n', { mode: 0o600 });
    const staged = await sandbox().stage(source);
    const mounts = [{ source: staged.path, target: '/program' }];
    const record = await run(shell('', { argv: ['/program'], mounts }));
    expect([text(record.stdout), record.ending]).toEqual(['staged\n', { kind: 'exited', code: 0 }]);
    await staged[Symbol.asyncDispose]();
    await expect(stat(staged.path)).rejects.toThrow('ENOENT');
  });

  it('fixes addresses when asked, and lets them wander when not', async () => {
    const look = (fixedAddresses: boolean) =>
      run(shell('grep -c . /proc/self/maps; grep stack /proc/self/maps', { fixedAddresses }));
    const fixed = [await look(true), await look(true)].map(({ stdout }) => text(stdout));
    const loose = [await look(false), await look(false)].map(({ stdout }) => text(stdout));
    expect(fixed[0]).toBe(fixed[1]);
    expect(loose[0]).not.toBe(loose[1]);
  });
}

function collectsFiles({ run, fresh }: Given): void {
  it('collects regular files with their digests, and says what it left', async () => {
    const into = await fresh();
    const collect = { target: '/out', into, filesMax: 5, bytesMax: 1 << 20, depthMax: 3 };
    const script =
      'cd /out; mkdir -p a/b/c; echo hi > a/b/x; echo no > a/b/c/deep; ln -s /etc/passwd l';
    const record = await run(shell(script, { collect }));
    expect(record.collected).toEqual([
      {
        path: 'a/b/x',
        size: 3,
        sha256: '98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4',
      },
    ]);
    expect(record.skipped.toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
      { path: 'a/b/c', reason: 'too deep' },
      { path: 'l', reason: 'link' },
    ]);
    expect(await readFile(join(into, 'a/b/x'), 'utf8')).toBe('hi\n');
    expect((await stat(join(into, 'a/b/x'))).mode & 0o7777).toBe(0o600);
  });

  it('never writes over what is already there', async () => {
    const into = await fresh();
    await mkdir(join(into, 'a'));
    await writeFile(join(into, 'a/x'), 'ours');
    const collect = { target: '/out', into, filesMax: 5, bytesMax: 1 << 20, depthMax: 3 };
    const running = run(shell('mkdir /out/a; echo theirs > /out/a/x', { collect }));
    await expect(running).rejects.toThrow('EEXIST');
    expect(await readFile(join(into, 'a/x'), 'utf8')).toBe('ours');
    expect((await run(shell('echo on'))).ending).toEqual({ kind: 'exited', code: 0 });
  });
}

function recordsEvidence({ run, sandbox }: Given): void {
  it('proves from inside that there is no network and no privilege', async () => {
    const { evidence } = await run(shell(':'));
    expect(evidence.capabilities).toEqual(sandbox().capabilities);
    expect(evidence.network.denied).toBe(true);
    expect(evidence.network.interfaces).toEqual(['lo']);
    expect(evidence.network.attempts.map(({ what }) => what)).toEqual([
      'tcp 127.0.0.1:9',
      'tcp 192.0.2.1:9',
      'udp 192.0.2.1:53',
      'tcp [2001:db8::1]:9',
      'vsock 2:1024',
      'netlink route',
      'packet',
      'unix @breakwater-outside',
    ]);
    expect(evidence.status).toMatchObject({
      Seccomp: '2',
      NoNewPrivs: '1',
      CapEff: '0000000000000000',
    });
    expect(evidence.limits).toEqual(smallLimits);
    expect(evidence.seccompSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('keeps the evidence out of the reach of the target', async () => {
    const forge = 'for fd in 3 4 5 6 7 8 9; do echo "attempt\tforged\tyes" >&$fd; done; exit 0';
    const { evidence } = await run(shell('', { argv: ['/bin/bash', '-c', forge] }));
    expect(evidence.network.attempts.filter(({ what }) => what === 'forged')).toEqual([]);
  });
}

function refusesRequests({ run, sandbox }: Given): void {
  const table: [string, Partial<RunSpec>][] = [
    ['a NUL', { argv: ['/bin/echo', 'a\0b'] }],
    ['a relative directory', { cwd: 'tmp' }],
    ['a path that climbs', { mounts: [{ source: '/usr', target: '/a/../dev' }] }],
    ['a mount over our own places', { mounts: [{ source: '/etc', target: '/proc/sys' }] }],
    ['no time', limited({ wallMs: 0 })],
    ['half a byte', limited({ memoryBytes: 1e8 + 0.5 })],
  ];
  for (const [what, changed] of table) {
    it(`rejects a request with ${what}`, async () => {
      await expect(run(shell(':', changed))).rejects.toThrow(
        expect.objectContaining({ name: 'SandboxRequestError' }),
      );
    });
  }

  it('rejects an aborted request before it begins', async () => {
    const reason = new Error('no longer wanted');
    await expect(run(shell(':'), AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('says which part of a mount its user cannot read', async () => {
    const missing = { source: '/nothing/here', target: '/data' };
    await expect(run(shell(':', { mounts: [missing] }))).rejects.toThrow('/nothing');
    expect(sandbox().capabilities.tier).not.toBe('refuse');
  });
}
