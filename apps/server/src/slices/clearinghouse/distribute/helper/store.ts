import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import { coordinators, levels } from '../../../../platform/commands/audience.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import { setAudience } from '../../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export interface HelperRow {
  readonly id: Id<'helper'>;
  readonly notice: Id<'notice'>;
  readonly party: Id<'party'> | null;
  readonly name_content: Id<'content'> | null;
  readonly created_at: Instant;
  readonly expires_at: Instant;
  readonly opened_at: Instant | null;
  readonly reported_at: Instant | null;
  readonly revoked_at: Instant | null;
}

/** Who looks, and when. */
export interface Looking {
  readonly actor: Actor;
  readonly now: Instant;
}

/**
 * SQL that holds for the notices that are, as `n`, in `actor`'s hands as a helper. Help is over at its hour,
 * also before the job has come that takes the notice out of the helper's sight.
 */
export function helpedBy({ actor, now }: Looking) {
  return sql`n.id in (select h.notice from distribute.helper h
    where h.party = ${actor.id} and h.revoked_at is null and h.expires_at > ${now})`;
}

export async function insertHelper(
  tx: Transaction,
  h: Pick<HelperRow, 'id' | 'notice' | 'party' | 'name_content' | 'created_at' | 'expires_at'> & {
    readonly token_hash: Buffer | null;
  },
): Promise<void> {
  await tx.run(sql`
    insert into distribute.helper (id, notice, party, name_content, token_hash, created_at, expires_at)
    values (${h.id}, ${h.notice}, ${h.party}, ${h.name_content}, ${h.token_hash}, ${h.created_at}, ${h.expires_at})`);
}

/** To whom a notice was handed, newest first. */
export async function helpersOf(reader: Reader, notice: string): Promise<readonly HelperRow[]> {
  return await reader.rows(sql<HelperRow>`
    select * from distribute.helper where notice = ${notice} order by created_at desc, id desc limit 200`);
}

/** The helper behind a link's token, whatever became of it. */
export async function helperByToken(reader: Reader, hash: Buffer): Promise<HelperRow | null> {
  return await reader.row(
    sql<HelperRow>`select * from distribute.helper where token_hash = ${hash}`,
  );
}

/** Marks what happened to a helper; what is marked stays. */
export async function markHelper(
  tx: Transaction,
  id: string,
  happened: { readonly what: 'opened' | 'reported' | 'revoked'; readonly at: Instant },
): Promise<number> {
  const column = sql.ref(`${happened.what}_at`);
  return await tx.run(sql`
    update distribute.helper set ${column} = ${happened.at} where id = ${id} and ${column} is null`);
}

/** Ends all help that `party` gets or gives; answers with the notices it was about. */
export async function endHelpOf(
  tx: Transaction,
  party: string,
  at: Instant,
): Promise<readonly Id<'notice'>[]> {
  const rows = await tx.rows(sql<{ notice: Id<'notice'> }>`
    update distribute.helper h set revoked_at = ${at}
    where h.revoked_at is null and (h.party = ${party}
      or h.notice in (select n.id from distribute.notice n where n.operator = ${party}))
    returning h.notice`);
  return [...new Set(rows.map((row) => row.notice))];
}

/** Writes who sees a notice: its operator, the parties that help, coordinators that it exists. */
export async function writeNoticeAudience(
  tx: Transaction,
  notice: { readonly id: string; readonly operator: string },
  now: Instant,
): Promise<void> {
  const helpers = await helpersOf(tx, notice.id);
  const helping = helpers.filter((h) => h.revoked_at === null && h.expires_at > now);
  await setAudience(tx, notice.id, [
    { principal: notice.operator, level: levels.all },
    { principal: coordinators, level: levels.summary },
    ...helping.flatMap(({ party }) =>
      party === null ? [] : [{ principal: party, level: levels.detail }],
    ),
  ]);
}

/** The role of a party, or null. */
export async function roleOf(reader: Reader, party: string): Promise<string | null> {
  const row = await reader.row(
    sql<{ role: string }>`select role from directory.party where id = ${party} and left_at is null`,
  );
  return row?.role ?? null;
}
