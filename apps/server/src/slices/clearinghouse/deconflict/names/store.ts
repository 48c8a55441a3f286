import { bytesToHex, type Id, type Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import { renamesMax } from './decide.ts';

export interface RenameRow {
  readonly id: Id<'decision'>;
  /** Canonical, without a path. */
  readonly from_target: string;
  readonly to_target: string;
  readonly by_party: Id<'party'>;
  readonly reason_content: Id<'content'>;
  readonly at: Instant;
}

const columns = sql`id, from_target, to_target, by_party, reason_content, at`;

/** All renames that stand, the oldest first. */
export async function standingRenames(reader: Reader): Promise<readonly RenameRow[]> {
  return await reader.rows(
    sql<RenameRow>`
    select ${columns} from deconflict.rename where withdrawn_at is null
    order by at, id limit ${renamesMax}`,
    { often: true },
  );
}

export async function insertRename(tx: Transaction, r: RenameRow): Promise<void> {
  await tx.run(sql`
    insert into deconflict.rename (id, from_target, to_target, by_party, reason_content, at)
    values (${r.id}, ${r.from_target}, ${r.to_target}, ${r.by_party}, ${r.reason_content}, ${r.at})`);
}

export async function endRename(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.run(sql`update deconflict.rename set withdrawn_at = ${at} where id = ${id}`);
}

/** The text of a repository as facts about it are kept under: without a path. */
export interface OrderRow {
  readonly id: Id<'decision'>;
  readonly repository: string;
  readonly commits: Uint8Array;
  readonly width: number;
  readonly by_party: Id<'party'>;
  readonly at: Instant;
}

/** The newest order of each of these repositories, without the commits. */
export async function newestOrders(
  reader: Reader,
  repositories: readonly string[],
): Promise<readonly Omit<OrderRow, 'commits' | 'width'>[]> {
  if (repositories.length === 0) return [];
  return await reader.rows(sql<Omit<OrderRow, 'commits' | 'width'>>`
    select distinct on (repository) id, repository, by_party, at from deconflict.commit_order
    where repository = any(${[...repositories]}::text[])
    order by repository, at desc, id desc`);
}

/** The names of an order's commits, oldest first; none where it is gone. */
export async function commitsOf(reader: Reader, id: string): Promise<readonly string[]> {
  const row = await reader.row(
    sql<OrderRow>`select commits, width from deconflict.commit_order where id = ${id}`,
  );
  if (row === null) return [];
  const hex = bytesToHex(row.commits);
  const digits = row.width * 2;
  return Array.from({ length: hex.length / digits }, (_, i) =>
    hex.slice(i * digits, (i + 1) * digits),
  );
}

/** Keeps an order in the place of those before it. */
export async function putOrder(tx: Transaction, o: OrderRow): Promise<void> {
  await tx.run(sql`delete from deconflict.commit_order where repository = ${o.repository}`);
  await tx.run(sql`
    insert into deconflict.commit_order (id, repository, commits, width, by_party, at)
    values (${o.id}, ${o.repository}, ${Buffer.from(o.commits)}, ${o.width}, ${o.by_party}, ${o.at})`);
}

/** Gives things their extents and places anew, which then lie under more names. */
export async function widenExtents(
  tx: Transaction,
  table: 'claim' | 'wait',
  things: readonly {
    readonly id: string;
    readonly extent: string;
    readonly lineages: readonly string[];
  }[],
): Promise<void> {
  if (things.length === 0) return;
  const [rows, places, thing] =
    table === 'claim'
      ? [sql`deconflict.claim`, sql`deconflict.claim_place`, sql`claim`]
      : [sql`deconflict.wait`, sql`deconflict.wait_place`, sql`wait`];
  await tx.run(sql`
    update ${rows} k set extent = n.extent
    from unnest(${things.map((t) => t.id)}::text[], ${things.map((t) => t.extent)}::text[])
      as n (id, extent) where k.id = n.id`);
  const lying = things.flatMap(({ id, lineages }) => lineages.map((lineage) => ({ id, lineage })));
  await tx.run(sql`
    insert into ${places} (lineage, ${thing})
    select * from unnest(${lying.map((l) => l.lineage)}::text[], ${lying.map((l) => l.id)}::text[])
    on conflict do nothing`);
}
