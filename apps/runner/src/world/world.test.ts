import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSandbox } from '../sandbox/bubblewrap.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { memoryBlobs } from './blobs.ts';
import { openWorld } from './open-world.ts';
import { scoreIn } from './score.ts';
import type { SeedFile, World, WorldOptions, WorldResult } from './world.ts';

let sandbox: Sandbox;
const opened: World[] = [];
beforeAll(async () => {
  sandbox = await openSandbox({ slots: 1 });
});
afterAll(async () => {
  await Promise.all(opened.map((world) => world.close()));
  await sandbox.close();
});

const bytes = (text: string) => Buffer.from(text);
const script = (text: string, files: readonly SeedFile[] = []) => ({ text: bytes(text), files });
const limits = { memoryBytes: 128 << 20, diskBytes: 16 << 20, processesMax: 24 };

async function* bytesOnce(text: string): AsyncGenerator<Uint8Array> {
  yield bytes(text);
}

function must<T>(result: WorldResult<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

async function open(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = must(await openWorld(sandbox, { name: 'test', limits, ...options }));
  opened.push(world);
  return world;
}

/** Runs a line of shell as the agent; what it printed, and its errors. */
async function sh(world: World, line: string, cwd = '/work'): Promise<string> {
  const argv = ['/bin/sh', '-c', line] as const;
  const command = { argv, cwd, wallMs: 20_000, outputBytes: 64 << 10 };
  const { stdout, stderr } = must(await world.exec(command));
  return Buffer.concat([stdout, stderr]).toString();
}

const code = <T>(result: WorldResult<T>) => (result.ok ? 'ok' : result.refusal.code);

describe('a world', () => {
  it('lives over turns, with its files and what runs in the background', async () => {
    const world = await open();
    const first = await sh(
      world,
      'echo one > a; (while :; do sleep 0.01; date +%N > beat; done) &',
    );
    expect(first).toBe('');
    const outcome = must(
      await world.exec({
        argv: ['sh', '-c', 'cat; cat a; echo "$X $PWD $HOME" >&2; kill -TERM $$'],
        stdin: bytes('in '),
        env: { X: 'x' },
        wallMs: 9000,
        outputBytes: 100,
      }),
    );
    expect(outcome).toMatchObject({
      exitCode: null,
      signal: 'SIGTERM',
      timedOut: false,
      stdoutTruncated: false,
    });
    expect(Buffer.from(outcome.stdout).toString()).toBe('in one\n');
    expect(Buffer.from(outcome.stderr).toString()).toBe('x /work /home/agent\n');
    const beats =
      'until [ -s beat ]; do :; done; cp beat old; until ! cmp -s beat old; do :; done; echo alive';
    expect(await sh(world, beats)).toBe('alive\n');
  });

  it('ends a command at its time, with its session, and goes on', async () => {
    const world = await open();
    const argv = ['/bin/sh', '-c', 'echo begun; sleep 1000 & sleep 1000'] as const;
    const outcome = must(await world.exec({ argv, wallMs: 200, outputBytes: 100 }));
    expect(outcome).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: true });
    expect(Buffer.from(outcome.stdout).toString()).toBe('begun\n');
    expect(await sh(world, 'pgrep sleep; echo $?')).toBe('1\n');
  });

  it('cuts each output by itself, and lets the command end', async () => {
    const world = await open();
    const argv = ['/bin/sh', '-c', 'head -c 300000 /dev/zero; echo end >&2; exit 4'] as const;
    const outcome = must(await world.exec({ argv, wallMs: 9000, outputBytes: 1000 }));
    expect(outcome).toMatchObject({ exitCode: 4, stdoutTruncated: true, stderrTruncated: false });
    expect([outcome.stdout.length, outcome.stderr.length]).toEqual([1000, 4]);
  });

  it('says why nothing was started, read or put', async () => {
    const world = await open();
    const run = (argv: [string, ...string[]], cwd = '/work') =>
      world.exec({ argv, cwd, wallMs: 900, outputBytes: 100 });
    expect(code(await run(['/nothing/here']))).toBe('cannot-start');
    expect(code(await run(['true'], '/nowhere'))).toBe('cannot-start');
    expect(code(await run(['']))).toBe('request-malformed');
    expect(code(await world.readFile('/work/none', 10))).toBe('no-such-file');
    expect(code(await world.readFile('/work', 10))).toBe('request-malformed');
    expect(code(await world.readFile('/etc/passwd', 10))).toBe('request-malformed');
    expect(code(await world.writeFile('/service/x', bytes('x')))).toBe('request-malformed');
    expect(code(await world.writeFile('/work/deep/er/f', bytes('text'), 0o755))).toBe('ok');
    expect(code(await world.readFile('/work/deep/er/f', 3))).toBe('too-large');
    expect(code(await world.readFile('/work/deep', 30))).toBe('not-a-plain-file');
    expect(must(await world.readFile('/work/deep/er/f', 4))).toEqual(bytes('text'));
    expect(await sh(world, 'stat -c %a deep/er/f; ls -A /work/deep/er')).toBe('755\nf\n');
    await world.close();
    expect(code(await world.readFile('/work/deep/er/f', 4))).toBe('world-ended');
    expect(world.ended).toEqual({ reason: 'closed', detail: '' });
  });

  it('answers what is under way when it is closed', async () => {
    const world = await open();
    const under = world.exec({ argv: ['/bin/sleep', '1000'], wallMs: 900_000, outputBytes: 9 });
    const waiting = world.readFile('/work/x', 9);
    await world.close();
    expect([code(await under), code(await waiting)]).toEqual(['world-ended', 'world-ended']);
  });

  it('ends as a whole for want of memory where no control group is ours, and says so', async () => {
    const plain = await openSandbox({ slots: 1, limitsBy: 'rlimits' });
    const world = must(await openWorld(plain, { name: 'test', limits }));
    expect(await sh(world, 'echo lives')).toBe('lives\n');
    const hungry = ['/usr/bin/perl', '-e', 'my @a; push @a, "x" x (1 << 20) while 1'] as const;
    expect(code(await world.exec({ argv: hungry, wallMs: 20_000, outputBytes: 9 }))).toBe(
      'world-ended',
    );
    expect(world.ended?.reason).toBe('out-of-memory');
    await plain.close();
  });

  it('cannot reach out, before, during and after', async () => {
    const world = await open();
    const evidence = must(await world.proveSealed());
    expect(evidence.attempts.filter(({ result }) => result.startsWith('reached'))).toEqual([]);
    expect(evidence).toMatchObject({
      interfaces: ['lo'],
      routes: [],
      heardOutside: 0,
      sealed: true,
    });
    expect(evidence.attempts.length).toBe(45);
  });
});

