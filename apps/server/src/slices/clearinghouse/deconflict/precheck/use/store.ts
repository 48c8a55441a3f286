import { precheckLimits } from '@breakwater/contract';
import { addMilliseconds, type Instant, type Refusal } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../../platform/database/database.ts';

const hourMs = 60 * 60 * 1_000;
const dayMs = 24 * hourMs;
/** How long it stays known what a party asked for. */
const keptMs = 30 * dayMs;

/** What is counted, each by itself. */
export interface Use {
  readonly evaluations: number;
  readonly bucketRequests: number;
  readonly knocks: number;
}

/**
 * The limits of a day where a party may ask for so many elements: for buckets as often as for
 * evaluations and once again, so that whoever lost an answer may ask again.
 */
export function limitsOf(elements: number): Use {
  const { elementsPerRequest, knocksPerDay } = precheckLimits;
  const bucketRequests = 2 * Math.floor(elements / elementsPerRequest);
  return { evaluations: elements, bucketRequests, knocks: knocksPerDay };
}

/** What is asked for at a moment, and what may be in a day. */
export interface Asked {
  readonly use: Partial<Use>;
  readonly now: Instant;
  readonly limits: Use;
}

/**
 * Counts what `party` asks for now, in rows, so that it holds across servers and starts. Answers
 * with null, or from when it may ask again: then the refusal is counted in its place. Hours count
 * whole, so that a limit comes free hour by hour.
 */
export async function countUse(
  tx: Transaction,
  party: string,
  { use, now, limits }: Asked,
): Promise<Instant | null> {
  const hours = await usedSince(tx, party, addMilliseconds(now, -dayMs));
  const free = freeAt(hours, use, limits);
  const counted = free === null ? { ...nothing, ...use } : { ...nothing, refused: 1 };
  const { evaluations, bucketRequests, knocks, refused } = counted;
  await tx.run(sql`
    insert into deconflict.precheck_use as u
      (party, hour, evaluations, bucket_requests, knocks, refused, last_at)
    values (${party}, date_trunc('hour', ${now}::timestamptz), ${evaluations}, ${bucketRequests},
      ${knocks}, ${refused}, ${now})
    on conflict (party, hour) do update set evaluations = u.evaluations + excluded.evaluations,
      bucket_requests = u.bucket_requests + excluded.bucket_requests,
      knocks = u.knocks + excluded.knocks, refused = u.refused + excluded.refused,
      last_at = excluded.last_at`);
  return free;
}

const nothing = { evaluations: 0, bucketRequests: 0, knocks: 0, refused: 0 };

interface Hour extends Use {
  readonly hour: Instant;
}

async function usedSince(reader: Reader, party: string, since: Instant): Promise<readonly Hour[]> {
  return await reader.rows(sql<Hour>`
    select hour, evaluations, bucket_requests as "bucketRequests", knocks
    from deconflict.precheck_use where party = ${party} and hour > ${since} order by hour`);
}

/** Null where `use` is within every limit; else when enough hours have gone out of the day. */
function freeAt(hours: readonly Hour[], use: Partial<Use>, limits: Use): Instant | null {
  let latest: Instant | null = null;
  for (const what of ['evaluations', 'bucketRequests', 'knocks'] as const) {
    let over = hours.reduce((sum, hour) => sum + hour[what], 0) + (use[what] ?? 0) - limits[what];
    if ((use[what] ?? 0) === 0) continue;
    for (const hour of hours) {
      if (over <= 0) break;
      over -= hour[what];
      const free = addMilliseconds(hour.hour, dayMs);
      if (latest === null || free > latest) latest = free;
    }
  }
  return latest;
}

/** The refusal of what is beyond a limit. */
export function overLimit(until: Instant, limits: Use): Refusal<'precheck-limit'> {
  const { evaluations, bucketRequests, knocks } = limits;
  return {
    code: 'precheck-limit',
    expected: `at most ${evaluations} evaluations, ${bucketRequests} requests for buckets and ${knocks} knocks in 24 hours`,
    got: 'one more',
    todo: `ask again from ${until} on, or hand the finding in: that is never refused for this`,
  };
}

export interface PartyUse extends Use {
  readonly party: string;
  readonly refused: number;
  readonly lastAt: Instant;
}

/** What each party asked for in thirty days: who was refused most first, then who asked most. */
export async function useOfAll(reader: Reader, now: Instant): Promise<readonly PartyUse[]> {
  return await reader.rows(sql<PartyUse>`
    select party, sum(evaluations)::int as evaluations,
      sum(bucket_requests)::int as "bucketRequests", sum(knocks)::int as knocks,
      sum(refused)::int as refused, max(last_at) as "lastAt"
    from deconflict.precheck_use where hour > ${addMilliseconds(now, -keptMs)}
    group by party order by refused desc, evaluations desc, party limit 200`);
}

/** Forgets what is older than thirty days. */
export async function forgetUse(tx: Transaction, now: Instant): Promise<void> {
  await tx.run(sql`
    delete from deconflict.precheck_use where hour <= ${addMilliseconds(now, -keptMs)}`);
}
