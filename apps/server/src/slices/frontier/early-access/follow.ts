import type { Instant } from '@breakwater/kernel';
import { system } from '../../../platform/commands/audience.ts';
import type { Event as Entry } from '../../../platform/commands/commands.ts';
import { insertEntries } from '../../../platform/commands/rows.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import { decideOn, loadAccess } from './access.ts';
import { entriesOf, keep, showWindows } from './keep.ts';
import type { EarlyAccessNeeds } from './needs.ts';

/** What a developer does in an engagement that shortens or ends access. */
const followed: ReadonlySet<string> = new Set([
  'engage.dates-stated',
  'engage.model-stated',
  'engage.left',
  'engage.released',
]);

/**
 * EAR-7: in the transaction of what was done in the engagement its windows end or grow shorter, and
 * its grants are revoked. What is owed then follows from these alone.
 */
export async function follow(
  tx: Transaction,
  event: Entry,
  { at, needs }: { readonly at: Instant; readonly needs: EarlyAccessNeeds },
): Promise<void> {
  if (event.act === 'engage.sharing-altered') {
    const engagement = await needs.engagementOf(tx, event.subject);
    if (engagement !== null) await showWindows(tx, engagement);
    return;
  }
  if (!followed.has(event.act)) return;
  const loaded = await loadAccess(tx, needs, event.subject);
  if (loaded === null || loaded.access.windows.length === 0) return;
  const who = { by: { as: 'engagement' }, now: at } as const;
  const made = decideOn(loaded, { act: 'follow-engagement' }, who);
  if (!made.ok) throw new Error(`an engagement is followed: ${made.refusal.code}`);
  const { events } = made.value;
  for (const each of events) await keep(tx, each, { by: loaded.engagement.developer, at });
  const acts = entriesOf(events, loaded.access.grants).map((act) => ({ ...act, actor: system }));
  await insertEntries(tx, acts, at);
}