describe('keeping and restoring', () => {
  const make = `
    mkdir -p dir/shut ~/.config; printf kept > dir/file; chmod 640 dir/file; ln -s dir/file link
    ln dir/file again; printf s > dir/shut/secret; chmod 0 dir/shut/secret dir/shut; mkfifo pipe
    touch -d @1000000000.25 dir/file; printf '#!' > 'odd\\name'; printf 1 > "$(printf 'a\\nb\\377')"
    echo set > ~/.config/c; sleep 1000 & until pgrep -x sleep > /tmp/there; do :; done`;

  it('brings files back as they were, and tells what was lost', async () => {
    const world = await open();
    await sh(world, make);
    const store = memoryBlobs();
    const manifest = must(await world.keep(store));
    expect(manifest.skipped).toEqual([
      { path: '/work/pipe', reason: 'neither file, directory nor link' },
    ]);
    expect(manifest.background).toEqual([{ command: 'sleep 1000', of: 'agent' }]);
    const again = await open({
      restore: { manifest: JSON.parse(JSON.stringify(manifest)), store },
    });
    expect(again.lost).toEqual(manifest.background);
    const look =
      'chmod u+rx dir/shut; cd; find /work . -printf "%p %y %m %s %l\\n" | sort | cat -v; cat /work/again; stat -c %.2Y /work/dir/file; pgrep sleep';
    await sh(world, 'rm pipe; pkill sleep; true');
    expect(await sh(again, look)).toBe(await sh(world, look));
    const unchanged = must(await again.keep(store));
    expect({ ...unchanged, background: [] }).not.toEqual({
      ...manifest,
      skipped: [],
      background: [],
    });
    expect(unchanged.entries.filter(({ kind }) => kind !== 'directory')).toEqual(
      manifest.entries.filter(({ kind }) => kind !== 'directory'),
    );
  });

  it('keeps what the agent shut itself out of', async () => {
    const world = await open({ files: [{ path: '/work/d/f', bytes: bytes('f') }] });
    await sh(world, 'chmod 0 d/f d /work');
    const entries = must(await world.keep(memoryBlobs())).entries;
    expect(entries.map(({ path }) => path)).toEqual(['/work/d', '/work/d/f']);
    expect(await sh(world, 'stat -c %a /work', '/')).toBe('0\n');
  });

  it('refuses blobs and manifests that are not what was kept', async () => {
    const world = await open({ files: [{ path: '/work/a', bytes: bytes('a') }] });
    const store = memoryBlobs();
    const manifest = must(await world.keep(store));
    const other = { ...store, read: () => Promise.resolve(bytesOnce('b')) };
    const none = { ...store, read: () => Promise.resolve(null) };
    const climbing = {
      ...manifest,
      entries: [{ kind: 'link' as const, path: '/etc/x', target: 'x' }],
    };
    const lied = await openWorld(sandbox, {
      name: 't',
      limits,
      restore: { manifest, store: other },
    });
    const missing = await openWorld(sandbox, {
      name: 't',
      limits,
      restore: { manifest, store: none },
    });
    const odd = await openWorld(sandbox, {
      name: 't',
      limits,
      restore: { manifest: climbing, store },
    });
    expect([lied, missing, odd].map(code)).toEqual(Array(3).fill('kept-files-damaged'));
  });
});

