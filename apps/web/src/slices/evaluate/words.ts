import type { invalidReasons, Run, RunSample, SuiteRight } from '@breakwater/contract';
import type { Tone } from '../../ui/badge.tsx';

export type Told = readonly [words: string, tone: Tone];

/** What each right is, in a word and in a line. */
export const rightWords: Readonly<Record<SuiteRight, readonly [word: string, more: string]>> = {
  know: ['Know of it', 'That it exists: title, keeper, root and count. Nothing of its items.'],
  run: ['Run it', 'Begin runs of it and hand in their logs.'],
  items: ['See items', 'What is in them, where it is kept here. With results: transcripts.'],
  results: ['See results', 'Scores, figures and progress of every run.'],
};

/** What a reader may of a whole suite, inside a sentence. */
export function rightsWords(rights: readonly SuiteRight[]): string {
  const words = rights
    .filter((right) => right !== 'know')
    .map((right) => rightWords[right][0].toLowerCase());
  if (words.length > 0) return words.join(', ');
  return rights.length > 0 ? 'know of it' : 'single items';
}

export type ListedRun = Omit<Run, 'figures'>;

export const runStateWords: Readonly<Record<Run['state'], Told>> = {
  running: ['Running', 'sea'],
  'taken-in': ['Done', 'held'],
  failed: ['Failed', 'fired'],
  cancelled: ['Cancelled', 'warn'],
};

export const reviewWords: Readonly<Record<RunSample['review'], Told>> = {
  open: ['Not decided', 'plain'],
  disputed: ['Disputed', 'warn'],
  valid: ['Valid', 'held'],
  invalid: ['Invalid', 'fired'],
};

export const contaminationTold: Readonly<Record<RunSample['contamination'], Told>> = {
  'none-known': ['None known', 'plain'],
  unknown: ['Unknown', 'plain'],
  suspected: ['Suspected', 'warn'],
  confirmed: ['Confirmed', 'fired'],
};

export type InvalidReason = (typeof invalidReasons)[number];

/** Why a sample counts for nothing, in a word and in a line. */
export const reasonWords: Readonly<Record<InvalidReason, readonly [word: string, more: string]>> = {
  'reward-hack': ['Reward hack', 'It got the score without doing the task.'],
  'environment-fault': ['Fault of the environment', 'The world, a tool or the scorer broke.'],
  refusal: ['Refusal', 'The model declined; that says nothing of what it can do.'],
  format: ['Format', 'The work was done, and its form kept it from the score.'],
  contamination: ['Contamination', 'It knew the answer before, or came by it from outside.'],
};

/** A commitment short enough for a line. */
export function shortCommitment(commitment: string): string {
  return commitment.slice(0, 12);
}

/** `1`, `0.25`: a score as it was given. */
export function scoreWords(score: number | null): string {
  return score === null ? 'none' : String(Number(score.toPrecision(4)));
}

/** How far a run is, inside a sentence. */
export function progressWords({ planned, samples, turns }: NonNullable<Run['progress']>): string {
  const said = (count: number) => count.toLocaleString('en-US');
  const of = planned === null ? '' : ` of ${said(planned)}`;
  return `${said(samples)}${of} samples, ${said(turns)} turns`;
}

/** How a sample ended, where it did not by itself. */
export function endOf({ failed, limited }: Pick<RunSample, 'failed' | 'limited'>): Told | null {
  if (failed) return ['Error', 'fired'];
  return limited ? ['Stopped by a limit', 'warn'] : null;
}
