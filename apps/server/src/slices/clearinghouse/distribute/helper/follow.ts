import type { Instant } from '@breakwater/kernel';
import type { Event } from '../../../../platform/commands/commands.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import { noticeForWork } from '../store.ts';
import { endHelpOf, writeNoticeAudience } from './store.ts';

/** Whoever leaves takes back what it handed to helpers, and helps nobody any more. */
export async function followLeaving(tx: Transaction, event: Event, at: Instant): Promise<void> {
  if (event.act !== 'directory.party-left') return;
  for (const id of await endHelpOf(tx, event.subject, at)) {
    const notice = await noticeForWork(tx, id);
    if (notice !== null) await writeNoticeAudience(tx, notice, at);
  }
}
