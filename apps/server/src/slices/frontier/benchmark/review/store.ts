import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { Verdict } from './decide.ts';

export type InvalidReason =
  | 'reward-hack'
  | 'environment-fault'
  | 'refusal'
  | 'format'
  | 'contamination';

export interface ReviewRow {
  readonly sample: Id<'sample'>;
  /** Who of the party said it: a person, or a service. */
  readonly member: string;
  readonly party: Id<'party'>;
  readonly verdict: Verdict;
  readonly reason: InvalidReason | null;
  readonly words_content: Id<'content'> | null;
  readonly at: Instant;
}

/** In the order in which they were given. */
export async function reviewsOf(reader: Reader, sample: string): Promise<readonly ReviewRow[]> {
  return await reader.rows(sql<ReviewRow>`
    select sample, member, party, verdict, reason, words_content, at from benchmark.review
    where sample = ${sample} order by place`);
}

export async function insertReview(
  tx: Transaction,
  review: ReviewRow,
  place: number,
): Promise<void> {
  await tx.run(sql`
    insert into benchmark.review (sample, place, member, party, verdict, reason, words_content, at)
    values (${review.sample}, ${place}, ${review.member}, ${review.party}, ${review.verdict},
      ${review.reason}, ${review.words_content}, ${review.at})`);
}
