import type {
  ConsultedOffice,
  DeterminationOutcome,
  EvaluationOutcome,
  EvaluationPart,
  Measure,
} from '@breakwater/contract';
import { dayAndHour } from '../../ui/time.ts';

/** `Fri 20 Nov 2026`, of a day such as `2026-11-20`. */
export function dayWords(date: string): string {
  const [day = date] = dayAndHour(`${date}T12:00:00Z`, 'UTC').split(',');
  return day;
}

/** The offices that are consulted, by name. */
export const officeWords: Readonly<Record<ConsultedOffice, string>> = {
  ncd: 'National Cyber Director',
  apst: 'Assistant to the President for Science and Technology',
  'cisa-director': 'Director of CISA',
};

/** What a determination says, in a word and in a line. */
export const outcomeWords: Readonly<
  Record<DeterminationOutcome, readonly [word: string, more: string]>
> = {
  covered: ['Covered', 'The model is a covered frontier model.'],
  'not-covered': ['Not covered', 'The model is not a covered frontier model.'],
  withdrawn: ['Withdrawn', 'The former determination is withdrawn.'],
};

/** Where the whole interval lies. */
export const evaluatedWords: Readonly<
  Record<EvaluationOutcome, readonly [word: string, more: string]>
> = {
  'interval-above': ['above', 'The whole interval lies at the threshold or above it.'],
  'interval-below': ['below', 'The whole interval lies below the threshold.'],
  'interval-spans': ['across', 'The interval lies across the threshold: it does not tell.'],
};

/** What a rule measures. */
export const measureWords: Readonly<Record<Measure, string>> = {
  accuracy: 'Share of tasks solved',
  'generalized-accuracy': 'Share of tasks solved, for tasks like these',
  'time-horizon-p50': 'Human time of tasks solved half the time',
  'time-horizon-p80': 'Human time of tasks solved four times in five',
};

/** What may be told of an evaluation, part by part. */
export const partWords: Readonly<Record<EvaluationPart, string>> = {
  outcome: 'Where the interval lies',
  estimate: 'Estimate and interval',
  budget: 'Score against budget',
  power: 'How sure it is',
  contamination: 'Contamination',
  reviews: 'Reviews',
};
