import { sql } from 'kysely';
import type { Reader, Transaction } from '../database/database.ts';
import { type Grant, type Principal, principalsOf } from './audience.ts';
import type { Actor } from './commands.ts';

/** Writes the audience of `subject` as the relation's rows; what is not named is gone. */
export async function setAudience(
  tx: Transaction,
  subject: string,
  audience: readonly Grant[],
): Promise<void> {
  const highest = new Map<Principal, number>();
  for (const grant of audience) {
    highest.set(grant.principal, Math.max(grant.level, highest.get(grant.principal) ?? 0));
  }
  await tx.run(sql`delete from platform.visibility where subject = ${subject}`);
  for (const [principal, level] of highest) {
    await tx.run(
      sql`insert into platform.visibility (party, subject, level) values (${principal}, ${subject}, ${level})`,
    );
  }
}

/** visible(subject, party, level) as the relation: the level `actor` has on `subject`, 0 for none. */
export async function levelOf(
  reader: Reader,
  subject: string,
  actor: Actor | null,
): Promise<number> {
  const row = await reader.row(sql<{ level: number | null }>`
    select max(level)::int as level from platform.visibility
    where subject = ${subject} and party in (${sql.join(principalsOf(actor))})`);
  return row?.level ?? 0;
}

/** SQL that keeps only subjects `actor` sees, with the level: join it as a table. */
export function visibleTo(actor: Actor | null) {
  return sql`(select subject, max(level)::int as level from platform.visibility
    where party in (${sql.join(principalsOf(actor))}) group by subject)`;
}
