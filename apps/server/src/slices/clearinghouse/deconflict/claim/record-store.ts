import type { Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import { newIds } from '../../../../platform/clock/clock.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import { lookOf } from './extent.ts';

/** A part that was looked at, and what came of it. */
export interface NewCoverage {
  readonly id: string;
  readonly claim: string;
  readonly holder: string;
  readonly extent: string;
  readonly outcome: 'nothing-found' | 'findings' | 'unfinished';
  readonly from_at: Instant;
  readonly until_at: Instant;
  readonly listed: boolean;
}

export async function insertCoverage(
  tx: Transaction,
  coverage: readonly NewCoverage[],
): Promise<void> {
  if (coverage.length === 0) return;
  const column = <T>(pick: (each: NewCoverage) => T) => coverage.map(pick);
  await tx.run(sql`
    insert into deconflict.coverage (id, claim, holder, extent, outcome, from_at, until_at, listed)
    select * from unnest(
      ${column((c) => c.id)}::text[], ${column((c) => c.claim)}::text[],
      ${column((c) => c.holder)}::text[], ${column((c) => c.extent)}::text[],
      ${column((c) => c.outcome)}::text[], ${column((c) => c.from_at)}::timestamptz[],
      ${column((c) => c.until_at)}::timestamptz[], ${column((c) => c.listed)}::boolean[])`);
  const places = coverage.flatMap((c) =>
    lookOf(c.extent).places.lineages.map((lineage) => ({ lineage, ...c })),
  );
  await tx.run(sql`
    insert into deconflict.coverage_place (lineage, until_at, coverage)
    select * from unnest(
      ${places.map((p) => p.lineage)}::text[], ${places.map((p) => p.until_at)}::timestamptz[],
      ${places.map((p) => p.id)}::text[])`);
}

/** Whether a record of coverage was struck; null: there is none. */
export async function coverageStruck(
  reader: Reader,
  id: string,
): Promise<{ readonly struck_at: Instant | null } | null> {
  return await reader.row(
    sql<{ struck_at: Instant | null }>`select struck_at from deconflict.coverage where id = ${id}`,
  );
}

/** Strikes a record of coverage; what it says stays. */
export async function markStruck(
  tx: Transaction,
  id: string,
  given: { readonly at: Instant; readonly by: string; readonly reason: string },
): Promise<void> {
  await tx.run(sql`
    update deconflict.coverage set struck_at = ${given.at}, struck_by = ${given.by},
      struck_reason = ${given.reason} where id = ${id}`);
}

export interface NewConflict {
  readonly asker: string;
  readonly extent: string;
  readonly claims: readonly string[];
}

export async function insertConflicts(
  tx: Transaction,
  conflicts: readonly NewConflict[],
  at: Instant,
): Promise<void> {
  if (conflicts.length === 0) return;
  await tx.run(sql`
    insert into deconflict.conflict (id, asker, extent, claims, at)
    select id, asker, extent, string_to_array(claims, ' '), ${at}::timestamptz from unnest(
      ${[...newIds('decision', conflicts.length)]}::text[],
      ${conflicts.map((c) => c.asker)}::text[], ${conflicts.map((c) => c.extent)}::text[],
      ${conflicts.map((c) => c.claims.join(' '))}::text[]) as c (id, asker, extent, claims)`);
}

/** Adds to what each party was told, and how often it was stopped, on the day of `at`. */
export async function insertAsked(
  tx: Transaction,
  asked: ReadonlyMap<string, { readonly told: number; readonly stopped: number }>,
  at: Instant,
): Promise<void> {
  if (asked.size === 0) return;
  await tx.run(sql`
    insert into deconflict.asked as a (party, day, told, stopped)
    select party, ${at.slice(0, 10)}::date, told, stopped from unnest(
      ${[...asked.keys()]}::text[], ${[...asked.values()].map((a) => a.told)}::int[],
      ${[...asked.values()].map((a) => a.stopped)}::int[]) as n (party, told, stopped)
    on conflict (party, day) do update
      set told = a.told + excluded.told, stopped = a.stopped + excluded.stopped`);
}

/** How many answers that tell of others each party was given on the day of `at`. */
export async function toldOn(
  reader: Reader,
  parties: readonly string[],
  at: Instant,
): Promise<ReadonlyMap<string, number>> {
  if (parties.length === 0) return new Map();
  const rows = await reader.rows(
    sql<{ party: string; told: number }>`
    select party, told from deconflict.asked
    where party = any(${[...parties]}::text[]) and day = ${at.slice(0, 10)}::date`,
    { often: true },
  );
  return new Map(rows.map(({ party, told }) => [party, told]));
}
