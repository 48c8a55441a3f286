import type { Protection } from '@breakwater/contract';
import { type Id, type Instant, ok, type Result } from '@breakwater/kernel';
import type { Reader } from '../../../platform/database/database.ts';
import { decide } from './decide.ts';
import { findGrant, type GrantRow, grantsOf } from './grant-store.ts';
import type { Access, By, Command, Event, Grant, Plan, Window } from './model.ts';
import type { EarlyAccessNeeds, EngagementFacts } from './needs.ts';
import { findWindow, type PlanRow, plansOf, type WindowRow, windowsOf } from './store.ts';

/** An engagement with all that stands of access to its model. */
export interface Loaded {
  readonly engagement: EngagementFacts;
  readonly access: Access;
}

/** null where there is no such engagement. */
export async function loadAccess(
  reader: Reader,
  needs: EarlyAccessNeeds,
  engagement: string,
): Promise<Loaded | null> {
  const found = await needs.engagementOf(reader, engagement);
  if (found === null) return null;
  const engagements = await needs.engagementsOf(reader, found.model);
  const plans = await plansOf(reader, engagements);
  const windows = await windowsOf(reader, engagements);
  const grants = await grantsOf(
    reader,
    windows.map(({ id }) => id),
  );
  const access: Access = {
    plans: plans.map(planOf),
    windows: windows.map(windowOf),
    grants: grants.map(grantOf),
  };
  return { engagement: found, access };
}

/** A grant with its window and its engagement: what a use asks for, in few reads. */
export interface GrantAsked {
  readonly grant: GrantRow;
  readonly window: WindowRow;
  readonly engagement: EngagementFacts;
}

export async function askedGrant(
  reader: Reader,
  needs: EarlyAccessNeeds,
  id: string,
): Promise<GrantAsked | null> {
  const grant = await findGrant(reader, id);
  const window = grant === null ? null : await findWindow(reader, grant.access_window);
  const engagement = window === null ? null : await needs.engagementOf(reader, window.engagement);
  return grant === null || window === null || engagement === null
    ? null
    : { grant, window, engagement };
}

/** What was decided, with what it was decided on. */
export interface Made extends Loaded {
  readonly events: readonly Event[];
}

/** Decides a command on what stands now. */
export function decideOn(
  { engagement, access }: Loaded,
  command: Command,
  who: { readonly by: By; readonly now: Instant },
): Result<Made> {
  const decided = decide(access, command, { ...who, engagement });
  return decided.ok ? ok({ engagement, access, events: decided.value }) : decided;
}

/** As which side a party acts; as a person, where it is of neither. */
export function sideOf(
  { developer, government }: EngagementFacts,
  party: string,
  member: Id<'member'> | null,
): By {
  if (party === developer) return { as: 'developer' };
  if (party === government) return { as: 'government' };
  return personOf(member);
}

/** Whoever acts for itself: a key that is of nobody is no person. */
export function personOf(member: Id<'member'> | null): By {
  return { as: 'person', member: member ?? '' };
}

function planOf({ id, engagement, persons_max: personsMax, return_days: days }: PlanRow): Plan {
  return { id, engagement, personsMax, returnWithinDays: days };
}

export function windowOf(row: WindowRow): Window {
  const { id, plan, engagement, zone, begins, ends, ended_at: endedAt } = row;
  return { id, plan, engagement, zone, begins, ends, endedAt };
}

export function grantOf(row: GrantRow): Grant {
  const { id, access_window: window, member, person, attested } = row;
  const accepted: Partial<Record<Protection, string>> = {};
  for (const { protection, terms } of row.accepted) accepted[protection] = terms;
  const { used_at: usedAt, revoked_at: revokedAt } = row;
  return { id, window, member, person, accepted, usedAt, revokedAt, attested };
}
