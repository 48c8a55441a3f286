import { KeyLimits } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import { seenBy } from '../../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export interface KeyRow {
  readonly id: Id<'gkey'>;
  readonly party: Id<'party'>;
  readonly holder: Id<'member'>;
  readonly developer: Id<'party'>;
  readonly stands_on: Id<'grant'> | Id<'partner'>;
  readonly scope: Id<'window'> | Id<'tier'>;
  readonly name_content: Id<'content'>;
  readonly limits: KeyLimits;
  readonly proof: 'none' | 'dpop' | 'mtls';
  readonly thumbprint: string | null;
  readonly usage_in_streams: 'as-asked' | 'always';
  readonly issued_by: Id<'member'>;
  readonly at: Instant;
  readonly expires_at: Instant;
  readonly ended_at: Instant | null;
  readonly ended_by: Id<'member'> | null;
}

const columns = sql`k.id, k.party, k.holder, k.developer, k.stands_on, k.scope, k.name_content,
  k.limits, k.proof, k.thumbprint, k.usage_in_streams, k.issued_by, k.at, k.expires_at, k.ended_at,
  k.ended_by`;

export async function insertKey(
  tx: Transaction,
  row: Omit<KeyRow, 'ended_at' | 'ended_by'> & { readonly hash: Buffer },
): Promise<void> {
  await tx.run(sql`
    insert into gateway.key (id, hash, party, holder, developer, stands_on, scope, name_content,
      limits, proof, thumbprint, usage_in_streams, issued_by, at, expires_at)
    values (${row.id}, ${row.hash}, ${row.party}, ${row.holder}, ${row.developer},
      ${row.stands_on}, ${row.scope}, ${row.name_content}, ${JSON.stringify(row.limits)}::jsonb,
      ${row.proof}, ${row.thumbprint}, ${row.usage_in_streams}, ${row.issued_by}, ${row.at},
      ${row.expires_at})`);
}

export async function findKey(reader: Reader, id: string): Promise<KeyRow | null> {
  const row = await reader.row(
    sql<KeyRow>`select ${columns} from gateway.key k where k.id = ${id}`,
  );
  return row === null ? null : read(row);
}

export async function findKeyByHash(reader: Reader, hash: Buffer): Promise<KeyRow | null> {
  const row = await reader.row(
    sql<KeyRow>`select ${columns} from gateway.key k where k.hash = ${hash}`,
  );
  return row === null ? null : read(row);
}

/** Those among `hashes` that are of keys, in hex. */
export async function hashesAmong(
  reader: Reader,
  hashes: readonly Buffer[],
): Promise<readonly string[]> {
  const rows = await reader.rows(sql<{ hash: string }>`
    select encode(hash, 'hex') as hash from gateway.key where hash = any(${hashes}::bytea[])`);
  return rows.map(({ hash }) => hash);
}

/**
 * The keys of a grant or a partnership that were not over before an instant, in the order in which
 * they were issued.
 */
export async function keysOn(
  reader: Reader,
  { stand, since }: { readonly stand: string; readonly since: Instant },
): Promise<readonly KeyRow[]> {
  const rows = await reader.rows(sql<KeyRow>`
    select ${columns} from gateway.key k
    where k.stands_on = ${stand} and least(k.ended_at, k.expires_at) >= ${since}
    order by k.at, k.id`);
  return rows.map(read);
}

/** How many keys ever stood on a grant or a partnership. */
export async function countKeysEver(reader: Reader, stand: string): Promise<number> {
  const row = await reader.row(sql<{ count: number }>`
    select count(*) as count from gateway.key where stands_on = ${stand}`);
  return row?.count ?? 0;
}

export async function markEnded(
  tx: Transaction,
  id: string,
  end: { readonly at: Instant; readonly by: Id<'member'> | null },
): Promise<void> {
  await tx.run(sql`
    update gateway.key set ended_at = ${end.at}, ended_by = ${end.by}
    where id = ${id} and ended_at is null`);
}

/** One row beyond `limit`, the newest first; on one stand, in one scope, or all. */
export async function listKeys(
  reader: Reader,
  { actor, of }: { readonly actor: Actor; readonly of: string | undefined },
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly KeyRow[]> {
  const only = of === undefined ? sql`` : sql`and ${of} in (k.stands_on, k.scope)`;
  const beyond =
    page.after === null
      ? sql``
      : sql`and (k.at, k.id) < (select l.at, l.id from gateway.key l
          where l.id = ${page.after} and ${seenBy(actor, sql`l.id`)})`;
  const rows = await reader.rows(sql<KeyRow>`
    select ${columns} from gateway.key k where ${seenBy(actor, sql`k.id`)} ${only} ${beyond}
    order by k.at desc, k.id desc limit ${page.limit + 1}`);
  return rows.map(read);
}

/** Whether any key on models of a developer is of this person, service or party. */
export async function hasKeyOf(
  reader: Reader,
  { developer, of }: { readonly developer: string; readonly of: string },
): Promise<boolean> {
  const row = await reader.row(sql<{ found: boolean }>`
    select exists (select 1 from gateway.key k
      where k.developer = ${developer} and ${of} in (k.holder, k.party)) as found`);
  return row?.found === true;
}

/** The windows and tiers in which a developer's keys stand. */
export async function scopesOf(
  reader: Reader,
  developer: string,
): Promise<readonly (Id<'window'> | Id<'tier'>)[]> {
  const rows = await reader.rows(sql<{ scope: Id<'window'> | Id<'tier'> }>`
    select distinct scope from gateway.key where developer = ${developer}`);
  return rows.map(({ scope }) => scope);
}

function read(row: KeyRow): KeyRow {
  return { ...row, limits: KeyLimits.parse(row.limits) };
}
