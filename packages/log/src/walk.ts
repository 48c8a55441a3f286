import type { Result } from '@breakwater/kernel';
import type { FetchFile, TileName } from './tile.ts';
import {
  fetchItems,
  fetchTile,
  levelCount,
  parseBundle,
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

/** What is wrong with one file of a log. */
export interface FileFault {
  readonly code: 'entry-missing' | 'entry-changed' | 'tile-missing' | 'tile-changed' | 'malformed';
  readonly file: string;
  /** The number of the hash (in its level) or of the leaf (in the log) it begins at. */
  readonly at?: number;
  readonly message: string;
}

/** The hashes of one tile of leaves, and whether they are proven to be those of the signed root. */
export interface LeafTile {
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  /** What `hashes` hash to. */
  readonly root: Uint8Array;
  readonly proven: boolean;
}

/** A walk over a whole log: what it reads, and where it says what it finds. */
export interface Walk {
  readonly size: number;
  readonly root: Uint8Array;
  readonly fetchFile: FetchFile;
  /** Every entry must have this length, where given. */
  readonly entryBytes?: number;
  readonly fault: (fault: FileFault) => void;
  readonly leaves: (tile: LeafTile) => void;
  /** Asked between files; true ends the walk. */
  readonly stop: () => boolean;
}

type Hashes = readonly Uint8Array[];

/** Files fetched ahead of their use, so that a distant log is not read one round trip a file. */
const aheadMax = 8;

/**
 * Walks a log from its signed root down to every entry, left to right. Each tile is proven by the
 * hash above it before it is used to judge what is below it, so that of two files that disagree
 * the wrong one is named. A faulty or missing tile is rebuilt from below and, where the rebuilt
 * one fits the hash above, the walk goes on as if nothing had happened. Reads each file once where
 * there is no fault; holds one tile and `aheadMax` files a level.
 */
export async function walkLog(options: Walk): Promise<void> {
  const walk = { ...options, ...readAhead(options.fetchFile) };
  const edge = await proveEdge(walk);
  for (const [i, { level, hashes, proven }] of edge.entries()) {
    const first = Math.floor(levelCount(walk.size, level) / tileWidth) * tileWidth;
    if (i === edge.length - 1 && level === 0) {
      const index = first / tileWidth;
      const tile = { index, hashes, proven, root: rootOf(hashes) };
      judgeLeaves(walk, tile, await bundleOf(walk, index));
    } else {
      await descend(walk, { level, first, hashes, proven });
    }
  }
}

interface AheadWalk extends Walk {
  readonly hint: (path: string) => void;
}

function readAhead(fetchFile: FetchFile): Pick<AheadWalk, 'fetchFile' | 'hint'> {
  const ahead = new Map<string, Promise<Uint8Array | null>>();
  const hint = (path: string) => {
    if (ahead.has(path)) return;
    const file = fetchFile(path);
    // A failure is the reader's to meet when it asks; until then nobody awaits it.
    file.catch(() => undefined);
    ahead.set(path, file);
  };
  const take = (path: string) => {
    const file = ahead.get(path) ?? fetchFile(path);
    ahead.delete(path);
    return file;
  };
  return { fetchFile: take, hint };
}

interface EdgeLevel {
  readonly level: number;
  readonly hashes: Hashes;
  readonly proven: boolean;
}

/** The partial tiles, highest level first; together they hash to the root. */
async function proveEdge(walk: Walk): Promise<EdgeLevel[]> {
  const names: (TileName & { level: number })[] = [];
  for (let level = 0; levelCount(walk.size, level) > 0; level += 1) {
    const name = tileAt(walk.size, level, Math.floor(levelCount(walk.size, level) / tileWidth));
    if (name !== null) names.unshift({ ...name, level });
  }
  const stored = await Promise.all(names.map((name) => fetchTile(name, walk.fetchFile)));
  const kept = stored.map((tile) => (tile.ok ? tile.value : null));
  const proven = fits(kept, walk.root);
  const edge = proven ? { tiles: kept, proven } : await mendEdge(walk, names, kept);
  for (const [i, name] of names.entries()) {
    const right = edge.tiles[i] ?? null;
    blameTile(walk, { name, stored: stored[i], right, proven: edge.proven });
  }
  if (!edge.proven) {
    const file = names.length > 0 ? names.map(tilePath).join(' ') : 'checkpoint';
    const message = 'does not hash to the signed root, nor does what is below it';
    walk.fault({ code: 'tile-changed', file, message });
  }
  return names.flatMap(({ level }, i) => {
    const hashes = edge.tiles[i];
    return hashes ? [{ level, hashes, proven: edge.proven }] : [];
  });
}

/** The partial tiles with as few as possible replaced by what is below them, so that they fit. */
async function mendEdge(
  walk: Walk,
  names: readonly TileName[],
  kept: readonly (Hashes | null)[],
): Promise<{ tiles: readonly (Hashes | null)[]; proven: boolean }> {
  const rebuilt = await Promise.all(names.map((name) => rebuild(walk, name)));
  // At most 7 levels in 2**53 leaves, so at most 128 ways to mix stored and rebuilt tiles.
  for (let mask = 1; mask < 2 ** names.length; mask += 1) {
    const tiles = kept.map((tile, i) => ((mask >> i) % 2 === 1 ? (rebuilt[i] ?? null) : tile));
    if (fits(tiles, walk.root)) return { tiles, proven: true };
  }
  return { tiles: kept.map((tile, i) => tile ?? rebuilt[i] ?? null), proven: false };
}

function fits(levels: readonly (Hashes | null)[], root: Uint8Array): boolean {
  const present = levels.filter((hashes) => hashes !== null);
  if (present.length < levels.length) return false;
  const subtrees = present.flatMap((hashes) => extendFrontier(emptyFrontier, hashes).hashes);
  return equalBytes(foldSubtrees(subtrees), root);
}

/** What a tile must hold according to the files below it; null where one of those is missing. */
async function rebuild(walk: Walk, { level, index, width }: TileName): Promise<Hashes | null> {
  if (level === 0 || level === 'entries') {
    const bundle = await bundleOf(walk, index);
    return bundle.ok && bundle.value.length === width ? bundle.value.map(leafHash) : null;
  }
  const hashes: Uint8Array[] = [];
  for (let i = 0; i < width; i += 1) {
    const child = { level: level - 1, index: index * tileWidth + i, width: tileWidth };
    const tile = await fetchTile(child, walk.fetchFile);
    if (!tile.ok) return null;
    hashes.push(rootOf(tile.value));
  }
  return hashes;
}

/** Goes into the full tiles below `hashes`, which are number `first` and on of their level. */
async function descend(
  walk: AheadWalk,
  above: { level: number; first: number; hashes: Hashes; proven: boolean },
): Promise<void> {
  for (const [i, hash] of above.hashes.entries()) {
    if (walk.stop()) return;
    const ahead = Math.min(above.hashes.length, i + aheadMax);
    for (let next = i; next < ahead; next += 1) {
      const index = above.first + next;
      walk.hint(tilePath({ level: above.level - 1, index, width: tileWidth }));
      if (above.level === 1) walk.hint(tilePath({ level: 'entries', index, width: tileWidth }));
    }
    const name = { level: above.level - 1, index: above.first + i, width: tileWidth };
    await proveTile(walk, name, { hash, proven: above.proven });
  }
}

async function proveTile(
  walk: AheadWalk,
  name: TileName & { level: number },
  above: { hash: Uint8Array; proven: boolean },
): Promise<void> {
  const stored = await fetchTile(name, walk.fetchFile);
  const bundle = name.level === 0 ? await bundleOf(walk, name.index) : null;
  let hashes: Hashes | null = stored.ok ? stored.value : null;
  let fitting = hashes !== null && equalBytes(rootOf(hashes), above.hash);
  if (!fitting) {
    const rebuilt =
      bundle === null ? await rebuild(walk, name) : bundle.ok ? bundle.value.map(leafHash) : null;
    fitting = rebuilt?.length === tileWidth && equalBytes(rootOf(rebuilt), above.hash);
    if (fitting || hashes === null) hashes = rebuilt;
    blameTile(walk, { name, stored, right: hashes, proven: fitting && above.proven });
  }
  const proven = fitting && above.proven;
  if (bundle !== null) {
    const root = fitting ? above.hash : rootOf(hashes ?? []);
    judgeLeaves(walk, { index: name.index, hashes: hashes ?? [], root, proven }, bundle);
    if (!fitting && above.proven && bundle.ok && bundle.value.length === tileWidth) {
      const file = tilePath({ ...name, level: 'entries' });
      const message = 'its entries do not hash to the signed root; no leaf can be told from it';
      walk.fault({ code: 'entry-changed', file, message });
    }
  } else if (hashes !== null) {
    const first = name.index * tileWidth;
    await descend(walk, { level: name.level, first, hashes, proven });
  }
}

function blameTile(
  walk: Walk,
  tile: {
    name: TileName;
    stored: Result<Uint8Array[], ReadCode> | undefined;
    right: Hashes | null;
    proven: boolean;
  },
): void {
  const { name, stored, right, proven } = tile;
  const file = tilePath(name);
  if (stored === undefined) return;
  if (!stored.ok) {
    const { code, expected, got } = stored.refusal;
    walk.fault({ code, file, message: `expected ${expected}, got ${got}` });
    return;
  }
  const bad = stored.value.findIndex((hash, i) => !sameHash(right?.[i], hash));
  if (bad < 0) {
    // Partial tiles are judged all together, by whoever called.
    if (proven || name.width < tileWidth) return;
    const message = 'does not hash to the hash above it, nor does what is below it';
    walk.fault({ code: 'tile-changed', file, message });
    return;
  }
  const at = name.index * tileWidth + bad;
  const message = `hash ${at} of level ${name.level} is not the one the signed root needs`;
  walk.fault({ code: 'tile-changed', file, at, message });
}

function bundleOf(walk: Walk, index: number): Promise<Result<Uint8Array[], ReadCode>> {
  const name = tileAt(walk.size, 'entries', index);
  if (name === null) throw new RangeError(`no bundle ${index} in size ${walk.size}`);
  return fetchItems(name, walk.fetchFile, parseBundle);
}

/** Compares the entries of a bundle with their leaf hashes, and hands those on. */
function judgeLeaves(walk: Walk, tile: LeafTile, bundle: Result<Uint8Array[], ReadCode>): void {
  const fault = bundleFault(walk, tile, bundle);
  if (fault !== null) walk.fault(fault);
  walk.leaves(tile);
}

function bundleFault(
  walk: Walk,
  { index, hashes }: LeafTile,
  bundle: Result<Uint8Array[], ReadCode>,
): FileFault | null {
  const name = tileAt(walk.size, 'entries', index) ?? { level: 'entries', index, width: 0 };
  const file = tilePath(name);
  if (!bundle.ok) {
    const { code, expected, got } = bundle.refusal;
    const missing = code === 'tile-missing';
    return {
      code: missing ? 'entry-missing' : code,
      file,
      message: `expected ${expected}, got ${got}`,
    };
  }
  const entries = bundle.value;
  const same = entries.map((entry, i) => sameHash(hashes[i], leafHash(entry)));
  const bad = same.indexOf(false);
  const at = index * tileWidth + (bad < 0 ? entries.length : bad);
  if (entries.length < name.width) {
    const count = `${entries.length} of ${name.width} entries`;
    return {
      code: 'entry-missing',
      file,
      at,
      message: `leaf ${at} is missing: ${count} are there`,
    };
  }
  if (bad >= 0 && hashes.length > 0) {
    const wrong = same.filter((right) => !right).length;
    const more = wrong > 1 ? ` (and ${wrong - 1} more in this file)` : '';
    return { code: 'entry-changed', file, at, message: `leaf ${at} is not what was logged${more}` };
  }
  const odd = entries.findIndex((entry) => entry.length !== (walk.entryBytes ?? entry.length));
  if (odd < 0) return null;
  const leaf = index * tileWidth + odd;
  const message = `leaf ${leaf} has ${entries[odd]?.length} bytes, expected ${walk.entryBytes}`;
  return { code: 'malformed', file, at: leaf, message };
}

function sameHash(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && equalBytes(a, b);
}
