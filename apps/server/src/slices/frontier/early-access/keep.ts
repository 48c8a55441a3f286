import type { Id, Instant, Json } from '@breakwater/kernel';
import { type Grant, levels } from '../../../platform/commands/audience.ts';
import type { Event as Entry } from '../../../platform/commands/commands.ts';
import { audiencesOf, setAudience } from '../../../platform/commands/visibility.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import { markRevoked, partiesInside, putAcceptance } from './grant-store.ts';
import type { Grant as AccessGrant, Event } from './model.ts';
import type { EngagementFacts } from './needs.ts';
import { markEnded, setEnds, windowsOf } from './store.ts';

/**
 * Writes what changes rows that are there. Rows that come with texts of their own (a plan, a window, a
 * grant, a use, an export, an attestation) are written beside those.
 */
export async function keep(
  tx: Transaction,
  event: Event,
  how: { readonly by: string; readonly at: Instant },
): Promise<void> {
  switch (event.act) {
    case 'early-access.window-shortened':
      return await setEnds(tx, event.window, event.ends);
    case 'early-access.window-ended':
      return await markEnded(tx, event.window, event.at);
    case 'early-access.protection-accepted':
      return await putAcceptance(tx, event.grant, { ...event, at: how.at });
    case 'early-access.revoked':
      return await markRevoked(tx, event.grant, { at: event.at, by: how.by });
    case 'early-access.plan-stated':
    case 'early-access.window-opened':
    case 'early-access.person-added':
    case 'early-access.used':
    case 'early-access.exported':
    case 'early-access.return-attested':
  }
}

/** What was decided as entries of the log: of a window and its grants on the window. */
export function entriesOf(
  events: readonly Event[],
  grants: readonly Pick<AccessGrant, 'id' | 'window'>[],
  contents: Readonly<Record<string, Json>> = {},
): Entry[] {
  return events.map((event) => {
    const { act, ...data } = event;
    // Plain JSON: ids, instants, numbers and closed words.
    const plain = { ...data, ...contents } as unknown as Record<string, Json>;
    return { act, subject: subjectOf(event, grants), data: plain };
  });
}

function subjectOf(event: Event, grants: readonly Pick<AccessGrant, 'id' | 'window'>[]): string {
  if (event.act === 'early-access.plan-stated') return event.plan.engagement;
  if (event.act === 'early-access.window-opened') return event.window.id;
  if (event.act === 'early-access.person-added') return event.grant.window;
  if ('window' in event) return event.window;
  const window = grants.find(({ id }) => id === event.grant)?.window;
  if (window === undefined) throw new Error('expected a grant of the model that was decided on');
  return window;
}

/** The two sides see all of it. */
export function sidesAudience({ developer, government }: EngagementFacts): Grant[] {
  return [developer, government].map((principal) => ({ principal, level: levels.all }));
}

/**
 * EAR-15: of a window its two sides see all; whoever sees the engagement in detail, and the parties of
 * whom somebody has access, see that it is there and when it ends.
 */
export async function showWindow(
  tx: Transaction,
  window: string,
  engagement: EngagementFacts,
): Promise<void> {
  const named = (await audiencesOf(tx, [engagement.id])).get(engagement.id) ?? [];
  const seers = named.filter(({ level }) => level >= levels.detail);
  const inside = await partiesInside(tx, window);
  const parties = [...seers.map(({ principal }) => principal), ...inside];
  await setAudience(tx, window, [
    ...parties.map((principal) => ({ principal, level: levels.summary })),
    ...sidesAudience(engagement),
  ]);
}

/** The same for all windows of an engagement, where who sees it changed. */
export async function showWindows(tx: Transaction, engagement: EngagementFacts): Promise<void> {
  for (const { id } of await windowsOf(tx, [engagement.id])) await showWindow(tx, id, engagement);
}

/** Of a grant its party sees what it needs, and the two sides all. */
export async function showGrant(
  tx: Transaction,
  grant: Id<'grant'>,
  { engagement, party }: { readonly engagement: EngagementFacts; readonly party: string },
): Promise<void> {
  await setAudience(tx, grant, [
    { principal: party, level: levels.detail },
    ...sidesAudience(engagement),
  ]);
}
