import { randomBytes } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { epssLimits, parseEpss } from '@breakwater/formats/epss';
import { kevLimits, parseKevJson } from '@breakwater/formats/kev';
import { ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import type { Context } from '../../command.ts';
import { readRegular, reasonOf } from '../../files.ts';
import { Stop } from '../../stop.ts';
import { bar } from '../../terminal.ts';
import { type BuiltSet, buildSet } from './advisory-set.ts';
import { type Downloaded, digestOfFile, download, dropPart } from './download.ts';
import { epssFile, kevFile } from './exploitation.ts';
import { type DataSet, keepSet, nameOf, readManifest, writeWhole } from './manifest.ts';
import { recordsOf, SetUnreadable } from './records.ts';

/** One data set to bring here. */
export interface Wanted {
  readonly kind: DataSet['kind'];
  readonly name: string;
  /** An address, or a path. */
  readonly source: string;
}

/** What became of one data set. */
export interface Synced {
  readonly wanted: Wanted;
  readonly outcome: 'fetched' | 'unchanged' | 'refused';
  /** What is kept now, also after a refusal; null where nothing is. */
  readonly kept: DataSet | null;
  readonly refusal?: Refusal;
}

const gibibyte = 1024 ** 3;
const bytesMax = { osv: 8 * gibibyte, kev: kevLimits.charactersMax, epss: gibibyte / 4 } as const;
/** The scores unpacked: as many rows as are taken, each as long as it may be. */
const epssBytesMax = epssLimits.rowsMax * 60;
/** A new set with fewer than this share of the records kept is no update but a loss. */
const shareMin = 0.9;
/** Losing no more records than this is ordinary for a small set. */
const lossAlways = 10;

export interface SyncTask {
  readonly folder: string;
  readonly acceptSmaller: boolean;
  readonly context: Pick<Context, 'terminal' | 'signal'>;
}

/** Brings one data set here, or says why not; what was kept before stays in that case. */
export async function syncOne(wanted: Wanted, task: SyncTask): Promise<Synced> {
  const { folder } = task;
  const manifest = await readManifest(folder);
  const same = (s: DataSet) => s.kind === wanted.kind && s.name === wanted.name;
  const kept = manifest?.sets.find(same) ?? null;
  const fetched = await bring(wanted, kept, task);
  if (!fetched.ok) return { wanted, outcome: 'refused', kept, refusal: fetched.refusal };
  const now = new Date().toISOString();
  if (fetched.value === null && kept !== null) {
    const still = { ...kept, checkedAt: now };
    await keepSet(folder, still);
    return { wanted, outcome: 'unchanged', kept: still };
  }
  if (fetched.value === null) throw new Error('nothing is unchanged where nothing was kept');
  const { place, fresh } = fetched.value;
  const built = await build(wanted, place, task);
  const checked = built.ok ? notSmaller(built.value.counts, kept, task) : built;
  if (!built.ok || !checked.ok) {
    if (built.ok) await dropFiles(folder, built.value.files);
    // A damaged download would be damaged again; a smaller one is kept for --accept-smaller.
    if (fresh !== null && !built.ok) await dropPart(place);
    const refusal = built.ok ? (checked.ok ? undefined : checked.refusal) : built.refusal;
    return { wanted, outcome: 'refused', kept, ...(refusal === undefined ? {} : { refusal }) };
  }
  const { etag, lastModified } = fresh ?? {};
  const set: DataSet = {
    ...wanted,
    retrievedAt: now,
    checkedAt: now,
    ...mutable(built.value.counts),
    sha256: fresh?.sha256 ?? (await digestOrNull(place)),
    bytes: fresh?.bytes ?? null,
    validators: {
      ...(etag === undefined ? {} : { etag }),
      ...(lastModified === undefined ? {} : { lastModified }),
    },
    ...built.value.files,
  };
  await keepSet(folder, set);
  if (fresh !== null) await dropPart(place);
  return { wanted, outcome: 'fetched', kept: set };
}

interface Brought {
  readonly place: string;
  /** What the download told; null for a path. */
  readonly fresh: NonNullable<Downloaded> | null;
}

async function bring(
  wanted: Wanted,
  kept: DataSet | null,
  { folder, context }: SyncTask,
): Promise<Result<Brought | null>> {
  if (!isAddress(wanted.source)) {
    try {
      await stat(wanted.source);
    } catch (error) {
      return refuse(unreadable(`${wanted.source}: ${reasonOf(error)}`));
    }
    return ok({ place: path.resolve(wanted.source), fresh: null });
  }
  const partials = path.join(folder, 'partial');
  await mkdir(partials, { recursive: true, mode: 0o700 });
  const place = path.join(partials, fileStem(wanted));
  const validators = kept?.source === wanted.source ? kept.validators : null;
  const { terminal, signal } = context;
  const fetched = await download({
    address: wanted.source,
    partial: place,
    kept: validators,
    bytesMax: bytesMax[wanted.kind],
    signal,
    progress: throttled((bytes, total) => {
      const mib = (n: number) => Math.round(n / 1024 ** 2);
      const done = total === null ? `${mib(bytes)} MiB` : `${bar(mib(bytes), mib(total))} MiB`;
      terminal.progress(`fetching ${nameOf(wanted)} ${done}`);
    }),
  });
  if (!fetched.ok) return fetched;
  return ok(fetched.value === null ? null : { place, fresh: fetched.value });
}

/** Whether a source is an address and not a path. */
export function isAddress(source: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source);
}

