import { type Instant, ok, type Result, refuse } from '@breakwater/kernel';

export interface Dates {
  readonly from: Instant | null;
  readonly until: Instant | null;
  readonly partnershipDays: number;
  readonly reviewDays: number;
}

/**
 * PAR-3, PAR-4: a tier has dates that hold something, and a review before its partnerships are over.
 * Of a model that the Government may use now or later it gives access only from the end of that on;
 * its developer can put that end to this very moment in one act, which nothing refuses.
 */
export function decideDates(
  { from, until, partnershipDays, reviewDays }: Dates,
  window: { readonly ends: Instant } | null,
): Result<null, 'dates-empty' | 'review-after-end' | 'window-open'> {
  if (from !== null && until !== null && until <= from) return refuse(empty);
  if (reviewDays > partnershipDays) return refuse(reviewLate);
  if (window !== null && from !== null && from < window.ends) return refuse(inside(window.ends));
  return ok(null);
}

const empty = {
  code: 'dates-empty',
  expected: 'an end of access that is later than its beginning',
  got: 'one that is not',
  todo: 'mend the dates, or leave one open',
  pointer: '/until',
} as const;
const reviewLate = {
  code: 'review-after-end',
  expected: 'a review within the days of a partnership',
  got: 'one after them',
  todo: 'have it looked at sooner',
  pointer: '/reviewDays',
} as const;

function inside(ends: Instant) {
  return {
    code: 'window-open',
    expected: `access from ${ends} on: until then the Government may use this model`,
    got: 'an earlier beginning',
    todo: 'shorten or end the window first, which you may at any moment, or begin later',
    pointer: '/from',
  } as const;
}
