import {
  type JsonChoice,
  type JsonPath,
  type JsonPiece,
  JsonSplitter,
} from '../json/split-json.ts';
import { fault } from './fault.ts';
import { evalLogLimits as limits } from './limits.ts';
import { parseLogJson } from './log-json.ts';
import { fitting, type ListItem, type ListName, type SampleLists } from './sample-lists.ts';
import { shaped } from './shaped.ts';
import { SampleHead } from './shapes.ts';
import { splitText } from './split-text.ts';
import type { LogText, Range } from './text.ts';

/** Places of a list's elements: two numbers each, so that a hundred thousand cost little. */
class Places {
  #numbers = new Float64Array(64);
  length = 0;

  add({ offset, end }: JsonPiece): void {
    if (this.length * 2 === this.#numbers.length) {
      const wider = new Float64Array(this.#numbers.length * 2);
      wider.set(this.#numbers);
      this.#numbers = wider;
    }
    this.#numbers[this.length * 2] = offset;
    this.#numbers[this.length * 2 + 1] = end;
    this.length += 1;
  }

  at(index: number): Range {
    return { start: this.#numbers[index * 2] ?? 0, end: this.#numbers[index * 2 + 1] ?? 0 };
  }

  *sizes(from: number, limit: number): Generator<number> {
    const to = Math.min(this.length, from + limit);
    for (let i = from; i < to; i += 1) {
      const { start, end } = this.at(i);
      yield end - start;
    }
  }
}

/**
 * Goes through the text of a sample once and remembers where each message, event and attachment
 * stands, without holding any of them; what is small is read.
 */
export async function indexSample(text: LogText): Promise<SampleLists> {
  const lists: Record<ListName, Places> = {
    messages: new Places(),
    events: new Places(),
    pool: new Places(),
    calls: new Places(),
  };
  const attachments = new Map<string, Range>();
  const members: [string, unknown][] = [];
  const splitter = new JsonSplitter({
    choose,
    limits: {
      depthMax: limits.depthMax,
      pieceBytesMax: limits.pieceBytesMax,
      membersMax: limits.membersMax,
    },
  });
  for await (const piece of splitText(text, splitter)) {
    const place = placeOf(piece.path);
    if (place === 'attachments') {
      attachments.set(String(piece.path.at(-1)), { start: piece.offset, end: piece.end });
    } else if (place !== null) {
      lists[place].add(piece);
      if (lists[place].length > limits.itemsMax) throw tooManyItems(text.name);
    } else if (piece.path.length === 1) {
      members.push([String(piece.path[0]), memberOf(piece, text.name)]);
    }
  }
  const head = shaped(SampleHead, ofRelease(Object.fromEntries(members)), text.name);
  return {
    head,
    count: (list) => lists[list].length,
    fit: (list, from, limit) => fitting(lists[list].sizes(from, limit), limits.pageBytesMax),
    items: (list, at) => readItems(text, lists[list], at),
    attachments: (names) => readAttachments(text, attachments, names),
  };
}

const listPaths: Readonly<Record<string, ListName>> = {
  messages: 'messages',
  events: 'events',
  'transcript/events': 'events',
  'events_data/messages': 'pool',
  'events_data/calls': 'calls',
  // as a few releases had it
  message_pool: 'pool',
  call_pool: 'calls',
};
/** Releases before 0.3.45 kept events, and what they refer to, in `transcript`. */
const attachmentPaths = ['attachments', 'transcript/content'];
const holders = ['events_data', 'transcript'];

function choose(path: JsonPath, opening: '{' | '[' | 'other'): JsonChoice {
  const at = path.join('/');
  const isList = Object.hasOwn(listPaths, at);
  if (path.length === 0 || holders.includes(at) || attachmentPaths.includes(at)) {
    return opening === '{' ? 'enter' : 'keep';
  }
  if (isList) return opening === '[' ? 'enter' : 'keep';
  if (path.length === 1) return 'keep';
  return placeOf(path) === null ? 'skip' : 'locate';
}

/**
 * The first events of a sample, read no further than they go: of a very large one, its beginning is
 * there long before `indexSample` is through. What they refer to stands behind them and is not read.
 */
export async function readFirstEvents(text: LogText, limit: number): Promise<readonly ListItem[]> {
  const splitter = new JsonSplitter({
    choose: (path, opening) => {
      const at = path.join('/');
      if (path.length === 0 || at === 'transcript') return opening === '{' ? 'enter' : 'skip';
      if (listPaths[at] === 'events') return opening === '[' ? 'enter' : 'skip';
      return placeOf(path) === 'events' ? 'keep' : 'skip';
    },
    limits: {
      depthMax: limits.depthMax,
      pieceBytesMax: limits.pieceBytesMax,
      membersMax: limits.membersMax,
    },
  });
  const items: ListItem[] = [];
  let sum = 0;
  for await (const { path, offset, end, bytes } of splitText(text, splitter)) {
    if (placeOf(path) !== 'events') continue;
    sum += end - offset;
    if (items.length > 0 && sum > limits.pageBytesMax) break;
    const value = bytes === null ? null : parseLogJson(bytes, text.name);
    items.push({ at: items.length, bytes: end - offset, value });
    if (items.length >= limit) break;
  }
  return items;
}

/** What a path is an element of: a list, or the attachments. */
function placeOf(path: JsonPath): ListName | 'attachments' | null {
  const parent = path.slice(0, -1).join('/');
  if (attachmentPaths.includes(parent)) return 'attachments';
  return typeof path.at(-1) === 'number' ? (listPaths[parent] ?? null) : null;
}

function memberOf({ bytes, path }: JsonPiece, named: string): unknown {
  if (bytes !== null) return parseLogJson(bytes, `${named}, its ${path[0]}`);
  const expected = `members of at most ${limits.pieceBytesMax} bytes beside the lists`;
  throw fault('too-large', { expected, got: `${named}, its ${path[0]}` });
}

/** The first release of logs had one score without a name. */
function ofRelease(members: Record<string, unknown>): Record<string, unknown> {
  const { score, ...others } = members;
  if (score === undefined || score === null || others['scores'] !== undefined) return members;
  return { ...others, scores: { score } };
}

async function readItems(
  text: LogText,
  places: Places,
  at: readonly number[],
): Promise<readonly ListItem[]> {
  const isHeld = (range: Range) => range.end - range.start <= limits.pieceBytesMax;
  const ranges = at.map((index) => places.at(index));
  const texts = (await text.ranges(ranges.filter(isHeld))).values();
  return ranges.map((range, i) => {
    const bytes = range.end - range.start;
    const held = isHeld(range) ? texts.next().value : undefined;
    const value = held === undefined ? null : parseLogJson(held, text.name);
    return { at: at[i] ?? 0, bytes, value };
  });
}

async function readAttachments(
  text: LogText,
  places: ReadonlyMap<string, Range>,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = names
    .flatMap((name) => {
      const range = places.get(name);
      return range === undefined ? [] : [{ name, ...range }];
    })
    .toSorted((a, b) => a.start - b.start);
  const texts = await text.ranges(found);
  return new Map(
    found.flatMap(({ name }, i) => {
      const value = parseLogJson(texts[i] ?? new Uint8Array(0), text.name);
      return typeof value === 'string' ? [[name, value] as const] : [];
    }),
  );
}

function tooManyItems(named: string) {
  const expected = `lists of at most ${limits.itemsMax} elements`;
  return fault('too-many', { expected, got: `more, in ${named}` });
}
