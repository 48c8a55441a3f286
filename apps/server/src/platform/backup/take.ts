import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { isMissing, syncDirectory } from '../content/durable-file.ts';
import type { Erasure } from '../database/hold.ts';
import { collectKeys, type KeyAccess, sealKeys } from './keys-file.ts';
import {
  copyFile,
  digestOf,
  emptyFoldersBelow,
  erasuresName,
  filesBelow,
  type Listed,
  listName,
  type Manifest,
  manifestName,
  sha256Of,
  together,
  writeNewFile,
} from './manifest.ts';
import { Refused } from './refused.ts';

/** The database as a backup needs it. */
export interface BackupSource {
  readonly engine: Manifest['engine'];
  /** Calls `copy` while the embedded files stand still, or writes a dump to `file`. */
  readonly snapshot: (to: {
    readonly copy: () => Promise<void>;
    readonly file: string;
  }) => Promise<void>;
  readonly erasures: () => Promise<readonly Erasure[]>;
}

export interface BackupTask {
  readonly dataDirectory: string;
  readonly out: string;
  readonly keysOut: string;
  readonly access: KeyAccess;
  readonly now: string;
  readonly progress: (text: string) => void;
}

export interface BackupReport {
  readonly folder: string;
  readonly keysFile: string;
  readonly manifest: string;
  readonly engine: Manifest['engine'];
  readonly files: number;
  readonly bytes: number;
  readonly keys: number;
  readonly erasures: number;
}

/**
 * Backs up while the server works: the log first, then the database, the content, what was erased,
 * and the keys to another place. Each may be newer than the one before it, never older: a row never
 * refers to content that was put after it, and a log that is behind is made again.
 *
 * Both results get their names once they are whole; a run that is killed leaves `.unfinished` only.
 */
export async function takeBackup(source: BackupSource, task: BackupTask): Promise<BackupReport> {
  refuseTaken(task);
  const out = `${task.out}.unfinished`;
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true, mode: 0o700 });
  const list: Listed[] = [];
  const copy = async (name: string) => {
    task.progress(`copying ${name}`);
    list.push(...(await copyTree(path.join(task.dataDirectory, name), out, name)));
  };
  await copy('log');
  const dump = path.join(out, 'database/postgresql.dump');
  await source.snapshot({ copy: async () => await copy('database'), file: dump });
  if (source.engine === 'postgresql') list.push(await listedAt(out, 'database/postgresql.dump'));
  await copy('content');
  const erasures = await source.erasures();
  await writeNewFile(
    path.join(out, erasuresName),
    erasures.map(({ id, erasedAt }) => `${JSON.stringify({ id, erasedAt })}\n`).join(''),
  );
  list.push(await listedAt(out, erasuresName));
  const manifest = await writeManifest(out, list, { engine: source.engine, createdAt: task.now });
  const keys = await collectKeys(
    path.join(task.dataDirectory, 'keys'),
    new Set(erasures.map(({ id }) => id)),
  );
  task.progress('encrypting the keys');
  const head = { createdAt: task.now, manifest: manifest.digest };
  await finish(task, { out, sealed: await sealKeys(head, keys, task.access) });
  return {
    folder: task.out,
    keysFile: task.keysOut,
    manifest: manifest.digest,
    engine: source.engine,
    files: list.length,
    bytes: list.reduce((sum, { bytes }) => sum + bytes, 0),
    keys: keys.length,
    erasures: erasures.length,
  };
}

function refuseTaken({ out, keysOut, dataDirectory }: BackupTask): void {
  const inside = (inner: string, outer: string) => {
    const relative = path.relative(outer, inner);
    return !relative.startsWith('..') && !path.isAbsolute(relative);
  };
  const taken = [out, keysOut].find((place) => existsSync(place));
  const wrong =
    (taken !== undefined && `${taken}, which is there already`) ||
    (!existsSync(path.join(dataDirectory, 'keys')) && `${dataDirectory}, without keys in it`) ||
    (inside(keysOut, out) && 'keys in the folder of what they open') ||
    (inside(out, dataDirectory) && 'a backup in the data directory itself') ||
    (inside(keysOut, dataDirectory) && 'keys in the data directory itself');
  if (wrong === false) return;
  throw new Refused({
    code: 'backup-place-unusable',
    expected: 'a data directory, and two new places outside it for the backup and for its keys',
    got: wrong,
    todo: 'name others with --out and --keys-out; keep the two apart',
  });
}

/** Copies a folder of the data directory; what disappears meanwhile was erased or replaced. */
async function copyTree(from: string, out: string, name: string): Promise<readonly Listed[]> {
  const list: Listed[] = [];
  const made = new Set<string>();
  const copyOne = async (file: string) => {
    const to = path.join(out, name, file);
    if (!made.has(path.dirname(to))) {
      await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
      made.add(path.dirname(to));
    }
    const copied = await copyFile(path.join(from, file), to);
    if (copied === null) await rm(to, { force: true });
    else list.push({ path: `${name}/${file}`, ...copied });
  };
  // The checkpoint before the tiles: these are then at least as new as it.
  const first = name === 'log' ? ['checkpoint'] : [];
  for (const file of first) await copyOne(file);
  try {
    await together(filesBelow(from, '', transient), async (file) => {
      if (!first.includes(file)) await copyOne(file);
    });
    if (name === 'database') {
      for await (const folder of emptyFoldersBelow(from)) {
        const nothing = { bytes: 0, sha256: sha256Of(new Uint8Array()), folder: true as const };
        if (!transient.test(folder)) list.push({ path: `${name}/${folder}`, ...nothing });
      }
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  for (const folder of made) await syncDirectory(folder);
  return list;
}

/** What belongs to no backup: sockets, locks, what is half written. */
const transient = /(^|\/)(socket|lock|postmaster\.pid)($|\/)|\.new$/;

async function listedAt(out: string, name: string): Promise<Listed> {
  return { path: name, ...(await digestOf(path.join(out, name))) };
}

async function writeManifest(
  out: string,
  list: readonly Listed[],
  about: Pick<Manifest, 'engine' | 'createdAt'>,
): Promise<{ readonly digest: string }> {
  const text = list.map((each) => `${JSON.stringify(each)}\n`).join('');
  await writeNewFile(path.join(out, listName), text);
  const manifest: Manifest = {
    format: 'breakwater-backup/1',
    ...about,
    files: list.length,
    bytes: list.reduce((sum, { bytes }) => sum + bytes, 0),
    list: sha256Of(Buffer.from(text)),
  };
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  await writeNewFile(path.join(out, manifestName), bytes);
  return { digest: sha256Of(bytes) };
}

async function finish(
  { out, keysOut }: BackupTask,
  whole: { readonly out: string; readonly sealed: Uint8Array },
): Promise<void> {
  const beside = `${keysOut}.unfinished`;
  await rm(beside, { force: true });
  await mkdir(path.dirname(keysOut), { recursive: true, mode: 0o700 });
  {
    await using handle = await open(beside, 'wx', 0o600);
    await handle.writeFile(whole.sealed);
    await handle.sync();
  }
  await rename(beside, keysOut);
  await syncDirectory(path.dirname(keysOut));
  await rename(whole.out, out);
  await syncDirectory(path.dirname(out));
}
