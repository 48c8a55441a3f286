import type { Claim, Wait } from '@breakwater/contract';
import { earlier, type Id, type Instant } from '@breakwater/kernel';
import type { Services } from '../../../../services.ts';
import { lookOf, scopeOf } from './extent.ts';
import { addHours, lapseOf, rules } from './rules.ts';
import type { ClaimRow } from './store.ts';
import type { WaitRow } from './wait-store.ts';

/** Claims as their reader sees them; `named`: with who holds them, for coordinators. */
export async function claimViews(
  services: Services,
  rows: readonly ClaimRow[],
  { now, named }: { readonly now: Instant; readonly named: boolean },
): Promise<Claim[]> {
  return await Promise.all(
    rows.map(
      async (row): Promise<Claim> => ({
        id: row.id,
        scope: scopeOf(lookOf(row.extent)),
        sharing: row.sharing,
        state: stateOf(row, now),
        from: row.from_at,
        until: row.until_at,
        usedAt: row.used_at,
        lapsesAt: isLive(row, now) ? lapse(row) : null,
        renewalsLeft: rules.renewalsMax - row.renewals,
        renewableUntil: addHours(row.from_at, rules.totalHoursMax),
        listed: row.listed,
        endedAt: isLive(row, now) ? null : earlier(row.ended_at ?? row.ends_at, row.ends_at),
        reason: await reasonOf(services, row.reason_content),
        offered: isLive(row, now) && row.offered_to !== null,
        holder: named ? await services.directory.refOf(row.holder) : null,
      }),
    ),
  );
}

/** Places in line as their reader sees them; `named`: with who stands there, for coordinators. */
export async function waitViews(
  services: Services,
  rows: readonly WaitRow[],
  { named }: { readonly named: boolean },
): Promise<Wait[]> {
  return await Promise.all(
    rows.map(
      async (row): Promise<Wait> => ({
        id: row.id,
        scope: scopeOf(lookOf(row.extent)),
        sharing: row.sharing,
        hours: row.hours,
        since: row.since,
        giveUpAt: row.give_up_at,
        state: row.state,
        claim: row.claim,
        reason: await reasonOf(services, row.reason_content),
        party: named ? await services.directory.refOf(row.party) : null,
      }),
    ),
  );
}

/** By the clock: it has ended at its hour, whether that was written down or not. */
function isLive(row: ClaimRow, now: Instant): boolean {
  return row.ended_at === null && row.ends_at > now;
}

function stateOf(row: ClaimRow, now: Instant): Claim['state'] {
  if (isLive(row, now)) return row.from_at > now ? 'ahead' : 'live';
  if (row.state !== 'held') return row.state;
  return row.ends_at < row.until_at ? 'lapsed' : 'expired';
}

function lapse(row: ClaimRow): Instant {
  return lapseOf({ from: row.from_at, createdAt: row.created_at, usedAt: row.used_at });
}

/** What a coordinator wrote; null where none did. */
export async function reasonOf(services: Services, content: Id<'content'> | null) {
  if (content === null) return null;
  return (await services.content.getText(content)) ?? '(erased)';
}
