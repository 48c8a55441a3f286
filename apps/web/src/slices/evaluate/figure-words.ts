import {
  budgetWords,
  contaminationWords,
  epochsWords,
  humanTimeWords,
  percent,
  shareWords,
} from '@breakwater/benchmark/report';
import type { RunFigures, SuiteItem } from '@breakwater/contract';

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
