import { type FileHandle, open } from 'node:fs/promises';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { packageKey, withBinaryPackages } from '@breakwater/exposure';
import { detectFormat } from '@breakwater/formats/detect';
import { conform, type OsvRecord, osvLimits, parseOsv } from '@breakwater/formats/osv';
import { type Refusal, type Result, refuse } from '@breakwater/kernel';
import { baseEcosystem } from '@breakwater/versions';
import { createTable, openTable, type Table } from './lookup-file.ts';
import { writeWhole } from './manifest.ts';
import type { RawRecord } from './records.ts';

/** What a data set came to. */
export interface BuiltSet {
  readonly records: number;
  readonly refused: number;
  readonly refusedFirst: readonly { readonly where: string; readonly got: string }[];
  readonly ecosystems: readonly string[];
  /** The newest `modified` among the records. */
  readonly publishedAt: string | null;
}

const refusedNamed = 20;
/** Below this, packing a record costs more than it saves. */
const packBytesMin = 512;
const flushBytes = 1024 * 1024;
/** Rows that lead to records of which not even the package could be told. */
const anywhere = '\0anywhere';

/**
 * Writes records, as they come, into `data`, and into `index` where the records about each package
 * are; bounded memory but for the index. A record that does not conform is kept as its refusal
 * under the packages it seems to name, because of those nobody knows.
 */
export async function buildSet(
  records: AsyncIterable<RawRecord>,
  files: { readonly data: string; readonly index: string },
  each: (count: number) => void,
): Promise<BuiltSet> {
  const table = createTable(2);
  const ecosystems = new Set<string>();
  const refusedFirst: { where: string; got: string }[] = [];
  let conforming = 0;
  let refused = 0;
  let publishedAt: string | null = null;
  await using handle = await open(files.data, 'w', 0o600);
  const writer = createWriter(handle);
  for await (const raw of records) {
    const read = readRecord(raw);
    let names: readonly string[];
    let kept: unknown;
    if (read.ok) {
      conforming += 1;
      const whole = withBinaryPackages(read.value);
      for (const { package: p } of whole.affected ?? []) {
        if (p !== undefined) ecosystems.add(baseEcosystem(p.ecosystem));
      }
      if (publishedAt === null || read.value.modified > publishedAt) {
        publishedAt = read.value.modified;
      }
      names = packagesOf(whole);
      kept = trimmed(read.value);
    } else {
      refused += 1;
      const { where } = raw;
      if (refusedFirst.length < refusedNamed) refusedFirst.push({ where, got: read.refusal.got });
      names = guessedPackages(raw.bytes);
      kept = { unread: { where, refusal: read.refusal } };
    }
    if (names.length > 0) {
      const place = await writer.write(packed(kept));
      for (const name of names) table.add(name, place);
    }
    each(conforming + refused);
  }
  await writer.flush();
  await handle.sync();
  await writeWhole(files.index, table.bytes());
  const known = [...ecosystems].toSorted();
  return { records: conforming, refused, refusedFirst, ecosystems: known, publishedAt };
}

function readRecord(raw: RawRecord): Result<OsvRecord> {
  if (raw.bytes !== null) {
    const record = parseOsv(raw.bytes);
    const { format, words } = detectFormat(raw.bytes);
    // What a record of another format breaks of OSV's schema helps nobody.
    if (record.ok || ['osv', 'json', 'text', 'binary'].includes(format)) return record;
    return refuse({ ...record.refusal, got: `${words}, not an OSV record` });
  }
  return refuse({
    code: 'too-large',
    expected: `a record of at most ${osvLimits.bytesMax} bytes`,
    got: raw.fault ?? 'more',
    todo: 'tell whoever publishes it',
  });
}

/** What of a record matching and telling need; references and prose stay out. */
function trimmed(record: OsvRecord): OsvRecord {
  const { id, modified, published, withdrawn, aliases, upstream, summary, severity } = record;
  const affected = (record.affected ?? []).map(({ package: named, ranges, versions, ...rest }) => {
    const binaries = rest.ecosystem_specific?.['binaries'];
    return {
      ...(named === undefined ? {} : { package: named }),
      ...(ranges === undefined
        ? {}
        : {
            ranges: ranges.map(({ type, repo, events }) => ({
              type,
              ...(repo === undefined ? {} : { repo }),
              events,
            })),
          }),
      ...(versions === undefined ? {} : { versions }),
      ...(binaries === undefined ? {} : { ecosystem_specific: { binaries } }),
    };
  });
  return {
    id,
    modified,
    ...(published === undefined ? {} : { published }),
    ...(withdrawn === undefined ? {} : { withdrawn }),
    ...(aliases === undefined || aliases === null ? {} : { aliases }),
    ...(upstream === undefined ? {} : { upstream }),
    ...(summary === undefined ? {} : { summary }),
    ...(severity === undefined || severity === null ? {} : { severity }),
    affected,
  };
}

