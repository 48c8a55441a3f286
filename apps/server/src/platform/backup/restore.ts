import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseId } from '@breakwater/kernel';
import { checkLog, entryBytes } from '@breakwater/log';
import { type ContentStore, openContentStore } from '../content/content.ts';
import { isMissing, syncDirectory } from '../content/durable-file.ts';
import { openKeyStore } from '../content/key-store.ts';
import {
  type KeyAccess,
  type KeyFile,
  type KeysHead,
  openKeys,
  withoutErased,
} from './keys-file.ts';
import {
  checkFiles,
  copyFile,
  ErasureLine,
  erasuresName,
  type Listed,
  type Manifest,
  readManifest,
  together,
  writeNewFile,
} from './manifest.ts';
import { Refused } from './refused.ts';

type Erasure = ReturnType<typeof ErasureLine.parse>;

/** The database a backup is restored into. */
export interface RestoreTarget {
  readonly engine: Manifest['engine'];
  readonly isEmpty: () => Promise<boolean>;
  /**
   * Brings the database up from what lies in `staging` and marks these erasures in it; answers with
   * how many it did not know, and which items it holds as readable.
   */
  readonly load: (
    staging: string,
    erasures: readonly Erasure[],
  ) => Promise<{ readonly marked: number; readonly live: readonly string[] }>;
}

export interface RestoreTask {
  readonly folder: string;
  readonly keysFile: string;
  readonly access: KeyAccess;
  readonly dataDirectory: string;
  /** Lists of erasures that are newer than the backup: from later backups. */
  readonly erasureLists: readonly string[];
  /** A checkpoint that was saved elsewhere: the log must have grown to what it is from there. */
  readonly since: string | null;
  /** The verifier keys of the log, by its name, from the signing keys in `directory`. */
  readonly verifierKeys: (directory: string, origin: string) => Promise<readonly string[]>;
  readonly otherKeys: boolean;
  readonly progress: (text: string) => void;
}

export interface RestoreReport {
  readonly dataDirectory: string;
  readonly createdAt: string;
  readonly engine: Manifest['engine'];
  readonly files: number;
  readonly keysCreatedAt: string;
  /** Erased items: known to the backup, and learnt from the lists given. */
  readonly erasedBefore: number;
  readonly erasedSince: readonly string[];
  /** Items the database holds whose key or ciphertext is in neither part. */
  readonly unreadable: number;
  readonly log: { readonly origin: string; readonly size: number } | null;
  readonly checkedSince: boolean;
}

/**
 * Restores a backup into an empty place, or refuses and leaves nothing. Everything is put beside
 * the data directory and gets its name as the last step.
 *
 * Erased items stay erased: no key and no ciphertext of an item in any of the lists is brought
 * back, from however old a keys file. An erasure that is in none of the lists cannot be known here.
 */