const server = `
  use IO::Socket::INET;
  my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', LocalPort => 8000) or die;
  if (fork) { exit }
  open my $f, '<', '/service/flag'; my $flag = <$f>;
  while (my $c = $s->accept) { my $q = <$c>; print $c $q eq "please\\n" ? $flag : "no\\n"; close $c }`;
const services = script('perl server.pl', [
  { path: 'server.pl', bytes: bytes(server) },
  { path: 'flag', bytes: bytes('the flag') },
]);
const ask = `perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new("127.0.0.1:8000"); print $s "please\\n"; print <$s>'`;

describe('setup, services and scorers', () => {
  it('setup leaves what it made, and nothing of itself', async () => {
    const setup = script(
      'cat private > /work/made; echo hid > /service/h; sleep 1000 & touch /tmp/t',
      [{ path: 'private', bytes: bytes('from private') }],
    );
    const world = await open({ setup, files: [{ path: '/work/seed', bytes: bytes('s') }] });
    expect(await sh(world, 'cat made; ls -A /work /tmp; ls /setup 2>&1; pgrep sleep')).toBe(
      "from private/tmp:\n\n/work:\nmade\nseed\nls: cannot access '/setup': No such file or directory\n",
    );
    const failing = { name: 't', limits, setup: script('echo why >&2; exit 3') };
    const refused = await openWorld(sandbox, failing);
    expect(refused).toMatchObject({ refusal: { code: 'setup-failed', got: 'exit 3: why ' } });
  });

  it('services answer on the loopback, before and after a restore, and keep their secrets', async () => {
    const world = await open({ services });
    expect(world.evidence.servicesHidden).toBe(true);
    expect(await sh(world, ask)).toBe('the flag');
    expect(await sh(world, 'cat /service/* 2>&1 | sort -u')).toMatch(
      /^(cat: .* Permission denied\n)+$/,
    );
    const store = memoryBlobs();
    const manifest = must(await world.keep(store));
    expect(manifest.background.map(({ of }) => of)).toEqual(['services']);
    const again = await open({ services, restore: { manifest, store } });
    expect(again.lost).toEqual([]);
    expect(await sh(again, ask)).toBe('the flag');
  });

  it('services find the files they changed as they were, whatever the agent did to modes', async () => {
    const counting = script('echo more >> state; cp state /work/seen', [
      { path: 'state', bytes: bytes('first\n') },
    ]);
    const world = await open({ services: counting });
    expect(
      await sh(world, 'chmod 0 /service/state; truncate -s 0 /service/state; cat seen'),
    ).toMatch(/^first\nmore\ntruncate: .* Permission denied\n$/);
    const store = memoryBlobs();
    const manifest = must(await world.keep(store));
    const again = await open({ services: counting, restore: { manifest, store } });
    expect(await sh(again, 'cat seen')).toBe('first\nmore\nmore\n');
  });

  it('a scorer sees the kept files and the services, and its line is the score', async () => {
    const world = await open({ services });
    await sh(world, 'echo 42 > answer.txt');
    const store = memoryBlobs();
    const kept = { manifest: must(await world.keep(store)), store };
    const scorer = script(
      `echo seen; [ "$(cat /work/answer.txt)" = 42 ] && [ "$(cat answer)" = yes ] &&
       [ "$(${ask})" = "the flag" ] && echo '{"score": 0.5, "reason": "half"}' >&3`,
    );
    const request = { name: 't', limits, kept, scorer, services };
    const score = must(await scoreIn(sandbox, { ...request, answer: bytes('yes') }));
    expect(score).toMatchObject({ score: 0.5, reason: 'half' });
    expect(Buffer.from(score.stdout).toString()).toBe('seen\n');
    const said = async (text: string) =>
      code(await scoreIn(sandbox, { name: 't', limits, kept, scorer: script(text) }));
    expect(await said('true')).toBe('scorer-failed');
    expect(await said(`echo '{"score": 1}' >&3; echo '{"score": 1}' >&3`)).toBe('scorer-failed');
    expect(await said(`echo '{"score": 2}' >&3`)).toBe('scorer-failed');
    expect(await said(`echo '{"score": 1}'`)).toBe('scorer-failed');
    expect(await said(`echo '{"score": 1}' >&3; exit 9`)).toBe('ok');
  });
});