function packagesOf({ affected }: OsvRecord): readonly string[] {
  const names = new Set<string>();
  for (const { package: named } of affected ?? []) {
    if (named !== undefined) names.add(packageKey(named));
  }
  return [...names];
}

/** The packages a record that does not conform seems to name; else it may be about any. */
function guessedPackages(bytes: Uint8Array | null): readonly string[] {
  const names = new Set<string>();
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array()));
    const affected = memberOf(value, 'affected');
    for (const each of Array.isArray(affected) ? affected : []) {
      const named = memberOf(each, 'package');
      const ecosystem = memberOf(named, 'ecosystem');
      const name = memberOf(named, 'name');
      if (typeof ecosystem !== 'string' || typeof name !== 'string') return [anywhere];
      names.add(packageKey({ ecosystem, name }));
    }
  } catch {
    return [anywhere];
  }
  return names.size === 0 ? [anywhere] : [...names];
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

/** JSON as it is, or deflated where that is worth it; a brace tells which. */
function packed(value: unknown): Uint8Array {
  const text = Buffer.from(JSON.stringify(value));
  if (text.length < packBytesMin) return text;
  return Buffer.concat([Buffer.from([0]), deflateRawSync(text, { level: 6 })]);
}

function unpacked(bytes: Uint8Array): unknown {
  const text =
    bytes[0] === 0
      ? inflateRawSync(bytes.subarray(1), { maxOutputLength: 4 * osvLimits.bytesMax })
      : bytes;
  return JSON.parse(new TextDecoder().decode(text));
}

function createWriter(handle: FileHandle) {
  let parts: Uint8Array[] = [];
  let waiting = 0;
  let offset = 0;
  const flush = async () => {
    if (waiting > 0) await handle.writeFile(Buffer.concat(parts));
    parts = [];
    waiting = 0;
  };
  return {
    flush,
    async write(bytes: Uint8Array): Promise<readonly [offset: number, length: number]> {
      const place = [offset, bytes.length] as const;
      parts.push(bytes);
      waiting += bytes.length;
      offset += bytes.length;
      if (waiting >= flushBytes) await flush();
      return place;
    },
  };
}

/** A record as it was kept, or why there is none. */
export interface KeptRecord {
  readonly where: string;
  readonly result: Result<OsvRecord>;
}

export interface AdvisorySet extends AsyncDisposable {
  /** Every record about one of these packages, and those that may be about any; each once. */
  recordsAbout(
    packages: Iterable<{ readonly ecosystem: string; readonly name: string }>,
  ): Promise<readonly KeptRecord[]>;
}

/** Opens what buildSet wrote; null where a file is not what it should be. */
export async function openSet(files: {
  readonly data: string;
  readonly index: string;
}): Promise<AdvisorySet | null> {
  const table = await openTable(files.index, 2);
  if (table === null) return null;
  const handle = await open(files.data, 'r');
  return {
    recordsAbout: async (packages) => await readAll(table, handle, packages),
    [Symbol.asyncDispose]: async () => await handle.close(),
  };
}

async function readAll(
  table: Table,
  handle: FileHandle,
  packages: Iterable<{ readonly ecosystem: string; readonly name: string }>,
): Promise<readonly KeptRecord[]> {
  const names = new Set([anywhere]);
  for (const each of packages) names.add(packageKey(each));
  const places = new Map<number, number>();
  for (const name of names) {
    for (const [offset = 0, length = 0] of table.rowsOf(name)) places.set(offset, length);
  }
  const records: KeptRecord[] = [];
  for (const [offset, length] of [...places].toSorted(([a], [b]) => a - b)) {
    records.push(await readOne(handle, offset, length));
  }
  return records;
}

const lengthMax = 2 * osvLimits.bytesMax;

async function readOne(handle: FileHandle, offset: number, length: number): Promise<KeptRecord> {
  const where = `record at ${offset}`;
  try {
    if (length > lengthMax) throw new RangeError('a record that is too long');
    const bytes = new Uint8Array(length);
    const { bytesRead } = await handle.read(bytes, 0, length, offset);
    if (bytesRead !== length) throw new RangeError('the file is too short');
    const value = unpacked(bytes);
    const unread = memberOf(value, 'unread');
    if (unread === undefined) return { where, result: conform(value) };
    const { where: from, refusal } = unread as { where: string; refusal: Refusal }; // written by buildSet
    return { where: from, result: refuse(refusal) };
  } catch {
    return { where, result: refuse(keptDamaged) };
  }
}

const keptDamaged: Refusal = {
  code: 'local-data-damaged',
  expected: 'a record as breakwater sync wrote it',
  got: 'damaged bytes',
  todo: 'remove the folder of the data and run breakwater sync again',
};
