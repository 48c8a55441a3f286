import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { tarOf } from './tar.ts';

test('VAL-8 another program unpacks the archive as it was packed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-tar-'));
  const big = new Uint8Array(1_537).fill(7);
  const files = [
    { name: 'README.txt', bytes: utf8('hello\n') },
    { name: 'recipes/cjson/seeds/empty', bytes: new Uint8Array() },
    { name: 'proofs/1.bin', bytes: big },
    { name: 'proofs/2.bin', bytes: big.subarray(0, 512) },
  ];
  await writeFile(path.join(folder, 'all.tar'), tarOf(files));
  await promisify(execFile)('tar', ['-xf', 'all.tar'], { cwd: folder });
  for (const { name, bytes } of files) {
    expect(new Uint8Array(await readFile(path.join(folder, name)))).toEqual(new Uint8Array(bytes));
  }
  await rm(folder, { recursive: true });
});

test.each(['/etc/passwd', '../up', 'a/../../b', 'x'.repeat(1_001)])('%s stays outside', (name) => {
  expect(() => tarOf([{ name, bytes: new Uint8Array() }])).toThrow(RangeError);
});

test('VAL-8 names of every length a recipe may have come out as they are', () => {
  const names = [1, 91, 92, 93, 200, 264, 900].map((n) => `recipes/${'a'.repeat(n)}`);
  const tar = tarOf(names.map((name) => ({ name, bytes: utf8(name) })));
  const listed = execFileSync('tar', ['-tf', '-'], { input: tar, encoding: 'utf8' });
  expect(listed.trimEnd().split('\n')).toEqual(names);
  const last = names.at(-1) ?? '';
  const content = execFileSync('tar', ['-xOf', '-', last], { input: tar, encoding: 'utf8' });
  expect(content).toBe(last);
});
