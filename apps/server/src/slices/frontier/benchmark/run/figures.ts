import { limitsWords } from '@breakwater/benchmark';
import type { RunFigures, RunLimits } from '@breakwater/contract';
import {
  type Accuracy,
  accuracy,
  type Contamination,
  type HumanTimeSource,
  type Stated,
  stated,
} from '@breakwater/statistics';

/** A sample as far as figures go. */
export interface Counted {
  readonly task: string;
  readonly item: string | null;
  readonly cluster: number | null;
  readonly human_time: string | null;
  readonly score: number | null;
  readonly contamination: Contamination;
  readonly review: 'open' | 'disputed' | 'valid' | 'invalid';
}

/** What its runs state beside their scores. */
interface Circumstances {
  readonly limits: RunLimits;
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number;
}

/** BEN-12: accuracy over tasks, with and without what two reviewers found invalid. */
export function figuresOf(samples: readonly Counted[], of: Circumstances): RunFigures {
  const valid = samples.filter(({ review }) => review !== 'invalid');
  return {
    samples: samples.length,
    invalid: samples.length - valid.length,
    all: accuracyOf(samples, of),
    withoutInvalid: accuracyOf(valid, of),
  };
}

function accuracyOf(samples: readonly Counted[], of: Circumstances): RunFigures['all'] {
  const tasks = [...Map.groupBy(samples, ({ task }) => task)].map(([task, epochs]) => {
    const cluster = epochs[0]?.cluster ?? null;
    return {
      task,
      ...(cluster === null ? {} : { cluster: String(cluster) }),
      scores: epochs.map(({ score }) => score ?? Number.NaN),
    };
  });
  const figure = accuracy(tasks, of.level === undefined ? {} : { level: of.level });
  return figure.ok ? plain(stated(figure.value, circumstancesOf(samples, of))) : null;
}

function circumstancesOf(samples: readonly Counted[], { limits }: Circumstances) {
  const sources = new Map(samples.map(({ task, human_time: source }) => [task, source]));
  const humanTime: Partial<Record<HumanTimeSource, number>> = {};
  for (const source of sources.values()) {
    if (!isSource(source)) continue;
    humanTime[source] = (humanTime[source] ?? 0) + 1;
  }
  return { budget: limitsWords(limits), humanTime, contamination: worstOf(samples) };
}

const fromWorst = ['confirmed', 'suspected', 'unknown', 'none-known'] as const;

/** The worst that is told of one sample. */
function worstOf(samples: readonly Counted[]): Contamination {
  const told = new Set(samples.map(({ contamination }) => contamination));
  return fromWorst.find((each) => told.has(each)) ?? 'unknown';
}

function plain(figure: Stated<Accuracy>): RunFigures['all'] {
  return { ...figure, circumstances: { ...figure.circumstances } };
}

const sources: readonly string[] = [
  'completion',
  'first_blood',
  'expert_estimate',
  'censored',
  'published',
  'unknown',
] satisfies readonly HumanTimeSource[];

function isSource(text: string | null): text is HumanTimeSource {
  return text !== null && sources.includes(text);
}
