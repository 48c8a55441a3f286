import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import {
  checkMembership,
  checkOpening,
  commitmentTo,
  openItem,
  proveMembership,
  readMembership,
  readOpening,
  readSealed,
  readSuite,
  sealSuite,
} from '../src/index.ts';
import { folderOf, suiteJson, webOne } from './memory-folder.ts';

const folder = path.join(import.meta.dirname, '../vectors');
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** Three items, so that the tree is uneven; salts that count, as nobody may use in earnest. */
async function made(): Promise<Readonly<Record<string, string>>> {
  const read = await readSuite(
    folderOf({
      'suite.json': JSON.stringify({ ...suiteJson, tasks: [...suiteJson.tasks, 'web-three'] }),
      'tasks/web-three/task.json': JSON.stringify({
        ...webOne,
        name: 'web-three',
        title: 'Drei – 三',
      }),
      'tasks/web-three/files/server.py': 'print("hello")\n',
      'tasks/web-three/services.sh': 'exit 0\n',
    }),
  );
  if (!read.ok) throw new Error(read.refusal.got);
  const salts = [0, 32, 64].map((from) => Uint8Array.from({ length: 32 }, (_, at) => from + at));
  const sealed = sealSuite(read.value.items, salts);
  const files = {
    sealed,
    commitment: commitmentTo(sealed),
    opening: await openItem(sealed, 1),
    membership: await proveMembership(commitmentTo(sealed), 2),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, value]) => [`${name}.json`, `${JSON.stringify(value)}\n`]),
  );
}

test('the vectors are what is made today, byte by byte', async () => {
  const files = await made();
  if (process.env['BREAKWATER_WRITE_VECTORS'] === '1') {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  }
  for (const [name, text] of Object.entries(files)) {
    expect(readFileSync(path.join(folder, name), 'utf8'), name).toBe(text);
  }
});

test.skipIf(!hasPython)('a foreign program takes the vectors, and none with a changed byte', () => {
  const program = path.join(import.meta.dirname, 'foreign-checker.py');
  const { stdout, stderr } = spawnSync('python3', ['-I', program, folder], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /^commitment \d+ bytes, changes taken: \[\]\nopening \d+ bytes, changes taken: \[\]\nmembership \d+ bytes, changes taken: \[\]\n$/,
  );
});

test('nor does ours take a changed byte of what proves', async () => {
  const files = await made();
  const sealed = readSealed(utf8(files['sealed.json'] ?? ''));
  if (!sealed.ok) throw new Error(sealed.refusal.got);
  const suite = commitmentTo(sealed.value);
  const opening = (text: string) => {
    const read = readOpening(utf8(text));
    return read.ok ? checkOpening(read.value, suite) : read;
  };
  const membership = (text: string) => {
    const read = readMembership(utf8(text));
    return read.ok ? checkMembership(read.value, suite) : read;
  };
  expect(takenOf(files['opening.json'] ?? '', opening)).toEqual([]);
  expect(takenOf(files['membership.json'] ?? '', membership)).toEqual([]);
});

/** Places whose character can be changed for its neighbour without a refusal. */
function takenOf(text: string, check: (text: string) => { readonly ok: boolean }): number[] {
  expect(check(text).ok).toBe(true);
  const places = Array.from({ length: text.trimEnd().length }, (_, at) => at);
  return places.filter((at) => {
    const other = String.fromCharCode(text.charCodeAt(at) ^ 1);
    return check(text.slice(0, at) + other + text.slice(at + 1)).ok;
  });
}
