import { precheckLimits } from '@breakwater/contract';
import { addMilliseconds, type Id, type Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../../platform/database/database.ts';

const keptMs = precheckLimits.knockDays * 24 * 60 * 60 * 1_000;

/** When a knock lapses that was made at `at`. */
export function lapsesAt(at: Instant): Instant {
  return addMilliseconds(at, keptMs);
}

export interface KnockRow {
  readonly id: Id<'knock'>;
  readonly party: Id<'party'>;
  readonly message_content: Id<'content'> | null;
  readonly at: Instant;
  readonly until: Instant;
}

/** Keeps a knock and whom it reaches, each with a case of its own. */
export async function insertKnock(
  tx: Transaction,
  knock: KnockRow,
  recipients: ReadonlyMap<string, string>,
): Promise<void> {
  await tx.run(sql`
    insert into deconflict.knock (id, party, message_content, at, until)
    values (${knock.id}, ${knock.party}, ${knock.message_content}, ${knock.at}, ${knock.until})`);
  await tx.run(sql`
    insert into deconflict.knock_recipient (knock, principal, case_id)
    select ${knock.id}::text, principal, case_id from unnest(${[...recipients.keys()]}::text[],
      ${[...recipients.values()]}::text[]) as r (principal, case_id)`);
}

export interface ReceivedRow extends KnockRow {
  readonly case_id: Id<'case'>;
  /** What the reader's party answered. */
  readonly agreed: boolean | null;
}

/** Knocks that reach one of `principals`, newest first, with what `party` answered. */
export async function received(
  reader: Reader,
  { principals, party }: { readonly principals: readonly string[]; readonly party: string },
): Promise<readonly ReceivedRow[]> {
  return await reader.rows(sql<ReceivedRow>`
    select k.*, r.case_id, a.agreed
    from (select knock, min(case_id) as case_id from deconflict.knock_recipient
      where principal in (${sql.join(principals)}) group by knock) r
      join deconflict.knock k on k.id = r.knock
      left join deconflict.knock_answer a on a.knock = k.id and a.party = ${party}
    where k.party <> ${party}
    order by k.at desc, k.id limit 200`);
}

/** One of them. */
export async function findReceived(
  reader: Reader,
  id: string,
  reached: { readonly principals: readonly string[]; readonly party: string },
): Promise<ReceivedRow | null> {
  return await reader.row(sql<ReceivedRow>`
    select k.*, r.case_id, a.agreed
    from (select knock, min(case_id) as case_id from deconflict.knock_recipient
      where knock = ${id} and principal in (${sql.join(reached.principals)}) group by knock) r
      join deconflict.knock k on k.id = r.knock
      left join deconflict.knock_answer a on a.knock = k.id and a.party = ${reached.party}
    where k.party <> ${reached.party}`);
}

/** Knocks of a party, newest first. */
export async function sentBy(reader: Reader, party: string): Promise<readonly KnockRow[]> {
  return await reader.rows(sql<KnockRow>`
    select * from deconflict.knock where party = ${party} order by at desc, id limit 200`);
}

/** Who agreed to each of `knocks`, in the order in which they did. */
export async function agreedTo(
  reader: Reader,
  knocks: readonly string[],
): Promise<ReadonlyMap<string, readonly Id<'party'>[]>> {
  const rows = await reader.rows(sql<{ knock: string; party: Id<'party'> }>`
    select knock, party from deconflict.knock_answer
    where knock = any(${[...knocks]}::text[]) and agreed order by at, party`);
  const by = Map.groupBy(rows, (row) => row.knock);
  return new Map([...by].map(([knock, all]) => [knock, all.map((row) => row.party)]));
}

/** Keeps an answer; 0 where there is one. */
export async function insertAnswer(
  tx: Transaction,
  answer: { readonly knock: string; readonly party: string; readonly agreed: boolean },
  at: Instant,
): Promise<number> {
  return await tx.run(sql`
    insert into deconflict.knock_answer (knock, party, agreed, at)
    values (${answer.knock}, ${answer.party}, ${answer.agreed}, ${at}) on conflict do nothing`);
}
