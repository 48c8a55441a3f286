import { concatBytes, sha256, utf8 } from '@breakwater/kernel';
import type { Proof } from './proof.ts';
import { inclusionProof } from './proof.ts';
import { createMemoryTree, hashBytes, leafHash, rootOf } from './tree.ts';

/** The act by which the root of an interval is entered in the log. */
export const intervalAct = 'gateway.interval-closed';

/** Places of every interval, taken or not: its tree tells nobody how many others there are. */
export const intervalPlaces = 1024;

/** Requests of one place at most; a party with more takes several. */
export const groupMax = 4096;

const padding = utf8('breakwater gateway padding v1\n');

/** One taken place: the requests of one party at one developer. */
export interface Group {
  readonly size: number;
  /** RFC 6962 §2.1 over their commitments, in order. */
  readonly root: Uint8Array;
}

/** The leaf hash of a taken place: of the group's root and, in eight bytes, its size. */
export function placeLeaf({ size, root }: Group): Uint8Array {
  const sized = new Uint8Array(hashBytes + 8);
  sized.set(root);
  new DataView(sized.buffer).setBigUint64(hashBytes, BigInt(size));
  return leafHash(sized);
}

/**
 * The leaf hashes of an interval: of its groups by their places, and between them ones that nobody
 * can tell from those without `seed` (32 secret random bytes). Throws RangeError on a place that
 * there is not.
 */
export function intervalLeaves(
  groups: ReadonlyMap<number, Group>,
  seed: Uint8Array,
): readonly Uint8Array[] {
  for (const place of groups.keys()) {
    if (!(place >= 0 && place < intervalPlaces)) throw new RangeError(`no place ${place}`);
  }
  return Array.from({ length: intervalPlaces }, (_, place) => {
    const group = groups.get(place);
    const number = new Uint8Array([place >> 8, place & 255]);
    return group === undefined ? sha256(concatBytes(padding, seed, number)) : placeLeaf(group);
  });
}

/** The root of a group, of the commitments of its requests in order. */
export function groupRoot(commitments: readonly Uint8Array[]): Uint8Array {
  return rootOf(commitments.map(leafHash));
}

/** The audit path of leaf `index` among `leaves` (leaf hashes), all in memory. */
export async function pathAmong(leaves: readonly Uint8Array[], index: number): Promise<Proof> {
  const tree = createMemoryTree();
  for (const leaf of leaves) tree.append(leaf);
  const proof = await inclusionProof({ index, size: leaves.length, read: tree.read });
  if (!proof.ok) throw new Error('a tree in memory that lacks a hash');
  return proof.value;
}
