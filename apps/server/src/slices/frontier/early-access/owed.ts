import type { Owed } from '@breakwater/contract';
import { addMilliseconds, type Instant } from '@breakwater/kernel';
import type { Reader } from '../../../platform/database/database.ts';
import { grantOf, windowOf } from './access.ts';
import { type GrantRow, grantsOf } from './grant-store.ts';
import { isSettled, overAt } from './standing.ts';
import { plansOf, type WindowRow, windowsOf } from './store.ts';

const dayMs = 86_400_000;

/** What is to be returned or destroyed by a grant, and until when. */
export interface GrantOwed {
  readonly since: Instant;
  readonly dueAt: Instant;
  readonly stated: GrantRow['attested'];
}

/** EAR-14: what was used has to be returned or destroyed once access is over; null: not, or not yet. */
export function owedOf(
  { grant, window }: { readonly grant: GrantRow; readonly window: WindowRow },
  returnWithinDays: number,
  now: Instant,
): GrantOwed | null {
  if (grant.uses === 0 || isSettled({ attested: grant.attested })) return null;
  const since = overAt({ grant: grantOf(grant), window: windowOf(window) }, now);
  if (since === null) return null;
  const dueAt = addMilliseconds(since, returnWithinDays * dayMs);
  return { since, dueAt, stated: grant.attested };
}

/**
 * What access leaves each side to do, as the page of an engagement tells it: windows that ended and
 * grants that were cut by an act are done with it; what was used is owed until it is attested.
 */
export async function owedOfAccess(
  reader: Reader,
  engagement: string,
  now: Instant,
): Promise<readonly Owed[]> {
  const windows = await windowsOf(reader, [engagement]);
  const grants = await grantsOf(
    reader,
    windows.map(({ id }) => id),
  );
  const plans = new Map((await plansOf(reader, [engagement])).map((plan) => [plan.id, plan]));
  const side = 'government';
  const ended = windows.flatMap(({ id: about, ended_at: at }): Owed[] =>
    at === null
      ? []
      : [{ what: 'end-windows', side: 'developer', about, kind: null, since: at, doneAt: at }],
  );
  const cut = grants.flatMap(({ id: about, revoked_at: at }): Owed[] =>
    at === null ? [] : [{ what: 'cut-keys', side, about, kind: null, since: at, doneAt: at }],
  );
  const returned = windows.flatMap((window) =>
    grants
      .filter((grant) => grant.access_window === window.id && grant.uses > 0)
      .flatMap((grant): Owed[] => {
        const { id: about, attested_at: attestedAt } = grant;
        const days = plans.get(window.plan)?.return_days ?? 0;
        const owed = owedOf({ grant, window }, days, now);
        const base = { side, about, kind: null } as const;
        if (owed !== null) {
          const { since } = owed;
          return [
            { ...base, what: 'return-or-destroy', since, doneAt: null },
            { ...base, what: 'attest-return', since, doneAt: null },
          ];
        }
        if (attestedAt === null) return [];
        const since = overAt({ grant: grantOf(grant), window: windowOf(window) }, now);
        if (since === null) return [];
        return [{ ...base, what: 'attest-return', since, doneAt: attestedAt }];
      }),
  );
  return [...ended, ...cut, ...returned];
}
