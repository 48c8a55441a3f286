import type { Instant } from '@breakwater/kernel';
import type { Event } from '../../../platform/commands/commands.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import { noteChanges, type Touched, touched } from './changes.ts';
import { scopesOf } from './keys/store.ts';
import type { FollowNeeds } from './needs.ts';

/** Acts on an engagement after which what keys stand on may stand no more. */
const ofEngagements: ReadonlySet<string> = new Set([
  'engage.dates-stated',
  'engage.model-stated',
  'engage.terms-signed',
  'engage.left',
  'engage.released',
  'engage.erased',
]);
/** Acts on a window; a tier on the same model waits for its end. */
const ofWindows: ReadonlySet<string> = new Set([
  'early-access.window-opened',
  'early-access.window-shortened',
  'early-access.window-ended',
]);
/** Acts that are about something by the field that names it. */
const byField: Readonly<Record<string, string>> = {
  'early-access.revoked': 'grant',
  'early-access.protection-accepted': 'grant',
  'partners.terms-accepted': 'partner',
  'partners.ended': 'partner',
  'partners.tier-revised': 'tier',
};

/**
 * GAT-9: what is done elsewhere and ends or changes that on which keys stand is told to every
 * process, in the transaction in which it is done.
 */
export async function follow(
  tx: Transaction,
  event: Event,
  { at, needs }: { readonly at: Instant; readonly needs: FollowNeeds },
): Promise<void> {
  await noteChanges(tx, await touchedBy(tx, event, needs), at);
}

async function touchedBy(
  reader: Reader,
  event: Event,
  needs: FollowNeeds,
): Promise<readonly Touched[]> {
  const field = byField[event.act];
  if (field !== undefined) {
    const id = event.data[field];
    if (typeof id !== 'string') throw new Error(`expected an id in ${field} of ${event.act}`);
    return [touched(id)];
  }
  if (ofEngagements.has(event.act)) {
    const inside = await needs.insideOf(reader, event.subject);
    return inside === null ? [] : [inside.model, ...inside.windows].map(touched);
  }
  if (ofWindows.has(event.act)) {
    const behind = await needs.windowBehind(reader, event.subject);
    const models = behind === null || behind.model === null ? [] : [behind.model];
    return [event.subject, ...models].map(touched);
  }
  // Its own keys, and those of services that it answers for: all of its party are asked for anew.
  if (event.act === 'directory.member-removed') return [touched(event.subject)];
  if (event.act !== 'directory.party-left') return [];
  // Its own keys, and everybody's on models of its own.
  return [event.subject, ...(await scopesOf(reader, event.subject))].map(touched);
}
