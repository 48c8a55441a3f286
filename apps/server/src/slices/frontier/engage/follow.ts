import type { Instant } from '@breakwater/kernel';
import { parseId } from '@breakwater/kernel';
import type { Event } from '../../../platform/commands/commands.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import { markLeft, standingOf } from './store.ts';

/** DIR-31: a developer that leaves the installation leaves its engagements with the same act. */
export async function leavesWith(reader: Reader, party: string): Promise<readonly Event[]> {
  const standing = await standingOf(reader, party);
  return standing.map((engagement) => ({
    act: 'engage.left',
    subject: engagement,
    data: { engagement },
  }));
}

/** Marks an engagement as left, whichever act it was left by. */
export async function follow(tx: Transaction, event: Event, at: Instant): Promise<void> {
  const engagement = parseId('engagement', event.subject);
  if (event.act === 'engage.left' && engagement !== null) await markLeft(tx, engagement, at);
}
