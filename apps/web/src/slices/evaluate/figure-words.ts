import {
  budgetWords,
  contaminationWords,
  epochsWords,
  humanTimeWords,
  percent,
  shareWords,
} from '@breakwater/benchmark/report';
import type { Run, RunFigures, SuiteItem } from '@breakwater/contract';

type Accuracy = NonNullable<RunFigures['all']>;

/** Where the human time of one item is known from. */
export const sourceWords: Readonly<Record<NonNullable<SuiteItem['humanTime']>, string>> = {
  completion: 'timed',
  first_blood: 'first solve in a competition',
  expert_estimate: 'an expert’s estimate',
  censored: 'stopped before the end',
  published: 'published',
  unknown: 'source unknown',
};

const units = [
  ['messages', 'messages'],
  ['tokens', 'tokens'],
  ['turns', 'turns'],
  ['seconds', 'seconds'],
  ['workingSeconds', 'seconds of work'],
] as const;

/** What one sample may spend at most. */
export function limitsWords(limits: Run['limits']): string {
  const words = units.flatMap(([name, unit]) => {
    const value = limits[name];
    return value === undefined ? [] : [`${value.toLocaleString('en-US')} ${unit}`];
  });
  // Money comes in millionths.
  if (limits.cost !== undefined) words.push(`a cost of ${(limits.cost / 1e6).toFixed(2)}`);
  return words.length === 0 ? 'no limit' : words.join(', ');
}

/** A figure with all that has to stand beside it, label by label. */
export function accuracyFacts(figure: Accuracy): readonly (readonly [string, string])[] {
  const { n, clusters, epochs, unscored, circumstances, interval, method, standardError } = figure;
  const left = unscored === 0 ? '' : `, ${unscored} without a score left out`;
  const clustered = clusters === n ? '' : ` in ${clusters} clusters`;
  return [
    ['Interval', `${percent(interval.level)}, ${method}; standard error ${percent(standardError)}`],
    ['Tasks', `${n}${clustered}`],
    ['Epochs', `${epochsWords(epochs)}${left}`],
    ['Budget', budgetWords(circumstances)],
    ['Human time', humanTimeWords(circumstances)],
    ['Contamination', contaminationWords(circumstances)],
  ];
}

/** `75 % (31 to 100 %)`, or that there is none. */
export function accuracyWords(figure: RunFigures['all']): string {
  return figure === null ? 'none' : shareWords(figure);
}
