import { isDeepStrictEqual } from 'node:util';
import {
  checkMetrics,
  type EvalLog,
  type EvalLogCode,
  type LogScore,
  type LogSource,
  numberOf,
  openEvalLog,
  type SampleSummary,
  type ScoreRecord,
} from '@breakwater/formats/eval-log';
import { ok, type Result, refuse } from '@breakwater/kernel';
import type { Contamination } from '@breakwater/statistics';
import { createBreath } from '../../../../platform/clock/breath.ts';
import { type Counting, countingCodecs } from './log-source.ts';

/** What one log may take of a server that works for others as well. */
export const readLogLimits = {
  samplesMax: 100_000,
  /** Of its header: scores, and metrics of these. */
  figuresMax: 1_000,
  /** Held at once, in characters of JSON: ids, scores, and what they are clustered by. */
  heldMax: 128 * 1024 * 1024,
  /** Figures of a header times samples: each figure is computed again from all of them. */
  workMax: 10_000_000,
  /** Of all its samples together, when they are unpacked, in bytes. */
  unpackedMax: 16 * 1024 ** 3,
} as const;
type ReadLogLimits = Readonly<Record<keyof typeof readLogLimits, number>>;

/** Held for each score beside what stands in it. */
const heldEach = 64;

/** A sample as its log tells it. */
export interface ReadSample {
  readonly id: string | number;
  readonly epoch: number;
  readonly score: number | null;
  readonly failed: boolean;
  readonly limited: boolean;
  /** null: the log does not tell. */
  readonly contamination: Contamination | null;
}

export type ReadLogCode =
  | EvalLogCode
  | 'log-unfinished'
  | 'figures-differ'
  | 'samples-differ'
  | 'samples-too-many';

/**
 * Goes through a log once: it has to be finished, its summaries have to name each of its samples
 * with the scores that stand in the sample itself, and each figure of its header that can be computed
 * again has to follow from these (to 1e-9).
 */
export async function readLog(
  source: LogSource,
  limits: ReadLogLimits = readLogLimits,
): Promise<Result<readonly ReadSample[], ReadLogCode>> {
  const counting = countingCodecs();
  const opened = await openEvalLog(source, counting.codecs);
  if (!opened.ok) return opened;
  const log = opened.value;
  if (!log.isFinished || log.status === 'started') return refuse(unfinished);
  const scores = log.header.results?.scores ?? [];
  const figures = scores.reduce((sum, each) => sum + 1 + Object.keys(each.metrics).length, 0);
  if (figures > limits.figuresMax) return refuse(tooManyFigures(figures, limits));
  const read = await readSamples(log, { scores, counting }, limits);
  if (!read.ok) return read;
  if (figures * read.value.samples.length > limits.workMax) {
    return refuse(tooManyFigures(figures, limits));
  }
  const breath = createBreath();
  for (const score of scores) {
    await breath();
    const records = read.value.records.get(score.scorer) ?? [];
    for (const { metric, told, computed } of checkMetrics(score, records)) {
      if (computed === null || Object.is(computed, told)) continue;
      if (Math.abs(computed - told) <= 1e-9) continue;
      return refuse({
        code: 'figures-differ',
        expected: `${metric.slice(0, 80)} of ${computed}, which follows from the samples`,
        got: String(told),
        todo: 'bring the log as it was written, or have its figures computed again',
      });
    }
  }
  return ok(read.value.samples);
}

/** The words for it; whatever else a log says is no statement. */
const told: readonly Contamination[] = ['none-known', 'unknown', 'suspected', 'confirmed'];

interface Read {
  readonly samples: readonly ReadSample[];
  readonly records: ReadonlyMap<string, readonly ScoreRecord[]>;
}

async function readSamples(
  log: EvalLog,
  { scores, counting }: { readonly scores: readonly LogScore[]; readonly counting: Counting },
  { samplesMax, heldMax, unpackedMax }: ReadLogLimits,
): Promise<Result<Read, ReadLogCode>> {
  const scorers = [...new Set(scores.map(({ scorer }) => scorer))];
  const clusters = new Set(scores.flatMap(clustersOf));
  const records = new Map<string, ScoreRecord[]>(scorers.map((scorer) => [scorer, []]));
  const samples: ReadSample[] = [];
  const summaries = log.eachSummary();
  let held = 0;
  for (;;) {
    const step = await summaries.next();
    if (step.done === true) {
      if (!step.value.ok) return step.value;
      if (log.sampleCount !== samples.length) return refuse(unnamed(log, samples.length));
      return ok({ samples, records });
    }
    if (samples.length >= samplesMax) return refuse(tooMany(samplesMax));
    const summary = step.value;
    const own = await ownScores(log, summary);
    if (!own.ok) return own;
    if (counting.unpacked() > unpackedMax) return refuse(unpacksTooFar(unpackedMax));
    samples.push(sampleOf(summary, scorers[0]));
    held += String(summary.id).length + heldEach;
    for (const scorer of scorers) {
      const value = valueBy(summary, scorer);
      if (value === undefined) continue;
      const metadata = only(summary, clusters);
      records.get(scorer)?.push({ id: summary.id, value, metadata });
      held += JSON.stringify([value, metadata]).length + heldEach;
      if (held > heldMax) return refuse(tooMuch(heldMax));
    }
  }
}

