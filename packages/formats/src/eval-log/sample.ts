import { ok, type Result } from '@breakwater/kernel';
import type { LogPage, LogRange } from './eval-log.ts';
import { type EvalLogCode, guarded, LogFault } from './fault.ts';
import { evalLogLimits as limits } from './limits.ts';
import { resolveItems } from './references.ts';
import type { ListItem, ListName, SampleLists } from './sample-lists.ts';
import { shaped } from './shaped.ts';
import { LogEvent, LogMessage, SampleHead } from './shapes.ts';

/** An element of a list, and how large it is in the log. */
export interface LogItem<T> {
  readonly at: number;
  readonly bytes: number;
  /** null: larger than `evalLogLimits.pieceBytesMax`. */
  readonly value: T | null;
}

export interface ListOptions {
  /** `kept`: references stay as they are in the log, so that a page is read in one go. */
  readonly references?: 'resolved' | 'kept';
}

export type LogList<T> = (
  range: LogRange,
  options?: ListOptions,
) => Promise<Result<LogPage<LogItem<T>>, EvalLogCode>>;

/** One sample, of which only the places of its parts are held. */
export interface LogSample {
  /** Everything but the lists; its references are resolved. */
  readonly head: SampleHead;
  readonly messageCount: number;
  readonly eventCount: number;
  readonly messages: LogList<LogMessage>;
  readonly events: LogList<LogEvent>;
}

export async function openSample(lists: SampleLists): Promise<LogSample> {
  const event = (value: unknown) => shaped(LogEvent, value, 'an event');
  const message = (value: unknown) => shaped(LogMessage, value, 'a message');
  return {
    head: await resolvedHead(lists),
    messageCount: lists.count('messages'),
    eventCount: lists.count('events'),
    messages: (range, options) =>
      guarded(() => readList({ lists, list: 'messages', shape: message }, range, options)),
    events: (range, options) =>
      guarded(() => readList({ lists, list: 'events', shape: event }, range, options)),
  };
}

/** Events in their shape; what is longer than a piece stays null. */
export function asEvents(items: readonly ListItem[]): readonly LogItem<LogEvent>[] {
  return items.map(({ value, ...item }) => ({
    ...item,
    value: value === null ? null : shaped(LogEvent, value, 'an event'),
  }));
}

/** A head that would become too large keeps its references. */
async function resolvedHead(lists: SampleLists): Promise<SampleHead> {
  const resolved = await guarded(() =>
    resolveItems(lists, [{ at: 0, bytes: 0, value: lists.head }]),
  );
  return resolved.ok ? shaped(SampleHead, resolved.value[0]?.value, 'a sample') : lists.head;
}

interface ReadFrom<T> {
  readonly lists: SampleLists;
  readonly list: ListName;
  readonly shape: (value: unknown) => T;
}

async function readList<T>(
  { lists, list, shape }: ReadFrom<T>,
  range: LogRange,
  { references = 'resolved' }: ListOptions = {},
): Promise<LogPage<LogItem<T>>> {
  const total = lists.count(list);
  const { from, limit } = withinBounds(range, total);
  let count = limit === 0 ? 0 : lists.fit(list, from, limit);
  for (;;) {
    const at = Array.from({ length: count }, (_, i) => from + i);
    const items = await lists.items(list, at);
    const resolved: Result<readonly ListItem[], EvalLogCode> =
      references === 'kept' ? ok(items) : await guarded(() => resolveItems(lists, items));
    if (resolved.ok) return pageOf(resolved.value, { from, total, shape });
    // What a page refers to may be much larger than itself: then it holds fewer elements.
    if (resolved.refusal.code !== 'too-large' || count <= 1) throw new LogFault(resolved.refusal);
    count = Math.ceil(count / 2);
  }
}

function pageOf<T>(
  items: readonly ListItem[],
  { from, total, shape }: { from: number; total: number; shape: (value: unknown) => T },
): LogPage<LogItem<T>> {
  const next = from + items.length;
  return {
    from,
    total,
    items: items.map(({ value, ...item }) => ({
      ...item,
      value: value === null ? null : shape(value),
    })),
    next: next < total ? next : null,
  };
}

/** A range that asks for nothing that is not there, and for no more than a page. */
export function withinBounds({ from, limit }: LogRange, total: number): LogRange {
  const whole = (value: number, max: number) => (value > 0 ? Math.min(Math.trunc(value), max) : 0);
  const start = whole(from, total);
  return { from: start, limit: whole(limit, Math.min(limits.pageItemsMax, total - start)) };
}
