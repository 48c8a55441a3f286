import {
  type CaseSort,
  coordinate,
  type Funnel,
  type Output,
  type Query,
  stages,
  waits,
} from '@breakwater/contract';
import { type Instant, ok, type Result, refuse } from '@breakwater/kernel';
import { seesAllWork } from '../../../../platform/commands/audience.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import { type Route, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { type CaseNeeds, casesSeen } from '../views.ts';
import {
  type Counted,
  countCases,
  countOverdue,
  type Listed,
  type ListWish,
  listCases,
  type OverdueCounted,
} from './store.ts';

/** What the list asks of other slices; bound in slices/index.ts. */
export interface ListNeeds extends CaseNeeds {
  /** The cases `actor` may see that match `text` best; at most {@link matchesMax}. */
  matching(actor: Actor, text: string, limit: number): Promise<Result<readonly string[]>>;
}

/** How many cases a text filter keeps; COO-18. */
export const matchesMax = 200;

/** The list of cases and what it counts to. */
export function listRoutes(services: Services, needs: ListNeeds): readonly Route[] {
  const { database } = services;
  return [
    route(coordinate.list, async ({ query, actor, now }) => {
      const refused = refusalOf(query, actor);
      if (refused !== null) return refuse(refused);
      const among =
        query.text === undefined ? ok(null) : await needs.matching(actor, query.text, matchesMax);
      if (!among.ok) return among;
      const wish = wishOf(query, { now, among: among.value });
      const rows = await database.read((r) => listCases(r, actor, wish));
      const ids = rows.slice(0, query.limit).map((row) => row.id);
      const items = await casesSeen(services, needs, { ids, actor });
      return ok({ items, next: nextOf(rows, wish) });
    }),
    route(coordinate.funnel, async ({ actor, now }) => {
      const [counted, overdue] = await Promise.all([
        database.read((r) => countCases(r, actor)),
        database.read((r) => countOverdue(r, actor, now)),
      ]);
      return ok(funnelOf(counted, overdue));
    }),
  ];
}

type ListQuery = Query<typeof coordinate.list>;

/** The order of a query that names none: the one its filter is served in. */
function sortOf({ sort, overdue, package: prefix }: ListQuery): CaseSort {
  if (sort !== undefined) return sort;
  if (prefix !== undefined) return 'package';
  return overdue === undefined ? 'newest' : 'due';
}

function refusalOf(query: ListQuery, actor: Actor) {
  const sort = sortOf(query);
  // A text filter leaves so few that any order of them is quick.
  const walked = query.text === undefined;
  if (walked && query.overdue !== undefined && sort !== 'due') return notServed('overdue', 'due');
  if (walked && query.package !== undefined && sort !== 'package') {
    return notServed('package', 'package');
  }
  if (query.owner !== undefined && !seesAllWork(actor)) return notYours;
  return null;
}

function wishOf(
  query: ListQuery,
  { now, among }: { readonly now: Instant; readonly among: readonly string[] | null },
): ListWish {
  return {
    sort: sortOf(query),
    stage: query.stage ?? null,
    waiting: query.waiting ?? null,
    overdueAt: query.overdue === undefined ? null : now,
    owner: query.owner ?? null,
    prefix: query.package ?? null,
    among,
    after: parsePlace(query.after),
    limit: query.limit,
  };
}

/**
 * The cursor holds what the last row was sorted by, which that row shows, and its id: a row that
 * moves meanwhile must not take the reader's place with it.
 */
function nextOf(rows: readonly Listed[], { limit, sort }: ListWish): string | null {
  const last = rows[limit - 1];
  if (last === undefined || rows.length <= limit) return null;
  const place = sort === 'package' ? last.id : `${last.id} ${last.key}`;
  return Buffer.from(place).toString('base64url');
}

function parsePlace(after: string | undefined): ListWish['after'] {
  if (after === undefined) return null;
  const text = Buffer.from(after, 'base64url').toString();
  const [, id, key] =
    /^(case_[0-9a-z]{26})(?: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z))?$/.exec(text) ?? [];
  return id === undefined ? null : { id, key: key ?? null };
}

function funnelOf(
  counted: readonly Counted[],
  overdue: readonly OverdueCounted[],
): Output<typeof coordinate.funnel> {
  const sum = (of: readonly { readonly n: number }[]) => of.reduce((all, { n }) => all + n, 0);
  const funnel: Funnel = {
    stages: stages.map((stage) => ({
      stage,
      count: sum(counted.filter((row) => row.stage === stage)),
      list: { stage },
    })),
    waiting: waits.map((waiting) => ({
      for: waiting,
      count: sum(counted.filter((row) => row.waiting === waiting)),
      list: { waiting },
    })),
    overdue: {
      count: sum(overdue),
      list: { overdue: 'true' },
      byReason: overdue.map(({ because, n }) => ({ because, count: n })),
    },
  };
  return funnel;
}

function notServed(filter: string, sort: CaseSort) {
  return {
    code: 'sort-not-served',
    expected: `sort=${sort} with the filter ${filter}`,
    got: 'another order, which no index serves',
    todo: `leave the order away, or ask for ${sort}`,
  } as const;
}

const notYours = {
  code: 'filter-not-yours',
  expected: 'the filter owner from a coordinator',
  got: 'it from a party that sees only cases of its own',
  todo: 'leave the filter away: your list holds your cases',
} as const;
