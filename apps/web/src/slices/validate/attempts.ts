import type { Output, validate } from '@breakwater/contract';
import { durationWords } from '../../ui/time.ts';

export type Attempt = Output<typeof validate.list>['items'][number]['attempts'][number];

export interface AttemptRow {
  readonly key: string;
  readonly label: string;
  /** What the runs of this row must show for the finding to count as reproduced. */
  readonly expected: 'fires' | 'quiet';
  readonly attempts: readonly Attempt[];
  readonly fired: number;
}

const order = [
  ['vulnerable', 'proof', 'Vulnerable build', 'fires'],
  ['control', 'proof', 'Control build', 'quiet'],
  ['vulnerable', 'benign', 'Benign input', 'quiet'],
  ['control', 'benign', 'Benign input, control build', 'quiet'],
  ['vulnerable', 'tests', 'Tests', 'quiet'],
  ['control', 'tests', 'Tests, control build', 'quiet'],
  ['unpatched', 'proof', 'Without the patch', 'fires'],
  ['patched', 'proof', 'With the patch', 'quiet'],
  ['unpatched', 'benign', 'Benign input, without the patch', 'quiet'],
  ['patched', 'benign', 'Benign input, with the patch', 'quiet'],
  ['unpatched', 'tests', 'Tests, without the patch', 'quiet'],
  ['patched', 'tests', 'Tests, with the patch', 'quiet'],
] as const;

/** Attempts by build and input, in the order in which they are read; empty rows are left out. */
export function rowsOf(attempts: readonly Attempt[]): AttemptRow[] {
  return order.flatMap(([build, input, label, expected]) => {
    const own = attempts
      .filter((attempt) => attempt.build === build && attempt.input === input)
      .toSorted((a, b) => a.number - b.number);
    const fired = own.filter((attempt) => attempt.outcome === 'fired').length;
    return own.length === 0
      ? []
      : [{ key: `${build} ${input}`, label, expected, attempts: own, fired }];
  });
}

/** The outcomes of a run in words. */
export const outcomeWords = {
  fired: 'fired',
  crashed: 'crashed in another way',
  quiet: 'stayed quiet',
  'cut-short': 'was cut short',
  errored: 'could not be run',
} as const satisfies Record<Attempt['outcome'], string>;

/** The mark an outcome is drawn with. */
export const shapes = {
  fired: 'full',
  crashed: 'half',
  quiet: 'open',
  'cut-short': 'cross',
  errored: 'cross',
} as const satisfies Record<Attempt['outcome'], string>;

/** One attempt in words: `run 2: fired, heap-buffer-overflow, 132 ms`. */
export function attemptWords(attempt: Attempt): string {
  const { number, outcome, reason, wallMs } = attempt;
  return `run ${number}: ${outcomeWords[outcome]}, ${reason}, ${durationWords(wallMs)}`;
}

/** What is known of the network in these runs; `null` where nothing ran. */
export function networkWords(attempts: readonly Attempt[]): string | null {
  if (attempts.length === 0) return null;
  const open = attempts.filter((attempt) => !attempt.networkDenied).length;
  return open === 0
    ? 'denied, and proven so inside every run'
    : `not proven denied in ${open} of ${attempts.length} runs`;
}