interface Files {
  readonly data: string;
  readonly index: string;
}

interface Built {
  readonly counts: BuiltSet;
  readonly files: Files;
}

async function build(wanted: Wanted, place: string, task: SyncTask): Promise<Result<Built>> {
  const unique = randomBytes(8).toString('hex');
  const stem = `${fileStem(wanted)}-${unique}`;
  const files = { data: `${stem}.data`, index: `${stem}.index` };
  const paths = {
    data: path.join(task.folder, files.data),
    index: path.join(task.folder, files.index),
  };
  try {
    const counts =
      wanted.kind === 'osv'
        ? ok(await buildOsv(place, paths, task))
        : await buildScores(wanted.kind, place, paths);
    if (!counts.ok) {
      await dropFiles(task.folder, files);
      return counts;
    }
    const mostlyRefused = counts.value.refused > counts.value.records;
    if (counts.value.records > 0 && !mostlyRefused) return ok({ counts: counts.value, files });
    await dropFiles(task.folder, files);
    return refuse(notAdvisories(counts.value));
  } catch (error) {
    await dropFiles(task.folder, files);
    if (error instanceof SetUnreadable) return refuse(unreadable(error.message));
    throw error;
  }
}

async function buildOsv(place: string, paths: Files, { context }: SyncTask): Promise<BuiltSet> {
  const { terminal, signal } = context;
  return await buildSet(recordsOf(place), paths, (count) => {
    if (count % 512 !== 0) return;
    signal.throwIfAborted();
    terminal.progress(`reading ${count} advisories`);
  });
}

async function buildScores(
  kind: 'kev' | 'epss',
  place: string,
  paths: Files,
): Promise<Result<BuiltSet>> {
  const text = await textOf(place, kind);
  if (!text.ok) return text;
  if (kind === 'kev') {
    const catalog = parseKevJson(text.value);
    if (!catalog.ok) return catalog;
    await writeWhole(paths.data, kevFile(catalog.value));
    await writeWhole(paths.index, '');
    return ok(countsOf(catalog.value.entries.size, catalog.value.released));
  }
  const scores = parseEpss(text.value);
  if (!scores.ok) return scores;
  await writeWhole(paths.data, '');
  await writeWhole(paths.index, epssFile(scores.value));
  return ok(countsOf(scores.value.rows.size, scores.value.scoredAt));
}

async function textOf(place: string, kind: 'kev' | 'epss'): Promise<Result<string>> {
  let bytes: Uint8Array;
  try {
    bytes = await readRegular(place, bytesMax[kind]);
  } catch (error) {
    if (error instanceof Stop) return refuse(error.refusal);
    throw error;
  }
  try {
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const limit = kind === 'kev' ? kevLimits.charactersMax : epssBytesMax;
    const plain = packed ? gunzipSync(bytes, { maxOutputLength: limit }) : bytes;
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(plain));
  } catch {
    return refuse(unreadable('a damaged gzip file, one that unpacks to too much, or no UTF-8'));
  }
}

function countsOf(records: number, publishedAt: string | null): BuiltSet {
  return { records, refused: 0, refusedFirst: [], ecosystems: [], publishedAt };
}

function mutable(counts: BuiltSet) {
  const { refusedFirst, ecosystems } = counts;
  return { ...counts, refusedFirst: [...refusedFirst], ecosystems: [...ecosystems] };
}

/** Refuses what would take advisories away by surprise: absence looks like "not affected". */
function notSmaller(
  counts: BuiltSet,
  kept: DataSet | null,
  { acceptSmaller }: SyncTask,
): Result<null> {
  if (kept === null || acceptSmaller) return ok(null);
  const lost = kept.records - counts.records;
  if (lost <= lossAlways || counts.records >= kept.records * shareMin) return ok(null);
  return refuse({
    code: 'set-shrank',
    expected: `about ${kept.records} records or more, as are kept since ${kept.retrievedAt}`,
    got: `${counts.records}`,
    todo: 'look at the source; if it is right, repeat with --accept-smaller',
  });
}

function fileStem({ kind, name }: Wanted): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9.-]+/g, '-');
  return `${kind}-${plain.slice(0, 60)}`;
}

async function dropFiles(folder: string, files: Files): Promise<void> {
  await rm(path.join(folder, files.data), { force: true });
  await rm(path.join(folder, files.index), { force: true });
}

async function digestOrNull(place: string): Promise<string | null> {
  return (await stat(place)).isDirectory() ? null : await digestOfFile(place);
}

/** At most ten times a second: a terminal is slower than a network. */
function throttled<T extends readonly unknown[]>(show: (...args: T) => void) {
  let last = 0;
  return (...args: T): void => {
    const now = performance.now();
    if (now - last < 100) return;
    last = now;
    show(...args);
  };
}

function unreadable(got: string): Refusal {
  return {
    code: 'source-unreadable',
    expected: 'OSV records (zip, folder, list or lines), the KEV catalog or EPSS scores, whole',
    got,
    todo: 'fetch it again, or check the path',
  };
}

function notAdvisories({ records, refused, refusedFirst }: BuiltSet): Refusal {
  const [first] = refusedFirst;
  const why = first === undefined ? '' : `; the first, ${first.where}: ${first.got}`;
  return {
    code: 'source-unreadable',
    expected: 'records that conform to OSV',
    got: `${records} that do and ${refused} that do not${why}`,
    todo: 'check that this is a database in OSV form',
  };
}
