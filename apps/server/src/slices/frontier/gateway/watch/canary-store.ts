import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export interface CanaryRow {
  readonly model: Id<'model'>;
  readonly digest: string;
  readonly developer: Id<'party'>;
  readonly at: Instant;
}

/** One that was removed is watched for again; one that stands stays as it is. */
export async function putCanary(tx: Transaction, row: CanaryRow): Promise<void> {
  await tx.run(sql`
    insert into gateway.canary as c (model, digest, developer, at)
    values (${row.model}, ${row.digest}, ${row.developer}, ${row.at})
    on conflict (model, digest) do update
    set removed_at = null, at = excluded.at, developer = excluded.developer
    where c.removed_at is not null`);
}

/** Answers 0 where there is none that stands. */
export async function removeCanary(
  tx: Transaction,
  { model, digest, developer, at }: CanaryRow,
): Promise<number> {
  return await tx.run(sql`
    update gateway.canary set removed_at = ${at}
    where model = ${model} and digest = ${digest} and developer = ${developer}
      and removed_at is null`);
}

export async function countCanaries(reader: Reader, model: string): Promise<number> {
  const row = await reader.row(sql<{ count: number }>`
    select count(*)::int as count from gateway.canary
    where model = ${model} and removed_at is null`);
  return row?.count ?? 0;
}

/** The canaries that stand of a developer's models. */
export async function canariesOfDeveloper(
  reader: Reader,
  developer: string,
): Promise<readonly CanaryRow[]> {
  return await reader.rows(sql<CanaryRow>`
    select model, digest, developer, at from gateway.canary
    where developer = ${developer} and removed_at is null order by at, model, digest`);
}

/** All that stand, by model, as hex: what a process of the gateway watches for. */
export async function allCanaries(reader: Reader): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await reader.rows(sql<{ model: string; digest: string }>`
    select model, digest from gateway.canary where removed_at is null`);
  const grouped = Map.groupBy(rows, ({ model }) => model);
  return new Map(
    [...grouped].map(([model, of]) => [model, of.map(({ digest }) => digest.slice(7))]),
  );
}
