import type { Result } from '@breakwater/kernel';
import { ok, refuse } from '@breakwater/kernel';
import type { HashReader, ReadCode, TreeNode } from './tree.ts';
import { hashBytes, rootOf } from './tree.ts';

/** Hashes in a full tile and entries in a full bundle (C2SP tlog-tiles, "Merkle Tree"). */
export const tileWidth = 256;

/** Name of one tile: its level (or `entries` for an entry bundle), number and width (1 to 256). */
export interface TileName {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

/**
 * Fetches one file of a log by its path (`checkpoint`, `tile/0/000`, …); null where there is
 * none. May throw on a broken transport. It must stop reading at {@link fileBytesMax}.
 */
export type FetchFile = (path: string) => Promise<Uint8Array | null>;

/** No file of a log is longer: 256 entries of 65,535 bytes, each with its length. */
export const fileBytesMax: number = tileWidth * (2 + 0xffff);

/** The path of a tile (C2SP tlog-tiles): `tile/<L>/<N>[.p/<W>]`, N as `x001/x234/067`. */
export function tilePath({ level, index, width }: TileName): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const number = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${number}${width === tileWidth ? '' : `.p/${width}`}`;
}

const pathShape = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/;

/** The tile a path names; null for every other text, also for one that is not canonical. */
export function parseTilePath(path: string): TileName | null {
  const [, level, number, width] = pathShape.exec(path) ?? [];
  if (level === undefined || number === undefined) return null;
  const name: TileName = {
    level: level === 'entries' ? level : Number(level),
    index: Number(number.replace(/[x/]/g, '')),
    width: width === undefined ? tileWidth : Number(width),
  };
  if (name.level !== 'entries' && name.level > 63) return null;
  if (width !== undefined && (name.width < 1 || name.width >= tileWidth)) return null;
  return tilePath(name) === path ? name : null;
}

/** How many hashes the tiles of `level` hold in a tree of `size` leaves. */
export function levelCount(size: number, level: number): number {
  return Math.floor(size / tileWidth ** level);
}

/** The tile at `level` and `index` as it stands in a tree of `size` leaves; null where empty. */
export function tileAt(size: number, level: TileName['level'], index: number): TileName | null {
  const count = levelCount(size, level === 'entries' ? 0 : level);
  const width = Math.min(tileWidth, count - index * tileWidth);
  return width > 0 ? { level, index, width } : null;
}

/** The bytes of a tile: its hashes one after another. */
export function formatTile(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * hashBytes);
  for (const [i, hash] of hashes.entries()) bytes.set(hash, i * hashBytes);
  return bytes;
}

/** The hashes of a tile file, any whole number from 1 to 256; refuses other lengths. */
export function parseTile(bytes: Uint8Array): Result<Uint8Array[], 'malformed'> {
  const count = bytes.length / hashBytes;
  if (!Number.isInteger(count) || count < 1 || count > tileWidth) {
    return refuse({
      code: 'malformed',
      expected: `a tile of 1 to ${tileWidth} hashes of ${hashBytes} bytes`,
      got: `${bytes.length} bytes`,
      todo: 'fetch the tile again, or ask the operator of the log for the file',
    });
  }
  const hashes = Array.from({ length: count }, (_, i) =>
    bytes.slice(i * hashBytes, (i + 1) * hashBytes),
  );
  return ok(hashes);
}

/** The bytes of an entry bundle: each entry after its length as a big-endian uint16. */
export function formatBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > 0xffff) throw new RangeError(`entry of ${entry.length} bytes over 65535`);
    view.setUint16(at, entry.length);
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
}

/** The entries of a bundle file, at most 256; refuses a cut or overlong file. */
export function parseBundle(bytes: Uint8Array): Result<Uint8Array[], 'malformed'> {
  const malformed = (got: string) =>
    refuse({
      code: 'malformed',
      expected: `1 to ${tileWidth} entries, each after its length as a big-endian uint16`,
      got,
      todo: 'fetch the bundle again, or ask the operator of the log for the file',
    });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (entries.length === tileWidth) return malformed(`bytes after entry ${tileWidth}`);
    const end = at + 2 <= bytes.length ? at + 2 + view.getUint16(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) return malformed(`an end of file inside entry ${entries.length}`);
    entries.push(bytes.slice(at + 2, end));
    at = end;
  }
  return entries.length > 0 ? ok(entries) : malformed('an empty file');
}

/**
 * A {@link HashReader} over the tiles of a log of `size` leaves. Fetches each tile once per call,
 * in parallel; falls back from a partial tile to the full one, as C2SP tlog-tiles allows.
 */
export function tileReader(size: number, fetchFile: FetchFile): HashReader {
  return async (nodes) => {
    const places = nodes.map(placeOf);
    const tiles = new Map<string, Promise<Result<Uint8Array[], ReadCode>>>();
    for (const { level, tile } of places) {
      const name = tileAt(size, level, tile);
      if (name === null) throw new RangeError(`no tile ${level}/${tile} in size ${size}`);
      const key = `${level}/${tile}`;
      if (!tiles.has(key)) tiles.set(key, fetchTile(name, fetchFile));
    }
    await Promise.all(tiles.values());
    const hashes: Uint8Array[] = [];
    for (const { level, tile, offset, count } of places) {
      const read = await tiles.get(`${level}/${tile}`);
      if (read === undefined) throw new RangeError('a tile was not asked for');
      if (!read.ok) return read;
      hashes.push(rootOf(read.value.slice(offset, offset + count)));
    }
    return ok(hashes);
  };
}

/** Fetches a tile of hashes as `name` says, from the full tile where the partial one is gone. */
export async function fetchTile(
  name: TileName,
  fetchFile: FetchFile,
): Promise<Result<Uint8Array[], ReadCode>> {
  return exactly(name, await fetchItems(name, fetchFile, parseTile));
}

/** Fetches the entries of the bundle `name`, like {@link fetchTile}. */
export async function fetchBundle(
  name: TileName,
  fetchFile: FetchFile,
): Promise<Result<Uint8Array[], ReadCode>> {
  return exactly(name, await fetchItems(name, fetchFile, parseBundle));
}

/**
 * Fetches and parses a tile or bundle without insisting on its width: at most `name.width` items
 * where the full file stands in for a partial one, all that the file holds otherwise.
 */
export async function fetchItems(
  name: TileName,
  fetchFile: FetchFile,
  parse: (bytes: Uint8Array) => Result<Uint8Array[], 'malformed'>,
): Promise<Result<Uint8Array[], ReadCode>> {
  const bytes = await fetchFile(tilePath(name));
  if (bytes !== null) return parse(bytes);
  const full =
    name.width < tileWidth ? await fetchFile(tilePath({ ...name, width: tileWidth })) : null;
  if (full === null) {
    return refuse({
      code: 'tile-missing',
      expected: `a file ${tilePath(name)}`,
      got: 'none',
      todo: 'fetch it again, or ask the operator of the log for the file',
    });
  }
  const items = parse(full);
  return items.ok ? ok(items.value.slice(0, name.width)) : items;
}

function exactly(
  name: TileName,
  items: Result<Uint8Array[], ReadCode>,
): Result<Uint8Array[], ReadCode> {
  if (!items.ok || items.value.length === name.width) return items;
  return refuse({
    code: 'malformed',
    expected: `${name.width} items in ${tilePath(name)}`,
    got: `${items.value.length}`,
    todo: 'fetch it again, or ask the operator of the log for the file',
  });
}

function placeOf({ level, index }: TreeNode) {
  const tileLevel = Math.floor(level / 8);
  const count = 2 ** (level - tileLevel * 8);
  const first = index * count;
  const tile = Math.floor(first / tileWidth);
  return { level: tileLevel, tile, offset: first - tile * tileWidth, count };
}
