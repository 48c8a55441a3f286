import type { SampleId, SampleSummary, ScoreValue } from './shapes.ts';

/** One value that a scorer gave a sample in one epoch. */
export interface ScoreRecord {
  readonly id: SampleId;
  readonly value: ScoreValue;
  /** Of the sample; clusters are told by it. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

const words: Readonly<Record<string, number>> = { yes: 1, true: 1, no: 0, false: 0 };
const letters: Readonly<Record<string, number>> = { C: 1, P: 0.5, I: 0, N: 0 };

/**
 * A value as a number, as Inspect's `value_to_float` has it: C 1, P 0.5, I and N 0, yes and true 1,
 * numbers in words as numbers, everything else 0.
 */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return 0;
  if (Object.hasOwn(letters, value)) return letters[value] ?? 0;
  const word = value.toLowerCase();
  if (Object.hasOwn(words, word)) return words[word] ?? 0;
  const isNumber = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/.test(word);
  return isNumber && Number.isFinite(Number(word)) ? Number(word) : 0;
}

/** NaN is Inspect's word for "not scored". */
export function isUnscored(value: unknown): boolean {
  return Number.isNaN(value);
}

/** The values of one scorer, in the order of the log. */
export function recordsOf(
  summaries: Iterable<SampleSummary>,
  scorer: string,
): readonly ScoreRecord[] {
  const records: ScoreRecord[] = [];
  for (const { id, scores, metadata } of summaries) {
    if (scores === null || scores === undefined || !Object.hasOwn(scores, scorer)) continue;
    const value = scores[scorer]?.value;
    if (value !== undefined) records.push({ id, value, metadata: metadata ?? {} });
  }
  return records;
}
