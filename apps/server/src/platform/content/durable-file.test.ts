import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { writeDurably } from './durable-file.ts';

test('a file is there whole, with its mode, and nothing beside it', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'breakwater-durable-'));
  try {
    const file = path.join(root, 'deep/er/file');
    await writeDurably(file, utf8('first'));
    await writeDurably(file, utf8('second'), 0o644);
    expect(await readFile(file, 'utf8')).toBe('second');
    expect((await stat(file)).mode & 0o777).toBe(0o644);
    expect(await readdir(path.dirname(file))).toEqual(['file']);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

test('writers of one file at the same moment leave one of their texts, whole', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'breakwater-durable-'));
  try {
    const file = path.join(root, 'file');
    const texts = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000));
    await Promise.all(texts.map((text) => writeDurably(file, utf8(text))));
    expect(texts).toContain(await readFile(file, 'utf8'));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
