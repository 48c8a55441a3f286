import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { syncDirectory } from '../content/durable-file.ts';
import { Refused } from './refused.ts';

export const manifestName = 'manifest.json';
export const listName = 'files.ndjson';
export const erasuresName = 'erasures.ndjson';
const manifestBytesMax = 1024 * 1024;
const filesMax = 20_000_000;

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

export const Manifest = z.strictObject({
  format: z.literal('breakwater-backup/1'),
  createdAt: z.string(),
  engine: z.enum(['embedded', 'postgresql']),
  files: z.number().int().min(0),
  bytes: z.number().int().min(0),
  /** SHA-256 of the list of files, which has that of each file. */
  list: Digest,
});
export type Manifest = z.infer<typeof Manifest>;

/** Parts of plain characters, none of them `.` or `..`: a list cannot name a file elsewhere. */
const partShape = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,200}$/;
const folders = ['log', 'database', 'content'];

const Listed = z.strictObject({
  path: z
    .string()
    .max(1_000)
    .refine((text) => {
      const [first = '', ...rest] = text.split('/');
      const inFolder = folders.includes(first) && rest.length > 0;
      return (text === erasuresName || inFolder) && rest.every((part) => partShape.test(part));
    }),
  bytes: z.number().int().min(0),
  sha256: Digest,
  /** An empty folder, which the embedded database misses where a copy left it out. */
  folder: z.literal(true).optional(),
});
export type Listed = z.infer<typeof Listed>;

/** One erasure in a list of them. */
export const ErasureLine = z.object({ id: z.string().max(100), erasedAt: z.string().max(40) });

/** Reads a manifest and answers with its digest too. */
export async function readManifest(
  folder: string,
): Promise<{ readonly manifest: Manifest; readonly digest: string }> {
  const file = path.join(folder, manifestName);
  try {
    if ((await stat(file)).size > manifestBytesMax) throw new Error('too long');
    const bytes = await readFile(file);
    return { manifest: Manifest.parse(JSON.parse(bytes.toString())), digest: sha256Of(bytes) };
  } catch {
    throw damaged(['the manifest is missing or malformed']);
  }
}

/**
 * Holds every file of a backup against its digest; throws with what is wrong: changed, cut short,
 * missing, or there without being listed.
 */
export async function checkFiles(
  folder: string,
  manifest: Manifest,
  progress: (done: number, total: number) => void,
): Promise<readonly Listed[]> {
  const list = await readList(folder, manifest);
  const faults: string[] = [];
  for (const [index, { path: name, bytes, sha256, folder: empty }] of list.entries()) {
    if (empty === true) continue;
    const found = await digestOf(path.join(folder, name)).catch(() => null);
    if (found === null) faults.push(`${name} is missing`);
    else if (found.bytes !== bytes) faults.push(`${name} has ${found.bytes} bytes, not ${bytes}`);
    else if (found.sha256 !== sha256) faults.push(`${name} was changed`);
    if (index % 64 === 0) progress(index, list.length);
  }
  const listed = new Set([...list.map((each) => each.path), manifestName, listName]);
  for await (const name of filesBelow(folder)) {
    if (!listed.has(name)) faults.push(`${name} is not of this backup`);
  }
  if (faults.length > 0) throw damaged(faults);
  return list;
}

async function readList(folder: string, manifest: Manifest): Promise<readonly Listed[]> {
  const file = path.join(folder, listName);
  const found = await digestOf(file).catch(() => null);
  if (found?.sha256 !== manifest.list || manifest.files > filesMax) {
    throw damaged(['the list of files was changed or is missing']);
  }
  const list: Listed[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      list.push(Listed.parse(JSON.parse(line)));
    }
  } catch {
    throw damaged(['the list of files is malformed']);
  }
  if (list.length !== manifest.files) throw damaged(['the list of files has another length']);
  return list;
}

/** Size and SHA-256 of a file. */
export async function digestOf(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of createReadStream(file)) {
    const chunk: Uint8Array = part; // a stream without an encoding gives bytes
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** SHA-256 as hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Every file below a folder, by its path in it, without what `leftOut` matches; anything else that
 * is neither file nor folder throws.
 */
export async function* filesBelow(
  folder: string,
  prefix = '',
  leftOut: RegExp | null = null,
): AsyncGenerator<string> {
  const entries = await readdir(path.join(folder, prefix), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (leftOut?.test(name) === true) continue;
    if (entry.isDirectory()) yield* filesBelow(folder, name, leftOut);
    else if (entry.isFile()) yield name;
    else throw damaged([`${name} is neither a file nor a folder`]);
  }
}

/** Every folder below a folder in which there is nothing. */
export async function* emptyFoldersBelow(folder: string, prefix = ''): AsyncGenerator<string> {
  const entries = await readdir(path.join(folder, prefix), { withFileTypes: true });
  if (entries.length === 0 && prefix !== '') yield prefix;
  for (const entry of entries) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) yield* emptyFoldersBelow(folder, name);
  }
}

/** Files that are copied at once: each waits for the disk, and the disk takes several together. */
const atOnce = 16;

/** Does `work` on every item, several at once; the first failure is thrown once all have stopped. */
export async function together<T>(
  items: AsyncIterable<T> | Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  for await (const item of items) {
    const one = work(item).finally(() => running.delete(one));
    running.add(one);
    // Rejections are met below; here only that one has ended counts.
    if (running.size >= atOnce) await Promise.race(running);
  }
  await Promise.all(running);
}

/** Copies one file and syncs it; answers with what was copied, or null where it is gone. */
export async function copyFile(
  from: string,
  to: string,
): Promise<{ bytes: number; sha256: string } | null> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await using source = await open(from, 'r');
    await using target = await open(to, 'wx', 0o600);
    for await (const part of source.createReadStream({ autoClose: false })) {
      const chunk: Uint8Array = part; // a stream without an encoding gives bytes
      hash.update(chunk);
      bytes += chunk.length;
      await target.writeFile(chunk);
    }
    await target.sync();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Writes a new file whole and syncs it and its folder. */
export async function writeNewFile(file: string, data: string | Uint8Array): Promise<void> {
  {
    await using handle = await open(file, 'wx', 0o600);
    await handle.writeFile(data);
    await handle.sync();
  }
  await syncDirectory(path.dirname(file));
}

function damaged(faults: readonly string[]): Refused {
  const more = faults.length > 5 ? `; and ${faults.length - 5} more` : '';
  return new Refused({
    code: 'backup-damaged',
    expected: 'a backup as it was written',
    got: `${faults.slice(0, 5).join('; ')}${more}`,
    todo: 'restore another backup, or fetch this one again; nothing was restored',
  });
}
