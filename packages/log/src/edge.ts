import type { Result } from '@breakwater/kernel';
import { ok, refuse } from '@breakwater/kernel';
import type { FetchFile } from './tile.ts';
import {
  fetchBundle,
  fetchTile,
  formatBundle,
  formatTile,
  levelCount,
  tileAt,
  tilePath,
  tileWidth,
} from './tile.ts';
import type { ReadCode } from './tree.ts';
import {
  emptyFrontier,
  equalBytes,
  extendFrontier,
  foldSubtrees,
  leafHash,
  rootOf,
} from './tree.ts';

/**
 * The right edge of a log: what its partial tiles hold. It is all that appending needs, stays
 * under 256 hashes a level whatever the size, and is read back from the files themselves.
 */
export interface Edge {
  readonly size: number;
  /** By level: the hashes of its partial tile, 0 to 255 of them. */
  readonly levels: readonly (readonly Uint8Array[])[];
  /** The entries of the partial bundle, 0 to 255 of them. */
  readonly entries: readonly Uint8Array[];
}

/** The edge of an empty log. */
export const emptyEdge: Edge = { size: 0, levels: [], entries: [] };

/** A file of a log to be written: never changed once a checkpoint covers it. */
export interface TileFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Appends `entries` (each up to 65,535 bytes) and says which files that makes: every tile and
 * bundle that became full, and the partial ones of the new size. Write and flush them all before
 * the checkpoint of the new size is signed. Costs two hashes an entry, whatever the log's size.
 */
export function appendEntries(
  edge: Edge,
  entries: readonly Uint8Array[],
): { readonly edge: Edge; readonly files: readonly TileFile[] } {
  const files: TileFile[] = [];
  const levels = edge.levels.map((hashes) => [...hashes]);
  const changed = new Set<number>();
  let bundle = [...edge.entries];
  let size = edge.size;

  const push = (level: number, hash: Uint8Array) => {
    const hashes = levels[level] ?? [];
    levels[level] = hashes;
    hashes.push(hash);
    changed.add(level);
    if (hashes.length < tileWidth) return;
    const index = levelCount(size, level) / tileWidth - 1;
    files.push({ path: tilePath({ level, index, width: tileWidth }), bytes: formatTile(hashes) });
    levels[level] = [];
    push(level + 1, rootOf(hashes));
  };

  for (const entry of entries) {
    size += 1;
    bundle.push(entry);
    if (bundle.length === tileWidth) {
      const path = tilePath({ level: 'entries', index: size / tileWidth - 1, width: tileWidth });
      files.push({ path, bytes: formatBundle(bundle) });
      bundle = [];
    }
    push(0, leafHash(entry));
  }

  const partial = (level: number | 'entries', width: number) =>
    tilePath({ level, index: Math.floor(levelCount(size, Number(level) || 0) / tileWidth), width });
  if (entries.length > 0 && bundle.length > 0) {
    files.push({ path: partial('entries', bundle.length), bytes: formatBundle(bundle) });
  }
  for (const [level, hashes] of levels.entries()) {
    if (!changed.has(level) || hashes.length === 0) continue;
    files.push({ path: partial(level, hashes.length), bytes: formatTile(hashes) });
  }
  return { edge: { size, levels, entries: bundle }, files };
}

/** The root of the whole log, from its edge alone (C2SP tlog-tiles, RFC 6962 §2.1). */
export function edgeRoot(edge: Edge): Uint8Array {
  const subtrees = edge.levels.map((hashes) => extendFrontier(emptyFrontier, hashes).hashes);
  return foldSubtrees(subtrees.reverse().flat());
}

/**
 * Reads the edge of the log of `size` leaves from its files and checks it against `root`, the
 * root of the last signed checkpoint. Refuses with `tile-missing`, `malformed` or
 * `tile-changed` (the files do not hash to the root).
 */
export async function readEdge(
  size: number,
  root: Uint8Array,
  fetchFile: FetchFile,
): Promise<Result<Edge, ReadCode | 'tile-changed'>> {
  const levels: Uint8Array[][] = [];
  for (let level = 0; levelCount(size, level) > 0; level += 1) {
    const index = Math.floor(levelCount(size, level) / tileWidth);
    const name = tileAt(size, level, index);
    const tile = name === null ? ok<Uint8Array[]>([]) : await fetchTile(name, fetchFile);
    if (!tile.ok) return tile;
    levels.push(tile.value);
  }
  const name = tileAt(size, 'entries', Math.floor(size / tileWidth));
  const bundle = name === null ? ok<Uint8Array[]>([]) : await fetchBundle(name, fetchFile);
  if (!bundle.ok) return bundle;
  const edge: Edge = { size, levels, entries: bundle.value };
  const leaves = levels[0] ?? [];
  const faithful = edge.entries.every((entry, i) => {
    const hash = leaves[i];
    return hash !== undefined && equalBytes(leafHash(entry), hash);
  });
  if (faithful && equalBytes(edgeRoot(edge), root)) return ok(edge);
  return refuse({
    code: 'tile-changed',
    expected: `partial tiles that hash to the signed root of size ${size}`,
    got: 'another root, or entries that are not those of the leaf tile',
    todo: 'run the log check, which names the file, and restore that file from a copy',
  });
}
