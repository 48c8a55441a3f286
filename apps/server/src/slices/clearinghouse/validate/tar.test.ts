import { execFile } from 'node:child_process';
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

test.each(['/etc/passwd', '../up', 'a/../../b', 'x'.repeat(101)])('%s stays outside', (name) => {
  expect(() => tarOf([{ name, bytes: new Uint8Array() }])).toThrow(RangeError);
});
