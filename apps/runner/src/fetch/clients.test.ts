import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const asked: string[][] = [];
vi.mock('./tool.ts', () => ({
  runTool: async (command: string[], { cwd, env }: { cwd: string; env?: object }) => {
    asked.push([...command, ...Object.entries(env ?? {}).map((pair) => pair.join('='))]);
    const dest = command[command.indexOf('--dest') + 1];
    if (command.includes('pip')) await writeFile(join(dest ?? cwd, 'm-1-py3-none-any.whl'), 'zip');
    if (command[1] === 'env')
      return { ok: true, stdout: 'https://a.org|https://b.org,direct\n', problem: '' };
    return { ok: true, stdout: JSON.stringify({ Zip: join(cwd, 'v1.0.0.zip') }), problem: '' };
  },
}));
const { downloadWheel } = await import('./pypi.ts');
const { downloadGoModule } = await import('./go-module.ts');

let folder: string;
beforeEach(async () => {
  asked.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'clients-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const sha256 = 'a'.repeat(64);
const wheel = (file: string) =>
  ({ kind: 'pypi', package: 'm', version: '1', file, sha256 }) as const;

test('pip brings a wheel without running anything of it', async () => {
  const download = await downloadWheel(wheel('m-1-py3-none-any.whl'), folder);
  if ('problem' in download) throw new Error(download.problem);
  expect(await readFile(download.file, 'utf8')).toBe('zip');
  expect(asked).toEqual([
    [
      ...['/usr/bin/python3', '-m', 'pip', 'download', '--no-deps', '--only-binary', ':all:'],
      ...['--no-cache-dir', '--no-input', '--ignore-requires-python', '--quiet'],
      ...['--dest', folder, 'm==1'],
    ],
  ]);
});

test('a wheel for one machine is chosen by what its name says', async () => {
  const download = await downloadWheel(wheel('m-1-cp311-cp311-linux_x86_64.whl'), folder);
  expect(download).toEqual({
    problem: 'pip download m==1: no m-1-cp311-cp311-linux_x86_64.whl came',
  });
  const choice = ['--python-version', '311', '--implementation', 'cp', '--abi', 'cp311'];
  expect(asked[0]?.join(' ')).toContain([...choice, '--platform', 'linux_x86_64'].join(' '));
});

test('go brings a module from its proxies alone into a place of its own, and no toolchain', async () => {
  const module = { kind: 'go', module: 'example.org/m', version: 'v1.0.0', sha256 } as const;
  const download = await downloadGoModule(module, folder);
  if ('problem' in download) return expect(download.problem).toContain('go is missing');
  expect(download.file).toBe(join(folder, 'go/v1.0.0.zip'));
  expect(asked).toEqual([
    ['/usr/bin/go', 'env', 'GOPROXY'],
    [
      ...['/usr/bin/go', 'mod', 'download', '-json', 'example.org/m@v1.0.0'],
      ...[`GOPATH=${join(folder, 'go')}`, 'GOFLAGS=-modcacherw', 'GOTOOLCHAIN=local'],
      ...['GO111MODULE=on', 'GOSUMDB=off', 'GOPROXY=https://a.org|https://b.org,off'],
      ...['GONOPROXY=none', 'GOVCS=*:off'],
    ],
  ]);
});