/** The scores of a sample as it lies in the log; refused where its summary tells others. */
async function ownScores(log: EvalLog, summary: SampleSummary): Promise<Result<null, ReadLogCode>> {
  // Summaries of a JSON log are made of its samples.
  if (log.form === 'json') return ok(null);
  const sample = await log.sample(summary);
  if (!sample.ok) return sample;
  const { id, epoch, scores } = sample.value.head;
  const isIt = String(id) === String(summary.id) && epoch === summary.epoch;
  const [told, lies] = [valuesOf(summary.scores), valuesOf(scores)];
  return isIt && isDeepStrictEqual(told, lies) ? ok(null) : refuse(differs(summary));
}

function valuesOf(scores: SampleSummary['scores']): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(scores ?? {}).map(([scorer, { value }]) => [scorer, value]));
}

function sampleOf(summary: SampleSummary, scorer: string | undefined): ReadSample {
  const by = scorer ?? Object.keys(summary.scores ?? {})[0];
  const value = by === undefined ? undefined : valueBy(summary, by);
  const score = value === undefined || typeof value === 'object' ? Number.NaN : numberOf(value);
  return {
    id: summary.id,
    epoch: summary.epoch,
    score: Number.isFinite(score) ? score : null,
    failed: summary.error !== undefined && summary.error !== null,
    limited: summary['limit'] !== undefined && summary['limit'] !== null,
    contamination: told.find((word) => word === summary.metadata?.['contamination']) ?? null,
  };
}

function valueBy({ scores }: SampleSummary, scorer: string) {
  return scores != null && Object.hasOwn(scores, scorer) ? scores[scorer]?.value : undefined;
}

/** The names of members by which errors are clustered: of all metadata, what has to be held. */
function clustersOf({ metrics }: LogScore): readonly string[] {
  return Object.values(metrics).flatMap(({ params, options }) => {
    const cluster = (params ?? options)?.['cluster'];
    return typeof cluster === 'string' ? [cluster] : [];
  });
}

function only({ metadata }: SampleSummary, names: ReadonlySet<string>) {
  return Object.fromEntries(Object.entries(metadata ?? {}).filter(([name]) => names.has(name)));
}

const unfinished = {
  code: 'log-unfinished',
  expected: 'a log with its header, of a run that ended',
  got: 'one that is still written, or was cut off',
  todo: 'let the run end, or resume it, and send the log then',
} as const;

function differs({ id, epoch }: SampleSummary) {
  return {
    code: 'samples-differ',
    expected: `of sample ${String(id).slice(0, 80)}, epoch ${epoch}, the scores of its summary`,
    got: 'others in the sample itself',
    todo: 'bring the log as it was written',
  } as const;
}

function unnamed({ sampleCount }: EvalLog, named: number) {
  return {
    code: 'samples-differ',
    expected: `a summary of each of the ${sampleCount} samples in the log`,
    got: `${named} summaries`,
    todo: 'bring the log as it was written',
  } as const;
}

function unpacksTooFar(unpackedMax: number) {
  return {
    code: 'too-large',
    expected: `samples of at most ${unpackedMax} bytes together when they are unpacked`,
    got: 'more',
    todo: 'split the run into several',
  } as const;
}

function tooMany(samplesMax: number) {
  return {
    code: 'samples-too-many',
    expected: `at most ${samplesMax} samples in one log`,
    got: 'more',
    todo: 'split the run into several',
  } as const;
}

function tooMuch(heldMax: number) {
  return {
    code: 'too-large',
    expected: `ids, scores and names of clusters of at most ${heldMax} characters together`,
    got: 'more',
    todo: 'split the run into several, or leave what is long out of its scores',
  } as const;
}

function tooManyFigures(figures: number, { figuresMax, workMax }: ReadLogLimits) {
  return {
    code: 'too-many',
    expected: `at most ${figuresMax} figures, and figures times samples of at most ${workMax}`,
    got: `${figures} figures`,
    todo: 'split the run into several, or leave figures out of its header',
  } as const;
}
