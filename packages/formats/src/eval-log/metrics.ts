import { asObject } from '../json/read-json.ts';
import { meanOf, memberOf, reduceRecords, reducerOf } from './reducers.ts';
import { isUnscored, numberOf, type ScoreRecord } from './score-values.ts';
import type { LogScore } from './shapes.ts';

/** One figure of a header beside ours. */
export interface MetricCheck {
  readonly scorer: string;
  /** The scorer's, or of the member of its values that the figure is of. */
  readonly score: string;
  readonly reducer: string | null;
  readonly metric: string;
  readonly told: number;
  /** null: it cannot be computed here, for the reason given. */
  readonly computed: number | null;
  readonly reason?: 'values-missing' | 'metric-unknown' | 'reducer-unknown' | 'clusters-unknown';
}

type Params = Readonly<Record<string, unknown>>;
type Metric = (values: readonly number[]) => number;

/** As Inspect computes them: with n - 1, and 0 where there are fewer than two values. */
const metrics: ReadonlyMap<string, Metric> = new Map([
  ['accuracy', meanOf],
  ['mean', meanOf],
  ['var', variance],
  ['std', (values) => Math.sqrt(variance(values))],
  ['stderr', (values) => Math.sqrt(variance(values) / values.length)],
]);

/**
 * Computes the figures of a score of the header again from the values of the samples.
 *
 * In: the score, and every value of its scorer (`recordsOf`). Out: each figure beside ours.
 */
export function checkMetrics(
  told: LogScore,
  records: readonly ScoreRecord[],
): readonly MetricCheck[] {
  const reducer = told.reducer ?? null;
  const reduced = reducedFor(told, records);
  return Object.values(told.metrics).map((metric): MetricCheck => {
    const named = { scorer: told.scorer, score: told.name, reducer, metric: metric.name };
    const figure = { ...named, told: metric.value };
    if (reduced === null) return { ...figure, computed: null, reason: 'reducer-unknown' };
    if (records.length === 0) return { ...figure, computed: null, reason: 'values-missing' };
    const isPart = metric.group !== null && metric.group !== undefined;
    if (isPart) return { ...figure, computed: null, reason: 'metric-unknown' };
    const params = metric.params ?? metric.options ?? {};
    return { ...figure, ...computeMetric(metric.name, scoredOf(reduced, told), params) };
  });
}

/** A metric by its name over records of one scorer, those without a value left out. */
export function computeMetric(
  name: string,
  records: readonly ScoreRecord[],
  params: Params = {},
): Pick<MetricCheck, 'computed' | 'reason'> {
  const scored = records.filter(({ value }) => !isUnscored(value));
  const metric = metrics.get(name.slice(name.lastIndexOf('/') + 1));
  if (metric === undefined) return { computed: null, reason: 'metric-unknown' };
  if (scored.length === 0) return { computed: Number.NaN };
  const cluster = params['cluster'];
  if (typeof cluster === 'string') return clusteredError(scored, cluster);
  return { computed: metric(scored.map(({ value }) => numberOf(value))) };
}

/** Inspect reduces by the mean unless told otherwise; some metrics ask for every epoch's value. */
function reducedFor(
  { reducer, scored_samples: scored, unscored_samples: unscored }: LogScore,
  records: readonly ScoreRecord[],
): readonly ScoreRecord[] | null {
  const reduce = reducerOf(reducer ?? 'mean');
  if (reduce === null) return null;
  const reduced = reduceRecords(records, reduce);
  const counted = (scored ?? reduced.length) + (unscored ?? 0);
  const isEach = (reducer ?? null) === null && counted === records.length;
  return isEach && counted !== reduced.length ? records : reduced;
}

/** The values that a score is of: a member of each where values are objects. */
function scoredOf(records: readonly ScoreRecord[], { name }: LogScore): readonly ScoreRecord[] {
  return records.map((record) => {
    if (asObject(record.value) === null) return record;
    const part = memberOf(record.value, name);
    const value = typeof part === 'number' || typeof part === 'string' || typeof part === 'boolean';
    return { ...record, value: value ? part : Number.NaN };
  });
}

function variance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  return values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1);
}

/** The standard error of the mean where samples come in clusters: Miller 2024, arXiv 2411.00640. */
function clusteredError(
  records: readonly ScoreRecord[],
  cluster: string,
): Pick<MetricCheck, 'computed' | 'reason'> {
  const mean = meanOf(records.map(({ value }) => numberOf(value)));
  const sums = new Map<unknown, number>();
  for (const { metadata, value } of records) {
    const name = memberOf(metadata, cluster);
    if (name === undefined || name === null || Number.isNaN(name)) {
      return { computed: null, reason: 'clusters-unknown' };
    }
    sums.set(name, (sums.get(name) ?? 0) + numberOf(value) - mean);
  }
  if (sums.size < 2) return { computed: 0 };
  const squares = [...sums.values()].reduce((sum, each) => sum + each ** 2, 0);
  return { computed: Math.sqrt((squares * sums.size) / (sums.size - 1)) / records.length };
}
