import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Cursor } from '../../../page.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { seenBy } from '../../../platform/commands/visibility.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';

export interface RuleRow {
  readonly id: Id<'rule'>;
  readonly party: Id<'party'>;
  readonly digest: string;
  readonly document_content: Id<'content'>;
  readonly at: Instant;
}

export async function findRule(reader: Reader, id: string): Promise<RuleRow | null> {
  return await reader.row(sql<RuleRow>`select * from designate.rule where id = ${id}`);
}

/** One row beyond `limit`, the newest first. */
export async function listRules(
  reader: Reader,
  actor: Actor,
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly RuleRow[]> {
  const beyond =
    page.after === null
      ? sql``
      : sql`and (u.at, u.id) < (select l.at, l.id from designate.rule l
          where l.id = ${page.after} and ${seenBy(actor, sql`l.id`)})`;
  return await reader.rows(sql<RuleRow>`
    select u.* from designate.rule u where ${seenBy(actor, sql`u.id`)} ${beyond}
    order by u.at desc, u.id desc limit ${page.limit + 1}`);
}

export async function insertRule(
  tx: Transaction,
  row: RuleRow,
  seers: readonly string[],
): Promise<void> {
  await tx.run(sql`
    insert into designate.rule (id, party, digest, document_content, at)
    values (${row.id}, ${row.party}, ${row.digest}, ${row.document_content}, ${row.at})`);
  await tx.run(sql`
    insert into designate.rule_seer (rule, party)
    select ${row.id}, party from unnest(${[...new Set(seers)]}::text[]) as named (party)`);
}

/** Who was let see a rule when it was registered. */
export async function ruleSeers(reader: Reader, rule: string): Promise<readonly string[]> {
  const rows = await reader.rows(sql<{ party: string }>`
    select party from designate.rule_seer where rule = ${rule} order by party`);
  return rows.map(({ party }) => party);
}

/** Everybody whose file uses a rule. */
export async function fileSeersOfRule(reader: Reader, rule: string): Promise<readonly string[]> {
  const rows = await reader.rows(sql<{ party: string }>`
    select f.keeper as party from designate.file f where f.rule = ${rule}
    union select f.official from designate.file f where f.rule = ${rule} and f.official is not null
    union select s.party from designate.file f join designate.file_seer s on s.file = f.id
      where f.rule = ${rule}`);
  return rows.map(({ party }) => party);
}