export async function restoreBackup(
  target: RestoreTarget,
  task: RestoreTask,
): Promise<RestoreReport> {
  await refuseFull(target, task);
  const { manifest, digest } = await readManifest(task.folder);
  if (manifest.engine !== target.engine) throw new Refused(otherEngine(manifest, target));
  const list = await checkFiles(task.folder, manifest, (done, total) =>
    task.progress(`checking ${done} of ${total} files`),
  );
  const opened = await openKeys(task.keysFile, task.access);
  if (opened.head.manifest !== digest && !task.otherKeys) {
    throw new Refused(keysOfAnother(opened.head, manifest));
  }
  const before = await erasuresIn(path.join(task.folder, erasuresName));
  const all = new Map(before.map((each) => [each.id, each]));
  for (const file of task.erasureLists) {
    for (const each of await erasuresIn(file)) if (!all.has(each.id)) all.set(each.id, each);
  }
  const staging = `${task.dataDirectory}.restoring`;
  await rm(staging, { recursive: true, force: true });
  try {
    const erased = new Set(all.keys());
    await putFiles(staging, list, { task, erased });
    await putKeys(staging, withoutErased(opened.keys, erased));
    await eraseInPacks(staging, erased);
    const log = await checkRestoredLog(staging, task);
    task.progress('bringing up the database');
    const { marked, live } = await target.load(staging, [...all.values()]);
    const unreadable = await countUnreadable(staging, live);
    const known = new Set(before.map(({ id }) => id));
    await takePlace(staging, task.dataDirectory);
    return {
      dataDirectory: task.dataDirectory,
      createdAt: manifest.createdAt,
      engine: manifest.engine,
      files: list.length,
      keysCreatedAt: opened.head.createdAt,
      erasedBefore: before.length,
      erasedSince: marked === 0 ? [] : [...erased].filter((id) => !known.has(id)),
      unreadable,
      log,
      checkedSince: task.since !== null,
    };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
}

async function refuseFull(target: RestoreTarget, { dataDirectory }: RestoreTask): Promise<void> {
  const names = await readdir(dataDirectory).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const full = names.length > 0;
  if (!full && (await target.isEmpty())) return;
  throw new Refused({
    code: 'place-not-empty',
    expected: 'an empty data directory, and with PostgreSQL an empty database',
    got: full
      ? `${dataDirectory}, with ${names.length} names in it`
      : 'a database with tables in it',
    todo: 'name an empty place; what is there is never overwritten',
  });
}

interface Putting {
  readonly task: RestoreTask;
  readonly erased: ReadonlySet<string>;
}

/** Copies what was checked, and holds it against its digest once more: it may have changed since. */
async function putFiles(
  staging: string,
  list: readonly Listed[],
  { task, erased }: Putting,
): Promise<void> {
  await mkdir(staging, { recursive: true, mode: 0o700 });
  await together(list.entries(), async ([index, { path: name, sha256, folder }]) => {
    if (index % 64 === 0) task.progress(`copying ${index} of ${list.length} files`);
    const gone = name.startsWith('content/') && erased.has(path.basename(name));
    if (gone || name === erasuresName) return;
    const to = path.join(staging, name);
    await mkdir(folder === true ? to : path.dirname(to), { recursive: true, mode: 0o700 });
    if (folder === true) return;
    const copied = await copyFile(path.join(task.folder, name), to);
    if (copied?.sha256 !== sha256) throw new Refused(changedMeanwhile(name));
  });
}

async function putKeys(staging: string, keys: readonly KeyFile[]): Promise<void> {
  await together(keys, async ({ path: name, bytes }) => {
    const to = path.join(staging, 'keys', name);
    await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
    await writeNewFile(to, bytes);
  });
}

/** Takes what was sealed of erased items out of the files that they share with others. */
async function eraseInPacks(staging: string, erased: ReadonlySet<string>): Promise<void> {
  const store = await storeIn(staging);
  await store.eraseAll([...erased].flatMap((id) => parseId('content', id) ?? []));
}

async function storeIn(staging: string): Promise<ContentStore> {
  const keys = await openKeyStore(path.join(staging, 'keys/content'));
  return await openContentStore(path.join(staging, 'content'), keys);
}

/** The whole log, and with a saved checkpoint the step from it; null where there was none yet. */
async function checkRestoredLog(
  staging: string,
  task: RestoreTask,
): Promise<{ origin: string; size: number } | null> {
  const checkpoint = await readFile(path.join(staging, 'log/checkpoint'), 'utf8').catch(() => null);
  const since = task.since === null ? null : await readFile(task.since).catch(() => null);
  if (task.since !== null && since === null) {
    throw new Refused(logFails([`the saved checkpoint ${task.since} cannot be read`]));
  }
  if (checkpoint === null) {
    if (since === null) return null;
    throw new Refused(logFails(['the backup has no checkpoint']));
  }
  task.progress('checking the log');
  const [origin = '', size = ''] = checkpoint.split('\n');
  const report = await checkLog({
    fetchFile: async (name) =>
      await readFile(path.join(staging, 'log', name)).then(
        (bytes) => new Uint8Array(bytes),
        () => null,
      ),
    vkeys: [...(await task.verifierKeys(path.join(staging, 'keys/signing'), origin))],
    entryBytes,
    ...(since === null ? {} : { since: new Uint8Array(since) }),
  });
  if (!report.holds) throw new Refused(logFails(report.findings.map(({ message }) => message)));
  return { origin, size: Number(size) };
}

async function countUnreadable(staging: string, live: readonly string[]): Promise<number> {
  const store = await storeIn(staging);
  let count = 0;
  for (const id of live) {
    const item = parseId('content', id);
    if (item === null || !(await store.holds(item))) count += 1;
  }
  return count;
}

/** A rename onto an empty folder replaces it; onto a full one it fails, and nothing happened. */
async function takePlace(staging: string, dataDirectory: string): Promise<void> {
  await mkdir(path.dirname(dataDirectory), { recursive: true });
  await rename(staging, dataDirectory);
  await syncDirectory(path.dirname(dataDirectory));
}

async function erasuresIn(file: string): Promise<readonly Erasure[]> {
  const list: Erasure[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      list.push(ErasureLine.parse(JSON.parse(line)));
    }
    return list;
  } catch {
    throw new Refused({
      code: 'erasures-unreadable',
      expected: `a list of erasures, such as ${erasuresName} of a later backup`,
      got: `${file}: missing or of another form`,
      todo: 'check the path; without it, what was erased since may come back',
    });
  }
}

function otherEngine(manifest: Manifest, target: RestoreTarget) {
  const names = { embedded: 'the embedded database', postgresql: 'PostgreSQL' };
  return {
    code: 'other-database',
    expected: `a backup of ${names[target.engine]}`,
    got: `one of ${names[manifest.engine]}`,
    todo:
      manifest.engine === 'embedded'
        ? 'unset DATABASE_URL for this restoration'
        : 'set DATABASE_URL to an empty database of PostgreSQL',
  };
}

function keysOfAnother({ createdAt }: KeysHead, manifest: Manifest) {
  return {
    code: 'keys-of-another-backup',
    expected: `the keys that were written with this backup, of ${manifest.createdAt}`,
    got: `keys of ${createdAt}`,
    todo: 'give those; or, if they are lost, add --other-keys: content without its key stays unreadable',
  };
}

function changedMeanwhile(name: string) {
  return {
    code: 'backup-damaged',
    expected: 'a backup that stays as it is while it is restored',
    got: `${name}, changed meanwhile`,
    todo: 'see who writes there, and restore again; nothing was restored',
  };
}

function logFails(faults: readonly string[]) {
  return {
    code: 'log-does-not-hold',
    expected: 'a log that holds, and that continues the saved checkpoint',
    got: faults.slice(0, 5).join('; '),
    todo: 'find a newer backup; if there is none, docs/operate/backup.md says what to do',
  };
}
