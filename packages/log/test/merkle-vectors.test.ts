import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBase64 } from '@breakwater/kernel';
import { describe, expect, test } from 'vitest';
import { checkConsistency, checkInclusion } from '../src/index.ts';
import { filesUnder, ownVectors, sharedConformance } from './vectors.ts';

interface Vector {
  readonly leafIdx: number;
  readonly leafHash: string;
  readonly treeSize: number;
  readonly start: number;
  readonly end: number;
  readonly root: string;
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

const hash = (text: string) => fromBase64(text) ?? new Uint8Array();

/** Which kinds run; subtree consistency is a proof Breakwater neither makes nor needs. */
const kinds: Record<string, ((vector: Vector) => boolean) | 'not implemented'> = {
  inclusion: (v) =>
    checkInclusion({
      leaf: hash(v.leafHash),
      index: v.leafIdx,
      size: v.treeSize,
      proof: (v.proof ?? []).map(hash),
      root: hash(v.root),
    }),
  consistency: (v) =>
    checkConsistency({
      oldSize: v.size1,
      oldRoot: hash(v.root1),
      size: v.size2,
      root: hash(v.root2),
      proof: (v.proof ?? []).map(hash),
    }),
  // An aligned subtree is a tree of its own: the same check with the numbers moved.
  subtreeinclusion: (v) =>
    isSubtree(v) &&
    checkInclusion({
      leaf: hash(v.leafHash),
      index: v.leafIdx - v.start,
      size: v.end - v.start,
      proof: (v.proof ?? []).map(hash),
      root: hash(v.root),
    }),
  subtreeconsistency: 'not implemented',
};

function isSubtree({ start, end }: Vector): boolean {
  let width = 1;
  while (width < end - start) width *= 2;
  return start < end && start % width === 0;
}

const shared = sharedConformance();
const sets = [
  { name: 'selection', folder: join(ownVectors, 'merkle/testdata') },
  { name: 'whole set', folder: shared === null ? null : join(shared, 'merkle/testdata') },
];

describe.each(sets)('transparency-dev/merkle proofs: $name', ({ folder }) => {
  if (folder === null) {
    test.skip('BREAKWATER_DATA names no folder with conformance/merkle', () => undefined);
    return;
  }
  const files = filesUnder(folder).filter((file) => file.endsWith('.json'));
  for (const file of files) {
    const check = kinds[file.split('/')[0] ?? ''];
    if (check === 'not implemented') continue;
    test(file, () => {
      if (check === undefined) throw new Error(`a kind of vector nobody knows: ${file}`);
      // The set is fixed by its commit; a missing field would fail the check it belongs to.
      const vector = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Vector;
      expect(check(vector)).toBe(!vector.wantErr);
    });
  }
});
