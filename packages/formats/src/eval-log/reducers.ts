import { asObject } from '../json/read-json.ts';
import { isUnscored, numberOf, type ScoreRecord } from './score-values.ts';
import type { ScoreValue } from './shapes.ts';

/** What makes one value of those of a sample's epochs; none of them is NaN, and there is one. */
export type Reducer = (values: readonly unknown[]) => number | string | boolean;

/**
 * The reducer that Inspect logs under a name: mean, median, mode, max, and with a number at the end
 * `at_least_k`, `pass_at_k` (Chen et al. 2021, arXiv 2107.03374), `pass_k` (Yao et al. 2024, arXiv
 * 2406.12045). null for others, such as one that an evaluation brought along.
 */
export function reducerOf(name: string): Reducer | null {
  const short = name.slice(name.lastIndexOf('/') + 1);
  const plain = plainReducers.get(short);
  if (plain !== undefined) return plain;
  const [, kind = '', digits = ''] = /^(at_least|pass_at|pass_k)_([1-9]\d{0,5})$/.exec(short) ?? [];
  const k = Number(digits);
  const count = (values: readonly unknown[]) => values.filter((each) => numberOf(each) >= 1).length;
  if (kind === 'at_least') return (values) => (count(values) >= k ? 1 : 0);
  if (kind === 'pass_at') return (values) => passAt(k, count(values), values.length);
  if (kind === 'pass_k') return (values) => passPower(k, count(values), values.length);
  return null;
}

/** The chance that one of k attempts succeeds, from `right` of `total`; NaN with fewer than k. */
export function passAt(k: number, right: number, total: number): number {
  if (total < k) return Number.NaN;
  if (total - right < k) return 1;
  let missed = 1;
  for (let i = total - right + 1; i <= total; i += 1) missed *= 1 - k / i;
  return 1 - missed;
}

/** The chance that all of k attempts succeed: C(right, k) / C(total, k); NaN with fewer than k. */
export function passPower(k: number, right: number, total: number): number {
  if (total < k) return Number.NaN;
  let chance = 1;
  for (let i = 0; i < k; i += 1) chance *= Math.max(0, right - i) / (total - i);
  return chance;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

const plainReducers = new Map<string, Reducer>([
  ['mean', (values) => meanOf(values.map(numberOf))],
  ['median', (values) => median(values.map(numberOf))],
  ['mode', (values) => mode(values)],
  [
    'max',
    (values) => scalar(values.reduce((a, b) => (numberOf(b) > numberOf(a) ? b : a), values[0])),
  ],
]);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** The most frequent value; of several the one that came first. */
function mode(values: readonly unknown[]): number | string | boolean {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: unknown = values[0];
  for (const [value, count] of counts) if (count > (counts.get(best) ?? 0)) best = value;
  return scalar(best);
}

function scalar(value: unknown): number | string | boolean {
  return typeof value === 'string' || typeof value === 'boolean' ? value : numberOf(value);
}

/** One record for each sample, in the order in which samples first come. */
export function reduceRecords(
  records: readonly ScoreRecord[],
  reducer: Reducer,
): readonly ScoreRecord[] {
  const samples = new Map<string, ScoreRecord[]>();
  for (const record of records) {
    const name = String(record.id);
    const before = samples.get(name);
    if (before === undefined) samples.set(name, [record]);
    else before.push(record);
  }
  return [...samples.values()].flatMap((epochs) => {
    const [first] = epochs;
    return first === undefined ? [] : [{ ...first, value: reduceValues(epochs, reducer) }];
  });
}

/** Values that are objects or lists are reduced member by member. */
function reduceValues(epochs: readonly ScoreRecord[], reducer: Reducer): ScoreValue {
  const values = epochs.map(({ value }) => value).filter((value) => !isUnscored(value));
  const [first] = values;
  if (first === undefined) return Number.NaN;
  if (Array.isArray(first)) {
    return first.map((_, i) =>
      reduceScalars(
        values.map((value) => (Array.isArray(value) ? value[i] : Number.NaN)),
        reducer,
      ),
    );
  }
  const members = asObject(first);
  if (members === null) return reduceScalars(values, reducer);
  return Object.fromEntries(
    Object.keys(members).map((name) => {
      const each = values.map((value) => memberOf(value, name) ?? Number.NaN);
      return [name, reduceScalars(each, reducer)];
    }),
  );
}

function reduceScalars(values: readonly unknown[], reducer: Reducer): number | string | boolean {
  const scored = values.filter((value) => !isUnscored(value));
  return scored.length === 0 ? Number.NaN : reducer(scored);
}

/** A member of a value that is an object; undefined for one of another form. */
export function memberOf(value: unknown, name: string): unknown {
  const members = asObject(value);
  return members !== null && Object.hasOwn(members, name) ? members[name] : undefined;
}
