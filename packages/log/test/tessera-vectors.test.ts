import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromUtf8 } from '@breakwater/kernel';
import { describe, expect, test } from 'vitest';
import type { SignedCheckpoint } from '../src/index.ts';
import {
  appendEntries,
  checkConsistency,
  checkLog,
  consistencyProof,
  edgeRoot,
  emptyEdge,
  openCheckpoint,
  parseVerifierKey,
  readEdge,
  readEntry,
  tileReader,
} from '../src/index.ts';
import { folderLog, ownVectors } from './vectors.ts';

const folder = join(ownVectors, 'tessera/log');
const fetchFile = folderLog(folder);
/** The published verifier key of Tessera's test log. */
const vkey = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';
const sizes = Array.from({ length: 16 }, (_, size) => size);

function noteAt(size: number): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, `checkpoint.${size}`)));
}

function checkpointAt(size: number): SignedCheckpoint {
  const key = parseVerifierKey(vkey);
  if (!key.ok) throw new Error('the key does not parse');
  const checkpoint = openCheckpoint(noteAt(size), [key.value]);
  if (!checkpoint.ok) throw new Error(checkpoint.refusal.got);
  return checkpoint.value;
}

async function entries(): Promise<Uint8Array[]> {
  const { size, root } = checkpointAt(15);
  const edge = await readEdge(size, root, fetchFile);
  if (!edge.ok) throw new Error(edge.refusal.got);
  return [...edge.value.entries];
}

describe('the Tessera log', () => {
  test.each(sizes)('size %i: our tiles and root are the published ones', async (size) => {
    const { edge, files } = appendEntries(emptyEdge, (await entries()).slice(0, size));
    expect(edgeRoot(edge)).toEqual(checkpointAt(size).root);
    for (const { path, bytes } of files) expect(bytes).toEqual(await fetchFile(path));
    expect(files.map(({ path }) => path)).toEqual(
      size === 0 ? [] : [`tile/entries/000.p/${size}`, `tile/0/000.p/${size}`],
    );
  });

  test('every entry is read and proven', async () => {
    const words: string[] = [];
    for (let index = 0; index < 15; index += 1) {
      const read = await readEntry(index, checkpointAt(15), fetchFile);
      if (read.ok) words.push(fromUtf8(read.value.entry));
    }
    expect(words).toEqual((await entries()).map(fromUtf8));
    expect(words.slice(0, 3)).toEqual(['one', 'two', 'three']);
  });

  test.each(sizes.slice(1))('size %i is proven a prefix of size 15', async (oldSize) => {
    const proof = await consistencyProof({ oldSize, size: 15, read: tileReader(15, fetchFile) });
    if (!proof.ok) throw new Error(proof.refusal.got);
    const [old, now] = [checkpointAt(oldSize), checkpointAt(15)];
    const claim = { oldSize, oldRoot: old.root, size: 15, root: now.root, proof: proof.value };
    expect(checkConsistency(claim)).toBe(true);
    expect(checkConsistency({ ...claim, oldRoot: now.root })).toBe(oldSize === 15);
  });

  test.each(sizes)('the whole log checks since size %i', async (size) => {
    const report = await checkLog({ fetchFile, vkeys: [vkey], since: noteAt(size) });
    expect(report.findings).toEqual([]);
    expect(report.entriesProven).toBe(15);
  });
});
