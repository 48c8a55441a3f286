import { asObject } from '../json/read-json.ts';
import { fault } from './fault.ts';
import { evalLogLimits as limits } from './limits.ts';
import { formatLogJson, parseLogJson } from './log-json.ts';
import { indicesOf } from './references.ts';
import { fitting, type ListItem, type ListName, type SampleLists } from './sample-lists.ts';
import { shaped } from './shaped.ts';
import { SampleHead } from './shapes.ts';
import { packedText, wholeText } from './text.ts';
import type { Member } from './zip-directory.ts';
import type { Zip } from './zip-member.ts';

/** Where the parts of a sample lie that is kept in parts: `events/0.json`, `events/1000.json`, … */
interface Parts {
  readonly zip: Zip;
  readonly members: ReadonlyMap<string, Member>;
  /** `samples/{id}_epoch_{epoch}` */
  readonly prefix: string;
}

const folders = {
  pool: 'messages',
  events: 'events',
  calls: 'calls',
  texts: 'attachments',
} as const;
type Folder = keyof typeof folders;

/**
 * A sample in the form that Inspect writes from August 2026 on for large ones: a shell, and lists
 * in parts that are named by the number of their first element. The part that holds an element is
 * the one with the greatest number that is not beyond it.
 */
export async function readParts(parts: Parts): Promise<SampleLists> {
  const shell = asObject(await readDocument(parts, 'sample.json'));
  const { message_refs: messageRefs, ...members } = shell ?? {};
  const metadata = parts.members.has(`${parts.prefix}/metadata.json`)
    ? { metadata: await readDocument(parts, 'metadata.json') }
    : {};
  const head = shaped(SampleHead, { ...members, ...metadata }, parts.prefix);
  const lists = {
    pool: await openList(parts, 'pool'),
    events: await openList(parts, 'events'),
    calls: await openList(parts, 'calls'),
    texts: await openList(parts, 'texts'),
  };
  const messages = indicesOf(messageRefs, lists.pool.count);
  const read = async (list: ListName, at: readonly number[]): Promise<readonly ListItem[]> => {
    if (list !== 'messages') return await lists[list].items(at);
    const inPool = at.map((index) => messages[index] ?? 0);
    const items = await lists.pool.items(inPool);
    return items.map((item, i) => ({ ...item, at: at[i] ?? 0 }));
  };
  const count = (list: ListName) => (list === 'messages' ? messages.length : lists[list].count);
  return {
    head,
    count,
    // A part holds a thousand elements or 10 MiB; a page of one part is always small enough.
    fit: (list, from, limit) =>
      fitting(
        Array.from({ length: Math.min(limit, count(list) - from) }, () => 65_536),
        limits.pageBytesMax,
      ),
    items: read,
    attachments: async (names) => {
      const known = names.filter(
        (name) => /^\d{1,9}$/.test(name) && Number(name) < lists.texts.count,
      );
      const items = await lists.texts.items(known.map(Number));
      return new Map(
        items.flatMap(({ value }, i) =>
          typeof value === 'string' ? [[known[i] ?? '', value] as const] : [],
        ),
      );
    },
  };
}

interface PartList {
  readonly count: number;
  readonly items: (at: readonly number[]) => Promise<readonly ListItem[]>;
}

async function openList(parts: Parts, folder: Folder): Promise<PartList> {
  const starts = startsOf(parts, folder);
  let last: { start: number; values: readonly unknown[] } | null = null;
  const load = async (start: number): Promise<readonly unknown[]> => {
    if (last?.start === start) return last.values;
    const values = await readDocument(parts, `${folders[folder]}/${start}.json`);
    if (!Array.isArray(values)) throw broken(parts, `${folders[folder]}/${start}.json is no list`);
    last = { start, values };
    return values;
  };
  const end = starts.at(-1);
  const count = end === undefined ? 0 : end + (await load(end)).length;
  if (count > limits.itemsMax) throw broken(parts, `a list of ${count} elements`);
  return {
    count,
    items: async (at) => {
      const items: ListItem[] = [];
      for (const index of at) {
        const start = startBefore(starts, index);
        const values = await load(start);
        if (index - start >= values.length)
          throw broken(parts, `a part from ${start} on too short`);
        const value = values[index - start];
        items.push({ at: index, bytes: formatLogJson(value).length, value });
      }
      return items;
    },
  };
}

/** The numbers of a list's parts, ascending; the first must be 0. */
function startsOf({ members, prefix }: Parts, folder: Folder): readonly number[] {
  const before = `${prefix}/${folders[folder]}/`;
  const starts: number[] = [];
  for (const name of members.keys()) {
    if (!name.startsWith(before)) continue;
    const number = /^(0|[1-9]\d{0,8})\.json$/.exec(name.slice(before.length))?.[1];
    if (number !== undefined) starts.push(Number(number));
  }
  starts.sort((a, b) => a - b);
  if (starts.length > 0 && starts[0] !== 0)
    throw broken({ prefix }, 'a list without its first part');
  return starts;
}

function startBefore(starts: readonly number[], index: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= index) low = middle;
    else high = middle;
  }
  return starts[low] ?? 0;
}

async function readDocument({ zip, members, prefix }: Parts, name: string): Promise<unknown> {
  const member = members.get(`${prefix}/${name}`);
  if (member === undefined) throw broken({ prefix }, `no ${name}`);
  const bytes = await wholeText(packedText(zip, member), limits.documentBytesMax);
  return parseLogJson(bytes, member.name);
}

function broken({ prefix }: Pick<Parts, 'prefix'>, got: string) {
  return fault('damaged', { expected: 'a sample with all its parts', got: `${prefix}: ${got}` });
}
