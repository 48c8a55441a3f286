import type { RunSample } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';

/** Which of the samples that the reader may still review. */
export interface Wanted {
  readonly review?: 'disputed';
  readonly after?: Id<'sample'>;
}

/** The first of these, in the order of the log. */
export type FirstOf = (wanted: Wanted) => Promise<Pick<RunSample, 'id'> | undefined>;

/**
 * The next sample of a run that the reader may still review; null: none is left. At first those on
 * which two differ, then all in the order of the log; behind `past`, where it was left out.
 */
export async function nextToReview(
  firstOf: FirstOf,
  past: Id<'sample'> | null,
): Promise<Id<'sample'> | null> {
  if (past !== null) return (await firstOf({ after: past }))?.id ?? null;
  const next = (await firstOf({ review: 'disputed' })) ?? (await firstOf({}));
  return next?.id ?? null;
}
