import { addMilliseconds, type Id, type Instant } from '@breakwater/kernel';
import { newId } from '../../../../platform/clock/clock.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import type { ApplicationRow } from '../application/store.ts';
import { findTier } from '../tier/store.ts';
import { insertPartnership } from './store.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** PAR-16: what two accepting keys come to: for the tier's days, and looked at again before. */
export async function beginPartnership(
  tx: Transaction,
  { id, tier, developer, applicant }: ApplicationRow,
  since: Instant,
): Promise<Id<'partner'>> {
  const row = await findTier(tx, tier);
  if (row === null) throw new Error('an application for a tier that is not there');
  const partner = newId('partner');
  await insertPartnership(tx, {
    id: partner,
    application: id,
    tier,
    developer,
    applicant,
    since,
    expires_at: addMilliseconds(since, row.partnership_days * dayMs),
    review_at: addMilliseconds(since, row.review_days * dayMs),
  });
  return partner;
}
