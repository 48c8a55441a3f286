import { asObject } from '../json/read-json.ts';
import { evalLogLimits as limits } from './limits.ts';
import type { ListItem, ListName, SampleLists } from './sample-lists.ts';
import { pageTooLarge } from './text.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * Puts in place what the elements of a page refer to: the messages of model events
 * (`input_refs`, `call_refs`: ranges into what the sample keeps once) and long texts
 * (`attachment://<name>`, in early logs `tc://<name>`). A reference to nothing stays as it is.
 *
 * The whole may become `evalLogLimits.pageBytesMax` large, each text counted as often as it is put in.
 */
export async function resolveItems(
  lists: SampleLists,
  items: readonly ListItem[],
): Promise<readonly ListItem[]> {
  const budget = new Budget();
  for (const { bytes, value } of items) if (value !== null) budget.spend(bytes);
  const pool = await readReferred(lists, 'pool', items, budget);
  const calls = await readReferred(lists, 'calls', items, budget);
  const inPlace = items.map((item) => ({ ...item, value: withReferred(item.value, pool, calls) }));
  const names = new Set<string>();
  for (const { value } of inPlace) collectNames(value, names);
  if (names.size === 0) return inPlace;
  const texts = await lists.attachments([...names]);
  return inPlace.map((item) => ({ ...item, value: withTexts(item.value, texts, budget) }));
}

/** What a sample keeps once, as far as a page refers to it. */
interface Referred {
  readonly count: number;
  readonly values: ReadonlyMap<number, unknown>;
}

class Budget {
  #spent = 0;

  spend(bytes: number): void {
    this.#spent += bytes;
    if (this.#spent > limits.pageBytesMax) throw pageTooLarge(this.#spent);
  }
}

async function readReferred(
  lists: SampleLists,
  list: ListName & ('pool' | 'calls'),
  items: readonly ListItem[],
  budget: Budget,
): Promise<Referred> {
  const count = lists.count(list);
  const wanted = items.map(({ value }) => indicesOf(refsOf(value, list), count));
  const distinct = [...new Set(wanted.flat())].toSorted((a, b) => a - b);
  const read = await lists.items(list, distinct);
  const sizes = new Map(read.map(({ at, bytes }) => [at, bytes]));
  for (const index of wanted.flat()) budget.spend(sizes.get(index) ?? 0);
  return { count, values: new Map(read.map(({ at, value }) => [at, value])) };
}

function refsOf(value: unknown, list: 'pool' | 'calls'): unknown {
  const event = asObject(value);
  if (event?.['event'] !== 'model') return null;
  return list === 'pool' ? event['input_refs'] : asObject(event['call'])?.['call_refs'];
}

/** The numbers of half-open ranges, as far as they are ones of a list. */
export function indicesOf(refs: unknown, count: number): number[] {
  const all: number[] = [];
  for (const ref of Array.isArray(refs) ? refs : []) {
    const [start, end]: unknown[] = Array.isArray(ref) ? ref : [];
    if (!isIndex(start) || !isIndex(end)) continue;
    for (let index = start; index < Math.min(end, count); index += 1) {
      all.push(index);
      if (all.length > limits.membersMax) throw pageTooLarge(all.length);
    }
  }
  return all;
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function withReferred(value: unknown, pool: Referred, calls: Referred): unknown {
  const event = asObject(value);
  if (event?.['event'] !== 'model') return value;
  const { input_refs: inputRefs, ...model } = event;
  const withInput = Array.isArray(inputRefs) ? { ...model, input: taken(inputRefs, pool) } : event;
  const call = asObject(withInput['call']);
  if (!Array.isArray(call?.['call_refs'])) return withInput;
  const { call_refs: callRefs, call_key: callKey, ...rest } = call;
  const key = typeof callKey === 'string' ? callKey : 'messages';
  const request = withMember(asObject(rest['request']) ?? {}, key, taken(callRefs, calls));
  return { ...withInput, call: { ...rest, request } };
}

function taken(refs: unknown, { count, values }: Referred): unknown[] {
  return indicesOf(refs, count).map((index) => values.get(index) ?? null);
}

/** A name may be `__proto__`: it is defined, never assigned. */
function withMember(members: Members, name: string, value: unknown): Members {
  return Object.fromEntries([...Object.entries(members), [name, value]]);
}

const reference = /^(?:attachment|tc):\/\//;

function nameOf(text: string): string | null {
  return reference.test(text) ? text.slice(text.indexOf('//') + 2) : null;
}

function collectNames(value: unknown, names: Set<string>): void {
  if (typeof value === 'string') {
    const name = nameOf(value);
    if (name !== null) names.add(name);
  } else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) collectNames(each, names);
  }
}

function withTexts(value: unknown, texts: ReadonlyMap<string, string>, budget: Budget): unknown {
  if (typeof value === 'string') {
    const text = texts.get(nameOf(value) ?? '');
    if (text === undefined) return value;
    budget.spend(text.length);
    return text;
  }
  if (Array.isArray(value)) return value.map((each) => withTexts(each, texts, budget));
  const members = asObject(value);
  if (members === null) return value;
  return Object.fromEntries(
    Object.entries(members).map(([name, each]) => [name, withTexts(each, texts, budget)]),
  );
}
