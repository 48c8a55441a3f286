import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const nodePackage = `node-linux-${process.arch}`;
const entry =
  'console.log(JSON.stringify({ args: process.argv.slice(2), node: process.execPath }));';

/** Installs what the lock file names, as npm would, and notes that it ran. */
const npm = `#!/bin/sh
echo "$@" >> npm-ran
mkdir -p node_modules/${nodePackage}/bin
ln -sf ${process.execPath} node_modules/${nodePackage}/bin/node
cp package-lock.json node_modules/.package-lock.json
`;

test('the first run installs by the lock file, the second starts at once', async () => {
  const root = checkout({ npm });
  const first = await run(root, ['bench', 'log', '--short']);
  expect(first).toEqual({
    code: 0,
    out: `${JSON.stringify({ args: ['log', '--short'], node: process.execPath })}\n`,
    err: expect.stringMatching(/installing 1 packages from the lock file … done in \d+ s\n/),
  });
  const second = await run(root, ['bench']);
  expect(second.code).toBe(0);
  expect(second.err).not.toContain('installing');
  expect(npmRuns(root)).toBe(1);
});

test('two set-ups at once install once', async () => {
  const root = checkout({ npm: npm.replace('mkdir', 'sleep 0.3; mkdir') });
  const both = await Promise.all([run(root, ['bench']), run(root, ['bench'])]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(npmRuns(root)).toBe(1);
});

test('a lock file that changed is installed again', async () => {
  const root = checkout({ npm });
  await run(root, ['bench']);
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  lock.packages['node_modules/more'] = { version: '1.0.0', integrity: 'sha512-more' };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
  await run(root, ['bench']);
  expect(npmRuns(root)).toBe(2);
});

test('an install by hand that matches the lock file is taken as it is', async () => {
  const root = checkout({ npm });
  await run(root, ['bench']);
  rmSync(join(root, 'node_modules/.breakwater-stamp'));
  await run(root, ['bench']);
  expect(npmRuns(root)).toBe(1);
});

test('an install that fails is one plain sentence, and leaves no stamp', async () => {
  const root = checkout({ npm: '#!/bin/sh\necho "npm error network is down" >&2\nexit 1\n' });
  const { code, err } = await run(root, ['bench']);
  expect(code).toBe(1);
  expect(err.trim().split('\n').at(-1)).toBe(
    'breakwater: npm could not install the packages of package-lock.json; check the network and ' +
      'that this folder may be written, then try again (npm said: network is down)',
  );
  expect(existsSync(join(root, 'node_modules/.breakwater-stamp'))).toBe(false);
});

test('an unknown command names the known ones', async () => {
  const { code, err } = await run(checkout({ npm }), ['fly']);
  expect(code).toBe(1);
  expect(err).toMatch(/^breakwater: no command "fly"; expected one of: start, demo, check, /);
});

test('the exit code is the command’s own', async () => {
  const root = checkout({ npm, bench: 'process.exit(7);' });
  expect((await run(root, ['bench'])).code).toBe(7);
});

test('a signal reaches the command, which decides what it means', async () => {
  const bench = `process.on('SIGTERM', () => { console.log('told'); process.exit(3); });
    setInterval(() => {}, 1000); console.log('ready');`;
  const child = start(checkout({ npm, bench }), ['bench']);
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (out === 'ready\n') child.kill('SIGTERM');
  });
  const [code] = await once(child, 'close');
  expect({ code, out }).toEqual({ code: 3, out: 'ready\ntold\n' });
});

test('without root, what is missing from the system is one sentence and the command runs', async () => {
  const root = checkout({ npm });
  const { code, err } = await run(root, ['bench']);
  expect(code).toBe(0);
  expect(err).toMatch(/everything works but .*running proofs.*; to have that too, install /);
});

/** A checkout with only the bootstrap and one command, and a PATH with only what it starts. */
function checkout(parts: { npm: string; bench?: string }): string {
  const root = mkdtempSync(join(tmpdir(), 'breakwater-setup-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const names = [
    'run',
    'install',
    'launch',
    'lock',
    'packages',
    'progress',
    'server-command',
    'system',
  ];
  for (const name of names) {
    cpSync(join(import.meta.dirname, `${name}.mjs`), join(root, `tools/setup/${name}.mjs`));
  }
  put('bench/run.ts', parts.bench ?? entry);
  put('package.json', '{"type":"module"}');
  const locked = { version: '24.21.0', integrity: 'sha512-node' };
  put(
    'package-lock.json',
    JSON.stringify({ packages: { '': {}, [`node_modules/${nodePackage}`]: locked } }),
  );
  put('bin/npm', parts.npm);
  chmodSync(join(root, 'bin/npm'), 0o755);
  for (const name of ['sh', 'mkdir', 'ln', 'cp', 'sleep']) {
    symlinkSync(join('/bin', name), join(root, 'bin', name));
  }
  // Whoever runs this test as root must not see packages installed by it.
  put('bin/sudo', '#!/bin/sh\nexit 1\n');
  put('as-nobody.mjs', 'process.getuid = () => 65534;\n');
  return root;
}

function start(root: string, args: string[]) {
  const script = join(root, 'tools/setup/run.mjs');
  return spawn(process.execPath, ['--import', join(root, 'as-nobody.mjs'), script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: join(root, 'bin') },
  });
}

async function run(root: string, args: string[]) {
  const child = start(root, args);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

function npmRuns(root: string): number {
  return readFileSync(join(root, 'npm-ran'), 'utf8').trim().split('\n').length;
}
