import type { Circumstances, Epochs, Interval } from '@breakwater/statistics';
import { percent } from './charts/scale.ts';
import type { Told } from './told.ts';

const sources: Readonly<Record<string, string>> = {
  completion: 'timed',
  first_blood: 'first solve in a competition',
  expert_estimate: "an expert's estimate",
  censored: 'stopped before the end',
  published: 'published',
  unknown: 'source unknown',
};

/** Tasks by the source of their human time. */
export function humanTimeWords({ humanTime }: Circumstances): string {
  const counts = Object.entries(humanTime);
  if (counts.length === 0) return 'not told';
  return counts.map(([source, count]) => `${sources[source] ?? source} ${count}`).join(', ');
}

/** What a run could spend at most. */
export function budgetWords({ budget }: Circumstances): string {
  return budget ?? 'not told';
}

const contaminations: Readonly<Record<Circumstances['contamination'], string>> = {
  'none-known': 'none known',
  unknown: 'unknown',
  suspected: 'suspected',
  confirmed: 'confirmed',
};

/** Whether the models may have seen the tasks before. */
export function contaminationWords({ contamination }: Circumstances): string {
  return contaminations[contamination];
}

/** `2`, or `1 to 4` where tasks differ. */
export function epochsWords({ fewest, most }: Epochs): string {
  return fewest === most ? String(most) : `${fewest} to ${most}`;
}

/** A score and its interval; where the interval goes on beyond what a score can be, it is cut. */
export function shareWords(
  figure: { readonly value: number; readonly interval: Interval },
  least = 0,
): string {
  const { value, interval } = figure;
  const [low, high] = [Math.max(least, interval.low), Math.min(1, interval.high)];
  return `${percent(value)} (${percent(low)} to ${percent(high)})`;
}

/** What `words` make of the figure, or why there is none. */
export function toldWords<T>(told: Told<T>, words: (figure: T) => string): string {
  return told.figure === null ? `none: ${told.none}` : words(told.figure);
}
