import { ok, type Result, refuse } from '@breakwater/kernel';

export type Verdict = 'valid' | 'invalid';

export interface Given {
  readonly party: string;
  readonly verdict: Verdict;
}

export type ReviewState = 'open' | 'disputed' | Verdict;

/**
 * BEN-14: what a sample's reviews come to. Two who agree decide; of two who differ, a third does.
 */
export function stateOf(given: readonly Given[]): ReviewState {
  const [first, second, third] = given;
  if (first === undefined || second === undefined) return 'open';
  if (first.verdict === second.verdict) return first.verdict;
  return third?.verdict ?? 'disputed';
}

/** Whether a party may add a verdict to those given, in their order; and what they come to then. */
export function decideReview(
  given: readonly Given[],
  by: Given,
): Result<ReviewState, 'already-reviewed' | 'review-closed'> {
  if (given.some(({ party }) => party === by.party)) return refuse(already);
  const state = stateOf(given);
  if (state === 'valid' || state === 'invalid') return refuse(closed);
  return ok(stateOf([...given, by]));
}

/** BEN-13: nothing of one review is shown, not even that it is there, before two are in. */
export function areShown(given: readonly unknown[]): boolean {
  return given.length >= 2;
}

const already = {
  code: 'already-reviewed',
  expected: 'a sample that nobody of your party has reviewed',
  got: 'one that you or another of it has',
  todo: 'leave it to the others',
} as const;
const closed = {
  code: 'review-closed',
  expected: 'a sample whose reviewers have not decided',
  got: 'one whose reviewers have',
  todo: 'nothing: see what they said',
} as const;
