import type { Instant, Refusal } from '@breakwater/kernel';
import type { Reader } from '../../../../platform/database/database.ts';
import { rolesOf } from '../../../../platform/directory/recipients.ts';
import {
  type LeaveFacts,
  leaveAt,
  leaveFacts,
  placesAsked,
  stoppedByOwner,
} from '../authorization/index.ts';
import type { Look } from './extent.ts';

/** What is known of whose leave there is where commands are about. */
export interface LeaveKnown {
  readonly facts: LeaveFacts;
  /** Scopes name roles; a party that is not here has none. */
  readonly roles: ReadonlyMap<string, string>;
}

/** Reads it for all that a set of commands looks at; one query where none of it needs leave. */
export async function leaveKnown(
  reader: Reader,
  looks: readonly Look[],
  parties: readonly string[],
): Promise<LeaveKnown> {
  return { facts: await factsOf(reader, looks), roles: await rolesFor(reader, looks, parties) };
}

/** The part that does not depend on who asks. */
export async function factsOf(reader: Reader, looks: readonly Look[]): Promise<LeaveFacts> {
  return await leaveFacts(reader, askedBy(looks));
}

/** The part that does: none where none of it needs leave. */
export async function rolesFor(
  reader: Reader,
  looks: readonly Look[],
  parties: readonly string[],
): Promise<LeaveKnown['roles']> {
  const isNeeded = askedBy(looks).some(({ needed }) => needed);
  return isNeeded ? await rolesOf(reader, parties) : new Map();
}

function askedBy(looks: readonly Look[]) {
  return looks.flatMap(({ extent }) => placesAsked(extent.places, extent.methods));
}

/** Why a party may not look at something then, by DCF-33; null where it may. */
export function leaveRefusal(
  { facts, roles }: LeaveKnown,
  wish: {
    readonly party: string;
    readonly look: Look;
    readonly from: Instant;
    /** null: about to act, at `from`. */
    readonly until: Instant | null;
  },
): Refusal<'leave-missing' | 'stopped-by-owner'> | null {
  const { places, except, methods } = wish.look.extent;
  const asked = { places, except, methods, party: wish.party, role: roles.get(wish.party) ?? '' };
  const leave = leaveAt({ ...asked, at: wish.from, until: wish.until }, facts);
  if (leave.allowed) return null;
  if (leave.reasons.includes('stopped')) return stoppedByOwner;
  const when = leave.again === null ? '' : `; ask again at ${leave.again}`;
  return {
    code: 'leave-missing',
    expected: 'the leave of whoever controls what runs there, in writing and in force',
    got: `none (${leave.reasons.join(', ')})`,
    todo: `look for an authorization that names you${when}`,
  };
}
