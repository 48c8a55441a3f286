import { minutesWords, percent } from '@breakwater/benchmark/report';
import type { Measure } from '@breakwater/contract';

/** A share from 0 to 1, or minutes of human time. */
export type Unit = 'share' | 'minutes';

/** What a measure is counted in. */
export function unitOf(measure: Measure): Unit {
  return measure === 'time-horizon-p50' || measure === 'time-horizon-p80' ? 'minutes' : 'share';
}

/** A figure as people read it: `60 %`, `2 h`. */
export function figureWords(value: number, unit: Unit): string {
  return unit === 'minutes' ? minutesWords(value) : percent(value);
}

/** The ends of the line on which an interval is drawn, with room about it and the threshold. */
export function endsOf(
  values: readonly number[],
  unit: Unit,
): { readonly from: number; readonly to: number } {
  if (unit === 'share') return { from: 0, to: 1 };
  const above = values.filter((value) => value > 0 && Number.isFinite(value));
  if (above.length === 0) return { from: 1, to: 10 };
  return { from: Math.min(...above) / 2, to: Math.max(...above) * 2 };
}
