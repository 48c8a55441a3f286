import type { Result } from '@breakwater/kernel';
import { sha256, utf8 } from '@breakwater/kernel';

/** Bytes in a SHA-256 hash. */
export const hashBytes = 32;

const leafPrefix = 0x00;
const nodePrefix = 0x01;
// One buffer for every inner node: hashing is synchronous, and allocating 65 bytes per node
// costs a tenth of the time of the hash itself.
const nodeInput = new Uint8Array(1 + 2 * hashBytes).fill(nodePrefix, 0, 1);

/** The root of the tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
export const emptyRoot: Uint8Array = sha256(utf8(''));

/** The leaf hash of an entry: SHA-256(0x00 || entry) (RFC 6962 §2.1). */
export function leafHash(entry: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + entry.length);
  input[0] = leafPrefix;
  input.set(entry, 1);
  return sha256(input);
}

/** The hash of an inner node: SHA-256(0x01 || left || right) (RFC 6962 §2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashBytes);
  return sha256(nodeInput);
}

/** Whether two public byte strings are the same (not constant time: nothing here is secret). */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * The least that must be remembered of a tree to append to it: the roots of the perfect
 * subtrees it is made of, largest first; one for each bit set in `size`.
 */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

/** The frontier of the tree without leaves. */
export const emptyFrontier: Frontier = { size: 0, hashes: [] };

/** The frontier after `leaves` (leaf hashes, in order). Costs one node hash per leaf, amortized. */
export function extendFrontier(frontier: Frontier, leaves: Iterable<Uint8Array>): Frontier {
  const hashes = [...frontier.hashes];
  let size = frontier.size;
  for (const leaf of leaves) {
    let merged = leaf;
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = hashes.pop();
      if (left === undefined) throw new RangeError(`frontier of size ${size} lacks a hash`);
      merged = nodeHash(left, merged);
    }
    hashes.push(merged);
    size += 1;
  }
  return { size, hashes };
}

/** The root over perfect subtrees given left to right, largest first (RFC 6962 §2.1). */
export function foldSubtrees(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.length === 0
    ? emptyRoot
    : hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** The root of the tree whose leaf hashes are `leaves`: MTH of RFC 6962 §2.1. */
export function rootOf(leaves: Iterable<Uint8Array>): Uint8Array {
  return foldSubtrees(extendFrontier(emptyFrontier, leaves).hashes);
}

/** A perfect subtree: the leaves from `index * 2**level` up to `(index + 1) * 2**level`. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** The perfect subtrees that make up the leaves [start, end), left to right. */
export function subtreesOf(start: number, end: number): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let at = start; at < end; ) {
    let level = 0;
    let width = 1;
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      level += 1;
      width *= 2;
    }
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

/** Why a hash could not be read. */
export type ReadCode = 'tile-missing' | 'malformed';

/**
 * Reads hashes of perfect subtrees, in the order asked. What it returns is not yet trusted:
 * the proof made of it is, once it has been checked against a signed root.
 */
export type HashReader = (
  nodes: readonly TreeNode[],
) => Promise<Result<readonly Uint8Array[], ReadCode>>;

/** A whole tree in memory, every node kept: for tests, benchmarks and small logs. */
export interface MemoryTree {
  readonly size: () => number;
  readonly root: () => Uint8Array;
  readonly append: (leaf: Uint8Array) => void;
  readonly read: HashReader;
}

/** An empty {@link MemoryTree}; `append` takes a leaf hash and costs one node hash, amortized. */
export function createMemoryTree(): MemoryTree {
  const levels: Uint8Array[][] = [[]];
  const size = () => levels[0]?.length ?? 0;
  const at = ({ level, index }: TreeNode): Uint8Array => {
    const hash = levels[level]?.[index];
    if (hash === undefined) throw new RangeError(`no subtree ${level}/${index} in size ${size()}`);
    return hash;
  };
  const append = (leaf: Uint8Array) => {
    let hash = leaf;
    for (let level = 0; ; level += 1) {
      const row = levels[level] ?? [];
      levels[level] = row;
      const left = row.at(-1);
      row.push(hash);
      if (left === undefined || row.length % 2 === 1) return;
      hash = nodeHash(left, hash);
    }
  };
  return {
    size,
    append,
    root: () => foldSubtrees(subtreesOf(0, size()).map(at)),
    read: (nodes) => Promise.resolve({ ok: true, value: nodes.map(at) }),
  };
}
