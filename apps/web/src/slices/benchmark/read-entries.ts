import type { LogItem, LogPage, LogRange, LogSample } from '@breakwater/formats/eval-log';
import { ok, type Result } from '@breakwater/kernel';
import { type Entry, eventEntry, messageEntry, textOf } from './transcript.ts';

/** The two lists of a sample: what was said in the end, and everything that happened. */
export type ListName = 'messages' | 'events';

/** One message or event; `entry` null: too large to show. */
export interface Numbered {
  readonly at: number;
  readonly bytes: number;
  readonly time: string;
  readonly entry: Entry | null;
}

/** How many messages, or events, a sample has. */
export function countOf(sample: LogSample, list: ListName): number {
  return list === 'messages' ? sample.messageCount : sample.eventCount;
}

/** A page of a sample, as a reader sees it. */
export async function readEntries(
  sample: LogSample,
  list: ListName,
  range: LogRange,
): Promise<Result<LogPage<Numbered>>> {
  if (list === 'messages') {
    const page = await sample.messages(range);
    if (!page.ok) return page;
    return ok(numbered(page.value, messageEntry));
  }
  // A model's event refers to the whole conversation before it, which nobody reads here again.
  const page = await sample.events(range, { references: 'kept' });
  if (!page.ok) return page;
  const items: Numbered[] = [];
  for (const item of page.value.items) {
    const entry = item.value === null ? null : eventEntry(item.value);
    if (entry === null || !textOf(entry).includes('attachment://')) {
      items.push({ ...placeOf(item), entry });
      continue;
    }
    const whole = await sample.events({ from: item.at, limit: 1 });
    const value = whole.ok ? whole.value.items[0]?.value : null;
    items.push({ ...placeOf(item), entry: value ? eventEntry(value) : entry });
  }
  return ok({ ...page.value, items });
}

type Item = LogItem<Readonly<Record<string, unknown>>>;

function placeOf({ at, bytes, value }: Item): Omit<Numbered, 'entry'> {
  const time = value?.['timestamp'];
  return { at, bytes, time: typeof time === 'string' ? time : '' };
}

function numbered<T extends Readonly<Record<string, unknown>>>(
  page: LogPage<LogItem<T>>,
  entryOf: (value: T) => Entry,
): LogPage<Numbered> {
  const items = page.items.map((item) => ({
    ...placeOf(item),
    entry: item.value === null ? null : entryOf(item.value),
  }));
  return { ...page, items };
}

/** Where a word was found. */
export interface Hit {
  readonly at: number;
  readonly title: string;
  /** The word with what stands around it. */
  readonly around: string;
}

const hitsMax = 200;
const pageItems = 200;
const aroundCharacters = 60;

/**
 * Looks for a word in one list of a sample, page by page, and tells each page's hits as they come.
 *
 * Ends at the end, after 200 hits, or when `isOver` says so.
 */
export async function* searchSample(
  sample: LogSample,
  { list, word, isOver }: { list: ListName; word: string; isOver: () => boolean },
): AsyncGenerator<{
  readonly hits: readonly Hit[];
  readonly searched: number;
  readonly refused: string;
}> {
  const small = word.toLowerCase();
  let found = 0;
  for (let from: number | null = 0; from !== null && !isOver() && found < hitsMax; ) {
    const page: Result<LogPage<Numbered>> = await readEntries(sample, list, {
      from,
      limit: pageItems,
    });
    if (!page.ok) {
      yield { hits: [], searched: from, refused: `${page.refusal.expected}; ${page.refusal.got}` };
      return;
    }
    const hits = page.value.items.flatMap((item) => hitOf(item, small)).slice(0, hitsMax - found);
    found += hits.length;
    yield { hits, searched: from + page.value.items.length, refused: '' };
    from = page.value.next;
  }
}

function hitOf({ at, entry }: Numbered, small: string): readonly Hit[] {
  if (entry === null) return [];
  const text = textOf(entry);
  const place = text.toLowerCase().indexOf(small);
  if (place < 0) return [];
  const start = Math.max(0, place - aroundCharacters);
  const around = text.slice(start, place + small.length + aroundCharacters).replaceAll(/\s+/g, ' ');
  return [{ at, title: entry.title, around }];
}
