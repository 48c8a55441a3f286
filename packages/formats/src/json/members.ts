import { asObject } from './read-json.ts';

/** The members of a JSON object; of anything else, none. */
export type Members = Readonly<Record<string, unknown>>;

const none: Members = {};

/** The members of `value`; none for what is no object. */
export function membersOf(value: unknown): Members {
  return asObject(value) ?? none;
}

/** The first elements of a list; none for what is no list. */
export function listOf(value: unknown, max: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, max) : [];
}

/** A text that says something, at most `max` characters of it. */
export function wordsOf(value: unknown, max = 2_000): string | null {
  if (typeof value !== 'string') return null;
  const text = value.slice(0, max).replaceAll('\0', '').trim();
  return text === '' ? null : text;
}

/** An integer from `min` on, or null. */
export function wholeOf(value: unknown, min: number): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min ? value : null;
}

/** All texts of a property bag and of the lists in it, §3.8: tags, and what tools put beside them. */
export function textsOf(bag: unknown): string[] {
  const texts: string[] = [];
  for (const value of Object.values(membersOf(bag)).slice(0, 200)) {
    for (const each of Array.isArray(value) ? value.slice(0, 200) : [value]) {
      if (typeof each === 'string') texts.push(each.slice(0, 2_000));
    }
  }
  return texts;
}
