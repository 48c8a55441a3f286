import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Client, type Output, type RecordFile, wishes } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { notWritten, readRegular, reasonOf, replaceFile } from '../files.ts';
import { optionsOf } from '../options.ts';
import { Stop } from '../stop.ts';
import { answered, sessionFor } from './session.ts';

type Taken = Output<typeof wishes.importRecords>;

/** The folders that records lie in, by kind (scrutineer's interchange page, Record layout). */
const kinds = ['certificate', 'claim', 'optout', 'route'] as const;
const recordName = /^[0-9a-f]{64}\.json$/;
const given = /^(?:certificate|optout|route)\/[0-9a-f]{64}\.json$/;

const recordBytesMax = 64 * 1024;
const recordsMax = 100_000;
/** So many in one request: each is at most 64 KiB, and the server takes 24 MiB. */
const perRequest = 300;

/** `federation import`: hands a feed's records in, as they lie in a folder. */
export async function importFeed(asked: Given, context: Context): Promise<ExitCode> {
  const folder = path.resolve(argument(asked, 0));
  const { feed, json } = optionsOf(
    z.object({ feed: z.string(), json: z.boolean().default(false) }),
    asked,
  );
  const client = sessionFor(asked, context);
  const { records, notUnderstood } = await readFeed(folder);
  const total: Taken = { added: 0, changed: 0, unchanged: 0, notUnderstood };
  for (let at = 0; at < records.length; at += perRequest) {
    context.terminal.progress(`${at} of ${records.length} records`);
    add(total, await send(client, { feed, records: records.slice(at, at + perRequest) }));
  }
  if (json) context.terminal.json(total);
  else sayTaken(total, context);
  return exitCodes.good;
}

async function send(
  client: Client,
  body: { readonly feed: string; readonly records: RecordFile[] },
): Promise<Taken> {
  return await answered(client.call(wishes.importRecords, { body: { ...body } }));
}

function add(total: Taken, more: Taken): void {
  total.added += more.added;
  total.changed += more.changed;
  total.unchanged += more.unchanged;
  total.notUnderstood.push(...more.notUnderstood);
}

function sayTaken({ added, changed, unchanged, notUnderstood }: Taken, { terminal }: Context) {
  terminal.line(`${added} added, ${changed} changed, ${unchanged} as before`);
  for (const { where, text } of notUnderstood) terminal.line(`not taken in: ${where}: ${text}`);
}

/** Reads a feed's folder. What is no plain file is told and not followed: a peer made it. */
async function readFeed(folder: string) {
  const records: RecordFile[] = [];
  const notUnderstood: Taken['notUnderstood'] = [];
  let seen = 0;
  for (const kind of kinds) {
    for (const name of await namesIn(path.join(folder, kind))) {
      const where = `${kind}/${name}`;
      const no = (code: string, text: string) => void notUnderstood.push({ where, code, text });
      seen += 1;
      if (seen > recordsMax) throw new Stop(tooMany(folder));
      if (name.endsWith('.json.age')) no('encrypted', 'it is encrypted for members of its feed');
      else if (!recordName.test(name)) no('no-record', 'its name is not that of a record');
      else if (!(await lstat(path.join(folder, where))).isFile()) no('no-file', 'not a plain file');
      else {
        const record = recordIn(await readRegular(path.join(folder, where), recordBytesMax));
        if (record === undefined) no('not-json', 'not an object in JSON');
        else records.push({ path: where, record });
      }
    }
  }
  return { records, notUnderstood };
}

/** What lies in a folder; nothing where there is none. A link to one is no folder of the feed. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const status = await lstat(folder).catch(() => null);
  if (status === null) return [];
  if (!status.isDirectory()) throw new Stop(notAFolder(folder));
  return (await readdir(folder)).toSorted();
}

function recordIn(bytes: Uint8Array): RecordFile['record'] | undefined {
  try {
    const parsed = z
      .record(z.string(), z.unknown())
      .safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** `federation export`: writes what the server tells others into a folder, for git to serve. */
export async function exportFeed(asked: Given, context: Context): Promise<ExitCode> {
  const folder = path.resolve(argument(asked, 0));
  const { json } = optionsOf(z.object({ json: z.boolean().default(false) }), asked);
  const client = sessionFor(asked, context);
  const { items } = await answered(client.call(wishes.records));
  const records = new Map(items.map((each) => [each.path, each.record]));
  const wild = items.find((each) => !given.test(each.path));
  if (wild !== undefined) throw new Stop(notAPath(wild.path));
  const done = { written: 0, unchanged: 0, removed: 0 };
  for (const kind of kinds) {
    const inKind = [...records].filter(([name]) => name.startsWith(`${kind}/`));
    const place = path.join(folder, kind);
    const there = await namesIn(place);
    if (inKind.length > 0) await mkdir(place, { recursive: true });
    for (const [name, record] of inKind) {
      const bytes = new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`);
      const changed = await putRecord(path.join(folder, name), bytes);
      done[changed ? 'written' : 'unchanged'] += 1;
    }
    for (const name of there) {
      if (!recordName.test(name) || records.has(`${kind}/${name}`)) continue;
      await rm(path.join(place, name));
      done.removed += 1;
    }
  }
  if (json) context.terminal.json(done);
  else {
    const { written, unchanged, removed } = done;
    context.terminal.line(`${written} written, ${unchanged} as before, ${removed} removed`);
  }
  return exitCodes.good;
}

/** Writes a record unless the same lies there; a link in its place is replaced, not followed. */
async function putRecord(file: string, bytes: Uint8Array): Promise<boolean> {
  try {
    const status = await lstat(file).catch(() => null);
    if (status?.isFile() === true && status.size <= recordBytesMax) {
      const there = await readRegular(file, recordBytesMax);
      if (Buffer.compare(there, bytes) === 0) return false;
    }
    await replaceFile(file, bytes);
    return true;
  } catch (error) {
    throw error instanceof Stop ? error : notWritten(file, reasonOf(error));
  }
}

function tooMany(folder: string) {
  return {
    code: 'too-many-records',
    expected: `at most ${recordsMax} records in a feed`,
    got: `more in ${folder}`,
    todo: 'check that this is the folder of a feed',
  };
}

function notAFolder(folder: string) {
  return {
    code: 'not-a-folder',
    expected: 'a folder of records, not a link or a file',
    got: folder,
    todo: 'check who wrote this feed',
  };
}

function notAPath(name: string) {
  return {
    code: 'path-refused',
    expected: 'records at a kind and a digest, such as optout/ab….json',
    got: name.slice(0, 100),
    todo: 'check that this is a Breakwater server',
  };
}
