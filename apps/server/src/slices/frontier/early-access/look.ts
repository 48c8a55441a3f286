import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader } from '../../../platform/database/database.ts';
import { askedGrant } from './access.ts';
import { membersAmong } from './member-store.ts';
import type { EarlyAccessNeeds } from './needs.ts';
import { findWindow } from './store.ts';
import { missingIn } from './views.ts';

/** A grant as other slices stand on it. */
export interface GrantStanding {
  readonly id: Id<'grant'>;
  readonly window: Id<'window'>;
  readonly member: Id<'member'>;
  /** Who answers for it: the member itself, or the person a service is bound to. */
  readonly person: Id<'member'>;
  readonly party: Id<'party'>;
  readonly model: Id<'model'>;
  readonly developer: Id<'party'>;
  /** First instant outside the window. */
  readonly until: Instant;
  /** EAR-9: nothing is missing now. */
  readonly isActive: boolean;
}

/** null where there is no grant with this id. */
export async function grantStanding(
  reader: Reader,
  needs: EarlyAccessNeeds,
  { grant: id, now }: { readonly grant: string; readonly now: Instant },
): Promise<GrantStanding | null> {
  const asked = await askedGrant(reader, needs, id);
  if (asked === null) return null;
  const { grant, window, engagement } = asked;
  const members = await membersAmong(reader, [grant.member, grant.person]);
  const { member, person, party } = grant;
  const { model, developer } = engagement;
  return {
    ...{ id: grant.id, window: window.id, member, person, party, model, developer },
    until: window.ends,
    isActive: missingIn(asked, { engagement, members, now }).length === 0,
  };
}

/** The grants of a person, and of services that it answers for; at most 200, the newest first. */
export async function grantsOfMember(
  reader: Reader,
  { party, member }: { readonly party: string; readonly member: string },
): Promise<readonly Id<'grant'>[]> {
  const rows = await reader.rows(sql<{ id: Id<'grant'> }>`
    select id from early_access.access_grant
    where party = ${party} and revoked_at is null and (member = ${member} or person = ${member})
    order by at desc, id desc limit 200`);
  return rows.map(({ id }) => id);
}

/** On which engagement a window is; null where there is none with this id. */
export async function engagementOfWindow(
  reader: Reader,
  window: string,
): Promise<Id<'engagement'> | null> {
  return (await findWindow(reader, window))?.engagement ?? null;
}
