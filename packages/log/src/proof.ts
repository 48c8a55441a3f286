import type { Result } from '@breakwater/kernel';
import { ok } from '@breakwater/kernel';
import type { HashReader, ReadCode } from './tree.ts';
import { equalBytes, foldSubtrees, hashBytes, nodeHash, subtreesOf } from './tree.ts';

/** Hashes of a proof in the order of RFC 6962 §2.1: from the leaf's side to the root's. */
export type Proof = readonly Uint8Array[];

/** More hashes than a proof in any tree of a safe-integer size can have. */
export const proofHashesMax = 64;

type Range = readonly [start: number, end: number];

/**
 * The audit path of leaf `index` in the tree of `size` leaves (RFC 6962 §2.1.1).
 * Throws RangeError unless 0 <= index < size; refuses what `read` refuses.
 */
export function inclusionProof(input: {
  readonly index: number;
  readonly size: number;
  readonly read: HashReader;
}): Promise<Result<Proof, ReadCode>> {
  const { index, size, read } = input;
  if (!isSize(size) || !isSize(index) || index >= size) {
    throw new RangeError(`expected a leaf index below the size ${size}, got ${index}`);
  }
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.push([middle, end]);
      end = middle;
    } else {
      ranges.push([start, middle]);
      start = middle;
    }
  }
  return readRanges(ranges.reverse(), read);
}

/**
 * The proof that the tree of `oldSize` leaves is a prefix of the tree of `size` leaves
 * (RFC 6962 §2.1.2). Throws RangeError unless 0 < oldSize <= size; refuses what `read` refuses.
 */
export function consistencyProof(input: {
  readonly oldSize: number;
  readonly size: number;
  readonly read: HashReader;
}): Promise<Result<Proof, ReadCode>> {
  const { oldSize, size, read } = input;
  if (!isSize(size) || !isSize(oldSize) || oldSize === 0 || oldSize > size) {
    throw new RangeError(`expected an old size from 1 to ${size}, got ${oldSize}`);
  }
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (oldSize !== end) {
    const middle = start + splitOf(end - start);
    if (oldSize <= middle) {
      ranges.push([middle, end]);
      end = middle;
    } else {
      ranges.push([start, middle]);
      start = middle;
    }
  }
  // While nothing lies to its left, the old tree's root is what the verifier already holds.
  if (start !== 0) ranges.push([start, end]);
  return readRanges(ranges.reverse(), read);
}

/** Whether `proof` shows that `leaf` (a leaf hash) is number `index` under `root` (RFC 9162 §2.1.3.2). */
export function checkInclusion(claim: {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: Proof;
  readonly root: Uint8Array;
}): boolean {
  const { leaf, index, size, proof, root } = claim;
  if (!isSize(size) || !isSize(index) || index >= size) return false;
  if (!isProof(proof) || !isHash(leaf) || !isHash(root)) return false;
  const walk = startWalk(index, size - 1);
  let hash = leaf;
  for (const sibling of proof) {
    if (walk.last === 0) return false;
    hash = climb(walk) === 'left' ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  }
  return walk.last === 0 && equalBytes(hash, root);
}

/**
 * Whether `proof` shows that the tree (oldSize, oldRoot) is a prefix of the tree (size, root)
 * (RFC 9162 §2.1.4.2). Never true of an empty old tree beside a larger one: every tree extends
 * it, so that there is nothing to prove.
 */
export function checkConsistency(claim: {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: Proof;
}): boolean {
  const { oldSize, oldRoot, size, root, proof } = claim;
  if (!isSize(size) || !isSize(oldSize) || oldSize > size) return false;
  if (!isProof(proof) || !isHash(oldRoot) || !isHash(root)) return false;
  if (oldSize === size) return proof.length === 0 && equalBytes(oldRoot, root);
  if (oldSize === 0 || proof.length === 0) return false;
  const walk = startWalk(oldSize - 1, size - 1);
  while (walk.at % 2 === 1) shift(walk);
  // A perfect old tree is itself the first node, so the proof leaves it out.
  const [first, ...rest] = walk.at === 0 ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;
  let [oldHash, hash] = [first, first];
  for (const sibling of rest) {
    if (walk.last === 0) return false;
    if (climb(walk) === 'left') {
      oldHash = nodeHash(sibling, oldHash);
      hash = nodeHash(sibling, hash);
    } else {
      hash = nodeHash(hash, sibling);
    }
  }
  return walk.last === 0 && equalBytes(oldHash, oldRoot) && equalBytes(hash, root);
}

/** A climb from a node to the root: `at` is its number in the level, `last` the level's last. */
interface Walk {
  at: number;
  last: number;
}

function startWalk(at: number, last: number): Walk {
  return { at, last };
}

// Halving by arithmetic: bit operators cut numbers to 32 bits, and sizes go to 2**53.
function shift(walk: Walk): void {
  walk.at = Math.floor(walk.at / 2);
  walk.last = Math.floor(walk.last / 2);
}

/** Goes up past the next sibling of the proof and says on which side that sibling stands. */
function climb(walk: Walk): 'left' | 'right' {
  const side = walk.at % 2 === 1 || walk.at === walk.last ? 'left' : 'right';
  // The last node of an odd level has no sibling there: it rises until it gets one.
  if (side === 'left') while (walk.at % 2 === 0 && walk.at !== 0) shift(walk);
  shift(walk);
  return side;
}

/** The largest power of two below `count` (k of RFC 6962 §2.1); count > 1. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

async function readRanges(
  ranges: readonly Range[],
  read: HashReader,
): Promise<Result<Proof, ReadCode>> {
  const groups = ranges.map(([start, end]) => subtreesOf(start, end));
  const hashes = await read(groups.flat());
  if (!hashes.ok) return hashes;
  let at = 0;
  const proof = groups.map((group) => {
    at += group.length;
    return foldSubtrees(hashes.value.slice(at - group.length, at));
  });
  return ok(proof);
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isHash(value: Uint8Array): boolean {
  return value.length === hashBytes;
}

function isProof(proof: Proof): boolean {
  return proof.length <= proofHashesMax && proof.every(isHash);
}
