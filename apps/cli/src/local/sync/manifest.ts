import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { reasonOf } from '../../files.ts';
import { Stop } from '../../stop.ts';
import { Validators } from './download.ts';

const Count = z.number().int().min(0);
/** Names of files are ours: nothing else in the folder is ever read or removed. */
const FileName = z.string().regex(/^[a-z]{3,4}-[a-z0-9.-]{1,60}-[0-9a-f]{16}\.(data|index)$/);

const DataSet = z.object({
  kind: z.enum(['osv', 'kev', 'epss']),
  name: z.string(),
  /** Where it came from: an address or a path. */
  source: z.string(),
  /** When its bytes came, and when the source last said that they are still what it has. */
  retrievedAt: z.string(),
  checkedAt: z.string(),
  /** What the data says about its own age, where it does. */
  publishedAt: z.string().nullable(),
  /** Of the file as it came; null for a folder. */
  sha256: z.string().nullable(),
  bytes: Count.nullable(),
  validators: Validators,
  records: Count,
  /** Records that did not conform; the first of them with the reason. */
  refused: Count,
  refusedFirst: z.array(z.object({ where: z.string(), got: z.string() })),
  /** OSV's names of the ecosystems in it, without release. */
  ecosystems: z.array(z.string()),
  data: FileName,
  index: FileName,
});
/** One data set that is kept: where it came from, what is in it, the files that hold it. */
export type DataSet = z.infer<typeof DataSet>;

const Manifest = z.object({ format: z.literal(1), sets: z.array(DataSet) });
export type Manifest = z.infer<typeof Manifest>;

const manifestName = 'manifest.json';

/** What a sync left in `folder`; null where none has run. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  let text: string;
  try {
    text = await readFile(path.join(folder, manifestName), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Stop(damaged(`${folder}: ${reasonOf(error)}`));
  }
  try {
    return Manifest.parse(JSON.parse(text));
  } catch {
    throw new Stop(damaged(`another form in ${path.join(folder, manifestName)}`));
  }
}

/**
 * Puts one data set in the place of the one of its kind and name: its files are whole and on disk
 * before the manifest names them, and files that nothing names any more go afterwards. A reader
 * sees the old state or the new one.
 */
export async function keepSet(folder: string, set: DataSet): Promise<void> {
  const before = await readManifest(folder);
  const others = (before?.sets ?? []).filter((s) => s.kind !== set.kind || s.name !== set.name);
  const sets = [...others, set].toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  await writeWhole(path.join(folder, manifestName), JSON.stringify({ format: 1, sets }, null, 2));
  const named = new Set(sets.flatMap(({ data, index }) => [data, index]));
  for (const name of await readdir(folder)) {
    if (FileName.safeParse(name).success && !named.has(name)) await rm(path.join(folder, name));
  }
}

/** `osv npm`, `kev`: what a person calls a data set. */
export function nameOf({ kind, name }: Pick<DataSet, 'kind' | 'name'>): string {
  return kind === name ? kind : `${kind} ${name}`;
}

/** Writes a file so that after a crash there is the old or the whole new one. */
export async function writeWhole(file: string, data: string | Uint8Array): Promise<void> {
  const beside = `${file}.${randomBytes(6).toString('hex')}.new`;
  {
    await using handle = await open(beside, 'wx', 0o600);
    await handle.writeFile(data);
    await handle.sync();
  }
  await rename(beside, file);
}

/**
 * Makes the folder and holds it against a second sync until `work` is done: two would write the
 * same parts. A lock whose process is gone counts for nothing.
 */
export async function holding<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = path.join(folder, 'lock');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await takeLock(lock);
  } catch (error) {
    if (error instanceof Stop) throw error;
    throw new Stop({
      code: 'folder-unusable',
      expected: 'a folder that can be made and written',
      got: `${folder}: ${reasonOf(error)}`,
      todo: 'name another with --to',
    });
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string): Promise<void> {
  for (let tries = 0; tries < 2; tries++) {
    try {
      await using file = await open(lock, 'wx', 0o600);
      await file.writeFile(String(process.pid));
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const owner = Number(await readFile(lock, 'utf8').catch(() => '0'));
      if (owner !== process.pid && !isAlive(owner)) await rm(lock, { force: true });
    }
  }
  throw new Stop({
    code: 'sync-running',
    expected: 'no other sync into this folder',
    got: 'one that is running',
    todo: 'wait until it is done',
  });
}

function isAlive(process_: number): boolean {
  if (!Number.isSafeInteger(process_) || process_ <= 0) return false;
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function damaged(got: string) {
  return {
    code: 'local-data-damaged',
    expected: 'data as breakwater sync wrote it',
    got,
    todo: 'remove that folder and run breakwater sync again',
  };
}
