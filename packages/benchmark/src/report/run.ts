import type { Contamination, HumanTimeSource } from '@breakwater/statistics';

/** How a run came to its end: `censored` by a limit, `ended` by itself without success. */
export type RunEnd = 'solved' | 'censored' | 'ended';

/** One run of a model at a task, as tables of runs and logs tell it. */
export interface BenchmarkRun {
  readonly model: string;
  readonly task: string;
  /** Tasks that hang together: one source, one kind, one program. */
  readonly family: string;
  /** 1 for success, 0 for failure, a share between for a score in part; NaN: not scored. */
  readonly outcome: number;
  readonly epoch: number;
  /** What a person needs, in minutes above 0, and where that is known from. */
  readonly minutes: number | null;
  readonly timeSource: HumanTimeSource | null;
  /** Tokens in and out; null where nobody counted. */
  readonly tokens: number | null;
  /** null: nobody told; a failure then counts as one that no budget would have helped. */
  readonly end: RunEnd | null;
  /** What the run could spend at most, in words; null where nobody told. */
  readonly budget: string | null;
  readonly contamination: Contamination;
  /** The weight that the table gives the run; null: it follows from task and family. */
  readonly weight: number | null;
  /** The evaluation that the run belongs to, such as an id of Inspect's; null where none is named. */
  readonly evaluation: string | null;
}

const sources: readonly [HumanTimeSource, RegExp][] = [
  ['censored', /censor/],
  ['first_blood', /first.?(blood|solve)/],
  ['expert_estimate', /estimate/],
  ['completion', /complet|baseline/],
  ['published', /publish/],
];

/** Where a human time is known from, by the word that a table or a task has for it. */
export function timeSourceOf(word: string): HumanTimeSource {
  const small = word.toLowerCase();
  return sources.find(([, pattern]) => pattern.test(small))?.[0] ?? 'unknown';
}

const contaminations: readonly Contamination[] = [
  'none-known',
  'unknown',
  'suspected',
  'confirmed',
];

/** What is told of contamination; `unknown` where nothing is, or in other words. */
export function contaminationOf(word: string): Contamination {
  return contaminations.find((each) => each === word) ?? 'unknown';
}
