import { chatLimitNames } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { Prices } from '@breakwater/meter';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export interface UpstreamRow {
  readonly id: Id<'upstream'>;
  readonly model: Id<'model'>;
  readonly developer: Id<'party'>;
  readonly place: number;
  readonly kind: 'openai' | 'anthropic';
  readonly words_content: Id<'content'>;
  readonly secret_content: Id<'content'>;
  readonly context_tokens: number;
  readonly output_max: number;
  readonly concurrent: number;
  readonly prices: Prices;
  readonly at: Instant;
  readonly removed_at: Instant | null;
  readonly revision: number;
}

/** What is kept of an upstream as content. */
export const UpstreamWords = z.object({
  baseUrl: z.string(),
  modelName: z.string(),
  limitName: z.enum(chatLimitNames).optional(),
});
export type UpstreamWords = z.infer<typeof UpstreamWords>;

export async function findUpstream(reader: Reader, id: string): Promise<UpstreamRow | null> {
  const row = await reader.row(sql<UpstreamRow>`select * from gateway.upstream where id = ${id}`);
  return row === null ? null : read(row);
}

/** Those of a model that are used, in the order in which they are tried. */
export async function upstreamsOf(reader: Reader, model: string): Promise<readonly UpstreamRow[]> {
  const rows = await reader.rows(sql<UpstreamRow>`
    select * from gateway.upstream where model = ${model} and removed_at is null
    order by place, id limit 100`);
  return rows.map(read);
}

/** All of a developer, those that are used no more with them. */
export async function upstreamsBy(
  reader: Reader,
  developer: string,
): Promise<readonly UpstreamRow[]> {
  const rows = await reader.rows(sql<UpstreamRow>`
    select * from gateway.upstream where developer = ${developer} order by at, id limit 1000`);
  return rows.map(read);
}

export async function insertUpstream(
  tx: Transaction,
  row: Omit<UpstreamRow, 'removed_at' | 'revision'>,
): Promise<void> {
  await tx.run(sql`
    insert into gateway.upstream (id, model, developer, place, kind, words_content, secret_content,
      context_tokens, output_max, concurrent, prices, at)
    values (${row.id}, ${row.model}, ${row.developer}, ${row.place}, ${row.kind},
      ${row.words_content}, ${row.secret_content}, ${row.context_tokens}, ${row.output_max},
      ${row.concurrent}, ${JSON.stringify(row.prices)}::jsonb, ${row.at})`);
}

export async function updateUpstream(
  tx: Transaction,
  row: Omit<UpstreamRow, 'removed_at' | 'revision'>,
): Promise<void> {
  await tx.run(sql`
    update gateway.upstream set place = ${row.place}, kind = ${row.kind},
      words_content = ${row.words_content}, secret_content = ${row.secret_content},
      context_tokens = ${row.context_tokens}, output_max = ${row.output_max},
      concurrent = ${row.concurrent}, prices = ${JSON.stringify(row.prices)}::jsonb,
      revision = revision + 1
    where id = ${row.id}`);
}

/**
 * Keeps the prices of an endpoint that are about to be stated otherwise; of several at one moment
 * those that counted before it.
 */
export async function keepPrices(
  tx: Transaction,
  { upstream, otherwise }: { readonly upstream: string; readonly otherwise: Prices },
  until: Instant,
): Promise<void> {
  await tx.run(sql`
    insert into gateway.prices_before (upstream, until, prices)
    select id, ${until}::timestamptz, prices from gateway.upstream
    where id = ${upstream} and prices <> ${JSON.stringify(otherwise)}::jsonb
    on conflict do nothing`);
}

/** What an endpoint cost at a moment; null: there is none. */
export async function pricesAt(reader: Reader, id: string, at: Instant): Promise<Prices | null> {
  const row = await reader.row(sql<{ prices: unknown }>`
    select coalesce(
      (select b.prices from gateway.prices_before b where b.upstream = u.id and b.until > ${at}
        order by b.until limit 1),
      u.prices) as prices
    from gateway.upstream u where u.id = ${id}`);
  return row === null ? null : Prices.parse(row.prices);
}

export async function markRemoved(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.run(sql`update gateway.upstream set removed_at = ${at} where id = ${id}`);
}

function read(row: UpstreamRow): UpstreamRow {
  return { ...row, prices: Prices.parse(row.prices) };
}
