import type { Run, RunLimits } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import { seenBy } from '../../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { RunsOf } from '../suite/audiences.ts';

export interface RunRow {
  readonly id: Id<'run'>;
  readonly suite: Id<'suite'> | null;
  readonly party: Id<'party'>;
  readonly model_content: Id<'content'>;
  readonly model_key: Uint8Array;
  readonly state: Run['state'];
  readonly limits: RunLimits;
  readonly contamination: 'none-known' | 'unknown' | 'suspected' | 'confirmed';
  readonly planned: number | null;
  readonly samples: number;
  readonly turns: number;
  readonly log_bytes: number;
  readonly at: Instant;
  readonly ended_at: Instant | null;
  readonly revision: number;
}

export interface PartRow {
  readonly at_byte: number;
  readonly bytes: number;
  readonly content: Id<'content'>;
}

// Sizes and counts are far below what a double holds exactly; as bigint they would come as text.
const columns = sql`r.id, r.suite, r.party, r.model_content, r.model_key, r.state, r.limits,
  r.contamination, r.planned, r.samples::float8 as samples, r.turns::float8 as turns,
  r.log_bytes::float8 as log_bytes, r.at, r.ended_at, r.revision`;

export async function insertRun(
  tx: Transaction,
  run: Omit<RunRow, 'samples' | 'turns' | 'log_bytes' | 'ended_at' | 'revision' | 'state'>,
): Promise<void> {
  await tx.run(sql`
    insert into benchmark.run (id, suite, party, model_content, model_key, state, limits,
      contamination, planned, at)
    values (${run.id}, ${run.suite}, ${run.party}, ${run.model_content},
      ${Buffer.from(run.model_key)}, 'running', ${JSON.stringify(run.limits)}::jsonb,
      ${run.contamination}, ${run.planned}, ${run.at})`);
}

export async function findRun(reader: Reader, id: string): Promise<RunRow | null> {
  return await reader.row(sql<RunRow>`select ${columns} from benchmark.run r where r.id = ${id}`);
}

/** One row beyond `limit`, newest first, of those that `actor` may know of. */
export async function listRuns(
  reader: Reader,
  actor: Actor,
  of: {
    readonly suite: string | null;
    readonly state: string | null;
    readonly after: Cursor | null;
    readonly limit: number;
  },
): Promise<readonly RunRow[]> {
  const ofSuite = of.suite === null ? sql`` : sql`and r.suite = ${of.suite}`;
  const inState = of.state === null ? sql`` : sql`and r.state = ${of.state}`;
  const beyond =
    of.after === null
      ? sql``
      : sql`and (r.at, r.id) < (select l.at, l.id from benchmark.run l
          where l.id = ${of.after} and ${seenBy(actor, sql`l.id`)})`;
  return await reader.rows(sql<RunRow>`
    select ${columns} from benchmark.run r
    where ${seenBy(actor, sql`r.id`)} ${ofSuite} ${inState} ${beyond}
    order by r.at desc, r.id desc limit ${of.limit + 1}`);
}

/** How many runs a party brought of a suite, or without one: others' runs tell it nothing. */
export async function countRuns(
  reader: Reader,
  of: { readonly suite: string | null; readonly party: string },
): Promise<number> {
  const ofSuite = of.suite === null ? sql`suite is null` : sql`suite = ${of.suite}`;
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from benchmark.run where party = ${of.party} and ${ofSuite}`);
  return row?.n ?? 0;
}

/** The runs of a suite that have a log, newest first. */
export async function takenInOf(reader: Reader, suite: string): Promise<readonly RunRow[]> {
  return await reader.rows(sql<RunRow>`
    select ${columns} from benchmark.run r
    where r.suite = ${suite} and r.state = 'taken-in' order by r.at desc, r.id desc`);
}

/** What decides who sees the runs of a suite. */
export async function runsOf(reader: Reader, suite: string): Promise<RunsOf> {
  const rows = await reader.rows(sql<{ id: Id<'run'>; party: string; items: string[] }>`
    select r.id, r.party,
      array(select distinct s.item from benchmark.sample s where s.run = r.id) as items
    from benchmark.run r where r.suite = ${suite}`);
  return new Map(rows.map(({ id, party, items }) => [id, { party, items: new Set(items) }]));
}

export async function writeProgress(
  tx: Transaction,
  id: string,
  told: { readonly samples: number; readonly turns: number },
): Promise<void> {
  await tx.run(sql`
    update benchmark.run set samples = ${told.samples}, turns = ${told.turns},
      revision = revision + 1 where id = ${id}`);
}

export async function endRun(
  tx: Transaction,
  id: string,
  { state, at }: { readonly state: RunRow['state']; readonly at: Instant },
): Promise<void> {
  await tx.run(sql`
    update benchmark.run set state = ${state}, ended_at = ${at}, revision = revision + 1
    where id = ${id}`);
}

export async function insertPart(tx: Transaction, run: string, part: PartRow): Promise<void> {
  await tx.run(sql`
    insert into benchmark.part (run, at_byte, bytes, content)
    values (${run}, ${part.at_byte}, ${part.bytes}, ${part.content})`);
  await tx.run(sql`
    update benchmark.run set log_bytes = ${part.at_byte + part.bytes} where id = ${run}`);
}

export async function countParts(reader: Reader, run: string): Promise<number> {
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from benchmark.part where run = ${run}`);
  return row?.n ?? 0;
}

/** In the order of the log. */
export async function partsOf(reader: Reader, run: string): Promise<readonly PartRow[]> {
  return await reader.rows(sql<PartRow>`
    select at_byte::float8 as at_byte, bytes, content from benchmark.part
    where run = ${run} order by at_byte`);
}
