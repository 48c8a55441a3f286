import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId } from '../clock/clock.ts';
import { type KeyStore, openKeyStore } from './key-store.ts';

let directory: string;
let keys: KeyStore;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'breakwater-keys-'));
  keys = await openKeyStore(directory);
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

async function fileOf(name: string): Promise<string> {
  const found = (await readdir(directory, { recursive: true })).find(
    (file) => path.basename(file) === name,
  );
  if (found === undefined) throw new Error(`no file ${name}`);
  return path.join(directory, found);
}

test('a key is made once, found again by whoever opens the store, and different for each item', async () => {
  const [a, b] = [newId('content'), newId('content')];
  const made = await keys.make(a);
  expect(made).toHaveLength(32);
  expect(await keys.make(b)).not.toEqual(made);
  expect(await (await openKeyStore(directory)).find(a)).toEqual(made);
});

test('a destroyed key is gone for good', async () => {
  const item = newId('content');
  await keys.make(item);
  expect(await keys.destroy(item)).toBe(true);
  expect(await keys.find(item)).toBeNull();
  expect(await keys.destroy(item)).toBe(false);
});

test('the bytes of a destroyed key are overwritten before the file goes', async () => {
  const item = newId('content');
  const made = await keys.make(item);
  const { open } = await import('node:fs/promises');
  const held = await open(await fileOf(item), 'r');
  await keys.destroy(item);
  const left = await held.readFile();
  await held.close();
  expect(left).toHaveLength(32);
  expect(new Uint8Array(left)).not.toEqual(made);
  // Nor does it pass for a key to whoever reads it before the file is gone.
  const other = newId('content');
  await keys.make(other);
  await writeFile(await fileOf(other), left);
  expect(await keys.find(other)).toBeNull();
});

test('a key file of another length is named as damaged, not used', async () => {
  const item = newId('content');
  await keys.make(item);
  await writeFile(await fileOf(item), 'short');
  await expect(keys.find(item)).rejects.toThrow(`key file of ${item} has 5 bytes, expected 32`);
});

test('the secret of the index stays the same, and its file is for its owner alone', async () => {
  const secret = await keys.indexSecret();
  expect(await (await openKeyStore(directory)).indexSecret()).toEqual(secret);
  const file = await fileOf('index-secret');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(new Uint8Array(await readFile(file))).toEqual(secret);
});
