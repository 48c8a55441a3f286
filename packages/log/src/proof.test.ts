import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entryOf, grow, logOf } from '../test/memory-log.ts';
import { appendEntries, edgeRoot, emptyEdge, readEdge } from './edge.ts';
import { checkConsistency, checkInclusion, consistencyProof, inclusionProof } from './proof.ts';
import { tileReader } from './tile.ts';
import type { MemoryTree } from './tree.ts';
import { createMemoryTree, emptyRoot, leafHash, nodeHash, rootOf } from './tree.ts';

const leafAt = (index: number) => leafHash(entryOf(index));

function treeOf(size: number): MemoryTree {
  const tree = createMemoryTree();
  for (let i = 0; i < size; i += 1) tree.append(leafAt(i));
  return tree;
}

/** RFC 6962 §2.1 word for word: slow, and written without looking at the code it judges. */
function definition(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return emptyRoot;
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(definition(leaves.slice(0, split)), definition(leaves.slice(split)));
}

const size = fc.integer({ min: 1, max: 600 });

describe('RFC 6962', () => {
  test('frontier, memory tree and tiles all have the root of the definition', () => {
    fc.assert(
      fc.property(size, fc.nat(600), (count, cut) => {
        const entries = Array.from({ length: count }, (_, i) => entryOf(i));
        const leaves = entries.map(leafHash);
        const root = definition(leaves);
        expect(rootOf(leaves)).toEqual(root);
        expect(treeOf(count).root()).toEqual(root);
        const first = appendEntries(emptyEdge, entries.slice(0, cut));
        expect(edgeRoot(appendEntries(first.edge, entries.slice(cut)).edge)).toEqual(root);
      }),
      { numRuns: 25 },
    );
  });

  test('every inclusion proof holds, for its own leaf, index and size only', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), async (count, seed) => {
        const tree = treeOf(count);
        const index = seed % count;
        const made = await inclusionProof({ index, size: count, read: tree.read });
        if (!made.ok) throw new Error(made.refusal.got);
        const proof = made.value;
        const claim = { leaf: leafAt(index), index, size: count, proof, root: tree.root() };
        expect(checkInclusion(claim)).toBe(true);
        expect(checkInclusion({ ...claim, leaf: leafAt(index + 1) })).toBe(false);
        expect(checkInclusion({ ...claim, index: index + 1 })).toBe(false);
        expect(checkInclusion({ ...claim, proof: [...proof, emptyRoot] })).toBe(false);
        expect(checkInclusion({ ...claim, index: -1 })).toBe(false);
        expect(checkInclusion({ ...claim, size: Number.NaN })).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  test('every consistency proof holds, between its own two trees only', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), async (count, seed) => {
        const oldSize = 1 + (seed % count);
        const [old, tree] = [treeOf(oldSize), treeOf(count)];
        const made = await consistencyProof({ oldSize, size: count, read: tree.read });
        if (!made.ok) throw new Error(made.refusal.got);
        const [oldRoot, root, proof] = [old.root(), tree.root(), made.value];
        const claim = { oldSize, oldRoot, size: count, root, proof };
        expect(checkConsistency(claim)).toBe(true);
        expect(checkConsistency({ ...claim, oldRoot: emptyRoot })).toBe(false);
        expect(checkConsistency({ ...claim, root: emptyRoot })).toBe(false);
        expect(checkConsistency({ ...claim, proof: [...proof, emptyRoot] })).toBe(false);
        expect(checkConsistency({ ...claim, oldSize: count + 1 })).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  test('proofs read from tiles are those of the tree in memory', async () => {
    const count = 66_000;
    const [log, tree] = [await logOf(count), treeOf(count)];
    const read = tileReader(count, log.fetchFile);
    for (const index of [0, 255, 256, 65_535, 65_536, 65_999]) {
      const own = { index, size: count };
      expect(await inclusionProof({ ...own, read })).toEqual(
        await inclusionProof({ ...own, read: tree.read }),
      );
      const step = { oldSize: index + 1, size: count };
      expect(await consistencyProof({ ...step, read })).toEqual(
        await consistencyProof({ ...step, read: tree.read }),
      );
    }
  });

  test('what no tree has is not asked for', () => {
    const { read } = treeOf(3);
    expect(() => inclusionProof({ index: 3, size: 3, read })).toThrow(RangeError);
    expect(() => consistencyProof({ oldSize: 0, size: 3, read })).toThrow(RangeError);
    expect(() => consistencyProof({ oldSize: 4, size: 3, read })).toThrow(RangeError);
  });
});

describe('the edge', () => {
  test('read back from files it goes on as if the process had never ended', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(300), { minLength: 1, maxLength: 5 }), async (counts) => {
        const log = await logOf(0);
        for (const count of counts) {
          await grow(log, count);
          const { size: now } = log.edge;
          const back = await readEdge(now, edgeRoot(log.edge), log.fetchFile);
          if (!back.ok) throw new Error(back.refusal.got);
          const more = [entryOf(now), entryOf(now + 1)];
          expect(appendEntries(back.value, more).files).toEqual(
            appendEntries(log.edge, more).files,
          );
        }
      }),
      { numRuns: 25 },
    );
  });

  test('files that do not hash to the signed root are refused', async () => {
    const [log, other] = [await logOf(300), await logOf(300, 'b')];
    const read = await readEdge(300, edgeRoot(log.edge), other.fetchFile);
    expect(read).toMatchObject({ refusal: { code: 'tile-changed' } });
  });
});
