import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunRecord } from '../../apps/runner/src/sandbox/sandbox.ts';
import { Arena } from './arena.ts';

const arena = new Arena();

const byPath = ([a]: [string, string], [b]: [string, string]) => (a < b ? -1 : 1);

async function returned(script: string): Promise<{ record: RunRecord; into: string }> {
  const into = await arena.fresh();
  const collect = { target: '/out', into, filesMax: 20, bytesMax: 4 << 20, depthMax: 8 };
  const record = await arena.perl(`chdir '/out'; ${script}`, { collect, profile: 'build' });
  expect(record.ending).toEqual({ kind: 'exited', code: 0 });
  return { record, into };
}

/** An attack, then what is taken and what is skipped. */
const table: [what: string, script: string, taken: string[], skipped: [string, string][]][] = [
  ['a link to a file of the host', "symlink '/etc/passwd', 'l'", [], [['l', 'link']]],
  [
    'a link to a directory',
    "symlink '/', 'd'; symlink '..', 'up'",
    [],
    [
      ['d', 'link'],
      ['up', 'link'],
    ],
  ],
  ['a FIFO that would block its reader', "system 'mkfifo', 'f'", [], [['f', 'special file']]],
  ['a socket', "socket S, 1, 1, 0; bind S, pack 'Sa*', 1, 's'", [], [['s', 'special file']]],
  [
    'two names for one file',
    "open F, '>', 'a'; link 'a', 'b'",
    [],
    [
      ['a', 'hard link'],
      ['b', 'hard link'],
    ],
  ],
  [
    'a sparse file larger than the cap',
    "open F, '>', 's'; truncate F, 5 << 20",
    [],
    [['s', 'too many bytes']],
  ],
  [
    'a tree two hundred deep',
    "for (1 .. 200) { mkdir 'd'; chdir 'd' } open F, '>', 'bottom'",
    [],
    [['d/d/d/d/d/d/d/d', 'too deep']],
  ],
  [
    'a name with a newline, and one that is no UTF-8',
    String.raw`open F, '>', "a\nb"; open G, '>', "a\xff"; open H, '>', "a\x1b[2J"`,
    [],
    [
      [String.raw`a\nb`, 'control characters or bytes that are not UTF-8 in the name'],
      [String.raw`a\u001b[2J`, 'control characters or bytes that are not UTF-8 in the name'],
      ['a\ufffd', 'control characters or bytes that are not UTF-8 in the name'],
    ],
  ],
  [
    'a file without any permission',
    "open F, '>', 'x'; chmod 0, 'x'",
    [],
    [['x', 'Permission denied']],
  ],
  [
    'a directory without any permission',
    "mkdir 'd'; chmod 0, 'd'",
    [],
    [['d', 'Permission denied']],
  ],
];

for (const [what, script, taken, skipped] of table) {
  it(`does not take ${what}`, async () => {
    const { record, into } = await returned(script);
    expect(record.collected.map(({ path }) => path)).toEqual(taken);
    const left = record.skipped.map(({ path, reason }): [string, string] => [path, reason]);
    expect(left.toSorted(byPath)).toEqual(skipped.toSorted(byPath));
    expect(await readdir(into)).toEqual(taken);
  });
}

it('takes a set-user-id program as bytes, never with its mode', async () => {
  const { record, into } = await returned(
    "open F, '>', 'p'; print F 'x'; close F; chmod 06777, 'p'",
  );
  expect(record.collected.map(({ path }) => path)).toEqual(['p']);
  expect((await stat(join(into, 'p'))).mode & 0o7777).toBe(0o600);
});

it('cannot have its directory replaced by a link to another', async () => {
  const { record } = await returned(
    "rmdir '/out' or symlink '/etc', '/out'; rename '/out', '/tmp/o'",
  );
  expect(record.collected).toEqual([]);
});

it('cannot make devices or links to mounted files', async () => {
  const { record } = await returned(
    "system 'mknod dev c 1 3 2>&1'; print link('/usr/bin/perl', 'perl') ? 'linked' : $!",
  );
  expect(Buffer.from(record.stdout).toString().split('\n')).toEqual([
    'mknod: dev: Operation not permitted',
    'Invalid cross-device link',
  ]);
  expect(record.collected).toEqual([]);
});
