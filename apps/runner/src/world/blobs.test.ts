import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type BlobStore, memoryBlobs, openBlobs } from './blobs.ts';

async function put(store: BlobStore, ...parts: string[]): Promise<string> {
  const writer = await store.write();
  for (const part of parts) await writer.add(Buffer.from(part));
  return writer.finish();
}

async function textOf(store: BlobStore, sha256: string): Promise<string | null> {
  const bytes = await store.read(sha256);
  if (bytes === null) return null;
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString();
}

it('many blobs are put at once, and are there when they are synced', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'breakwater-blobs-'));
  const store = await openBlobs(directory);
  const names = Array.from({ length: 20 }, (_, at) => `blob ${at % 15}`);
  const digests = await Promise.all(
    names.map(async (text) => {
      const writer = await store.write({ durable: false });
      await writer.add(Buffer.from(text));
      return writer.finish();
    }),
  );
  await Promise.all([store.sync(), store.sync()]);
  const again = await openBlobs(directory);
  expect(await Promise.all(digests.map((digest) => textOf(again, digest)))).toEqual(names);
  await rm(directory, { recursive: true });
});

it('both stores give back by digest what was put, once', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'breakwater-blobs-'));
  for (const store of [await openBlobs(directory), memoryBlobs()]) {
    const sha256 = createHash('sha256').update('one two').digest('hex');
    expect(await store.has(sha256)).toBe(false);
    expect(await put(store, 'one ', 'two')).toBe(sha256);
    expect(await put(store, 'one two')).toBe(sha256);
    expect([await store.has(sha256), await textOf(store, sha256)]).toEqual([true, 'one two']);
    expect(await textOf(store, await put(store))).toBe('');
    const dropped = await store.write();
    await dropped.add(Buffer.from('never'));
    await dropped.abandon();
    expect(await store.read('0'.repeat(64))).toBeNull();
    expect([await store.has('../secret'), await store.read('../secret')]).toEqual([false, null]);
  }
  const left = await readdir(directory, { recursive: true });
  expect(left.filter((name) => name.includes('writing'))).toEqual([]);
  expect(left.length).toBe(4);
  await rm(directory, { recursive: true });
});
