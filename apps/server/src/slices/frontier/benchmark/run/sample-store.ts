import type { Id } from '@breakwater/kernel';
import type { Contamination } from '@breakwater/statistics';
import { type RawBuilder, sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { ReviewState } from '../review/decide.ts';
import type { Reach } from '../suite/rights.ts';

export interface SampleRow {
  readonly id: Id<'sample'>;
  readonly run: Id<'run'>;
  readonly place: number;
  readonly epoch: number;
  readonly item: Id<'item'> | null;
  readonly task: number;
  readonly score: number | null;
  readonly failed: boolean;
  readonly limited: boolean;
  readonly contamination: Contamination;
  readonly review: ReviewState;
}

/** A sample with the commitment of what it is of. */
export type SampleSeen = SampleRow & { readonly commitment: Uint8Array | null };

/** A sample as far as figures go. */
export interface Scored {
  readonly run: Id<'run'>;
  /** The sealed item, or the place of the task among those of its log. */
  readonly task: string;
  readonly item: string | null;
  readonly cluster: number | null;
  readonly human_time: string | null;
  readonly score: number | null;
  readonly contamination: Contamination;
  readonly review: ReviewState;
}

/** Rows of one insert; few enough for the parameters of one statement to stay small. */
const together = 5_000;

export async function insertSamples(tx: Transaction, rows: readonly SampleRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += together) {
    const some = rows.slice(from, from + together);
    const column = <T>(pick: (row: SampleRow) => T) => some.map(pick);
    await tx.run(sql`
      insert into benchmark.sample
        (id, run, place, epoch, item, task, score, failed, limited, contamination)
      select * from unnest(
        ${column((r) => r.id)}::text[], ${column((r) => r.run)}::text[],
        ${column((r) => r.place)}::integer[], ${column((r) => r.epoch)}::integer[],
        ${column((r) => r.item)}::text[], ${column((r) => r.task)}::integer[],
        ${column((r) => r.score)}::double precision[], ${column((r) => r.failed)}::boolean[],
        ${column((r) => r.limited)}::boolean[], ${column((r) => r.contamination)}::text[])`);
  }
}

const seen = sql`select s.*, i.commitment from benchmark.sample s
  left join benchmark.item i on i.id = s.item`;

/** Holds for samples whose item is within reach; a run that stands alone has no items. */
function within(reach: Reach, of = sql`s.item`): RawBuilder<unknown> {
  return reach === 'all' ? sql`true` : sql`${of} = any(${[...reach]}::text[])`;
}

export async function findSample(reader: Reader, id: string): Promise<SampleSeen | null> {
  return await reader.row(sql<SampleSeen>`${seen} where s.id = ${id}`);
}

/** One row beyond `limit`, in the order of the log. */
export async function listSamples(
  reader: Reader,
  of: {
    readonly run: string;
    readonly reach: Reach;
    readonly review: string | null;
    /** Those alone that this party may still say something of. */
    readonly openFor: string | null;
  },
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly SampleSeen[]> {
  const reviewed = of.review === null ? sql`` : sql`and s.review = ${of.review}`;
  const open = of.openFor === null ? sql`` : openFor(of.openFor);
  const beyond =
    page.after === null
      ? sql``
      : sql`and s.place > (select l.place from benchmark.sample l
          where l.id = ${page.after} and l.run = ${of.run} and ${within(of.reach, sql`l.item`)})`;
  return await reader.rows(sql<SampleSeen>`
    ${seen} where s.run = ${of.run} and ${within(of.reach)} ${reviewed} ${open} ${beyond}
    order by s.place limit ${page.limit + 1}`);
}

function openFor(party: string): RawBuilder<unknown> {
  return sql`and s.review in ('open', 'disputed') and not exists
    (select 1 from benchmark.review v where v.sample = s.id and v.party = ${party})`;
}

/** The samples of these runs whose item is within reach, with what their figures need. */
export async function scoredOf(
  reader: Reader,
  runs: readonly string[],
  reach: Reach,
): Promise<readonly Scored[]> {
  return await reader.rows(sql<Scored>`
    select s.run, coalesce(s.item, s.task::text) as task, s.item, i.cluster, i.human_time, s.score,
      s.contamination, s.review
    from benchmark.sample s left join benchmark.item i on i.id = s.item
    where s.run = any(${[...runs]}::text[]) and ${within(reach)} order by s.run, s.place`);
}

/** How many samples were taken in of all runs of a suite. */
export async function countSamples(reader: Reader, suite: string): Promise<number> {
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from benchmark.run r join benchmark.sample s on s.run = r.id
    where r.suite = ${suite}`);
  return row?.n ?? 0;
}

export async function writeReview(
  tx: Transaction,
  sample: string,
  review: ReviewState,
): Promise<void> {
  await tx.run(sql`update benchmark.sample set review = ${review} where id = ${sample}`);
}
