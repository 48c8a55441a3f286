import { claims } from '@breakwater/contract';
import { fromUtf8, type Instant, ok, parseInstant, utf8 } from '@breakwater/kernel';
import { type Route, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { lookOf, scopeOf } from './extent.ts';
import { joinsAsked, joinsWanted } from './join-store.ts';
import {
  type After,
  askersOn,
  claimsOffered,
  conflicts,
  endedClaims,
  endedClaimsOf,
  liveClaims,
  liveClaimsOf,
  unusedClaims,
} from './list-store.ts';
import type { ClaimRow } from './store.ts';
import { claimViews, waitViews } from './views.ts';
import { waitsOf, waitsStanding } from './wait-store.ts';

/** As many of each as a person answers; what is older goes on answering by itself. */
const requestsMax = 100;

/** The operations that list claims and what belongs to them. */
export function listRoutes(services: Services): readonly Route[] {
  const { database, directory } = services;
  return [
    route(claims.list, async ({ query, actor, now }) => {
      const page = { after: readAfter(query.after), limit: query.limit };
      const rows = await database.read((r) =>
        query.show === 'live'
          ? liveClaimsOf(r, actor.id, { ...page, now })
          : endedClaimsOf(r, actor.id, page),
      );
      const items = await claimViews(services, rows, { now, named: false });
      return ok({ items, next: nextOf(rows, query.limit, sortedBy[query.show]) });
    }),
    route(claims.watch, async ({ query, now }) => {
      const page = { after: readAfter(query.after), limit: query.limit };
      const rows = await database.read((r) => {
        if (query.show === 'ended') return endedClaims(r, page);
        return (query.show === 'live' ? liveClaims : unusedClaims)(r, { ...page, now });
      });
      const items = await claimViews(services, rows, { now, named: true });
      return ok({ items, next: nextOf(rows, query.limit, sortedBy[query.show]) });
    }),
    route(claims.conflicts, async ({ query }) => {
      const page = { after: readAfter(query.after), limit: query.limit };
      const rows = await database.read((r) => conflicts(r, page));
      const items = await Promise.all(
        rows.map(async ({ asker, extent, at, claims: inTheWay }) => ({
          asker: await directory.refOf(asker),
          scope: scopeOf(lookOf(extent)),
          at,
          claims: [...inTheWay],
        })),
      );
      return ok({ items, next: nextOf(rows, query.limit, ({ at }) => at) });
    }),
    route(claims.askers, async ({ now }) => {
      const rows = await database.read((r) => askersOn(r, now, requestsMax));
      const items = await Promise.all(
        rows.map(async ({ party, told, ...counts }) => ({
          party: await directory.refOf(party),
          asked: told,
          ...counts,
        })),
      );
      return ok({ items });
    }),
    route(claims.listWaits, async ({ actor }) => {
      const rows = await database.read((r) => waitsOf(r, actor.id, requestsMax));
      return ok({ items: await waitViews(services, rows, { named: false }) });
    }),
    route(claims.watchWaits, async ({ query }) => {
      const page = { after: readAfter(query.after), limit: query.limit };
      const rows = await database.read((r) => waitsStanding(r, page));
      const items = await waitViews(services, rows, { named: true });
      return ok({ items, next: nextOf(rows, query.limit, ({ since }) => since) });
    }),
    route(claims.listRequests, async ({ actor, now }) => {
      const [offers, joins, asked] = await database.read(async (r) => [
        await claimsOffered(r, actor.id, { now, limit: requestsMax }),
        await joinsWanted(r, actor.id, { now, limit: requestsMax }),
        await joinsAsked(r, actor.id, requestsMax),
      ]);
      const look = (extent: string) => scopeOf(lookOf(extent));
      return ok({
        offers: await Promise.all(
          offers.map(async ({ id, holder, extent, until_at }) => ({
            claim: id,
            from: await directory.refOf(holder),
            scope: look(extent),
            until: until_at,
          })),
        ),
        joins: joins.map(({ id, claim, extent, until_at }) => ({
          join: id,
          claim,
          scope: look(extent),
          until: until_at,
        })),
        asked: await Promise.all(
          asked.map(async (row) => ({
            join: row.id,
            scope: look(row.extent),
            until: row.until_at,
            with: await Promise.all(row.with.map((party) => directory.refOf(party))),
          })),
        ),
      });
    }),
  ];
}

const sortedBy: Readonly<Record<'live' | 'ended' | 'unused', (row: ClaimRow) => Instant>> = {
  live: (row) => row.ends_at,
  ended: (row) => row.ended_at ?? row.ends_at,
  unused: (row) => row.created_at,
};

/** Where the next page goes on; null on the last. */
function nextOf<R extends { readonly id: string }>(
  rows: readonly R[],
  limit: number,
  at: (row: R) => Instant,
): string | null {
  const last = rows.at(-1);
  if (last === undefined || rows.length < limit) return null;
  return Buffer.from(utf8(`${at(last)} ${last.id}`)).toString('base64url');
}

/** null: from the first; so is a cursor that none of our answers bore. */
function readAfter(cursor: string | undefined): After | null {
  const [at = '', id = ''] = fromUtf8Or(cursor ?? '').split(' ');
  const instant = parseInstant(at);
  return instant === null ? null : { at: instant, id };
}

function fromUtf8Or(cursor: string): string {
  try {
    return fromUtf8(Buffer.from(cursor, 'base64url'));
  } catch {
    return '';
  }
}
