import { type Refusal, type Result, refuse } from '@breakwater/kernel';

/**
 * Why no figure can be had.
 *
 * `too-few`: not enough tasks, runs, models or items. `not-a-number`: NaN, infinite, or outside what
 * the quantity can be. `one-outcome`: everything succeeded or everything failed, so nothing can be
 * estimated from it. `unusable-option`: a level, penalty, count or the like that has no meaning.
 * `not-converged`: the fit did not settle; no half-finished figure is given out. `too-large`: more
 * input than is worked through.
 */
export type StatisticsCode =
  | 'too-few'
  | 'not-a-number'
  | 'one-outcome'
  | 'unusable-option'
  | 'not-converged'
  | 'too-large';

/** A figure, or why there is none. */
export type Figured<T> = Result<T, StatisticsCode>;

type Words = Omit<Refusal<StatisticsCode>, 'code'>;

/** A refusal of this package. */
export function no(
  code: StatisticsCode,
  words: Words,
): { readonly ok: false; readonly refusal: Refusal<StatisticsCode> } {
  return refuse({ code, ...words });
}

/** Refuses a level that is no probability strictly between 0 and 1; undefined when it is one. */
export function levelFault(level: number): ReturnType<typeof no> | undefined {
  if (level > 0 && level < 1) return undefined;
  return no('unusable-option', {
    expected: 'an interval level between 0 and 1, such as 0.95',
    got: String(level),
    todo: 'give the level as a probability',
  });
}

/** Refuses a count that is no whole number within bounds; undefined when it is one. */
export function countFault(
  name: string,
  count: number,
  bounds: { readonly from: number; readonly to: number },
): ReturnType<typeof no> | undefined {
  if (Number.isInteger(count) && count >= bounds.from && count <= bounds.to) return undefined;
  return no('unusable-option', {
    expected: `${name} as a whole number from ${bounds.from} to ${bounds.to}`,
    got: String(count),
    todo: `correct ${name}`,
  });
}
