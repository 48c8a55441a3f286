import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

/** Somebody's wish to be let in, as far as one holder is asked. */
export interface JoinAnswerRow {
  readonly request: Id<'joining'>;
  readonly claim: Id<'claim'>;
  readonly asker: Id<'party'>;
  readonly holder: Id<'party'>;
  readonly accepted: boolean | null;
}

export interface JoinRequestRow {
  readonly id: Id<'joining'>;
  readonly asker: Id<'party'>;
  readonly extent: string;
  readonly from_at: Instant;
  readonly until_at: Instant;
}

export interface NewJoin extends JoinRequestRow {
  readonly claims: readonly { readonly id: Id<'claim'>; readonly holder: Id<'party'> }[];
}

export async function insertJoin(tx: Transaction, join: NewJoin, at: Instant): Promise<void> {
  const { id, asker, extent, from_at, until_at, claims } = join;
  // Who asks again means the new wish: of one asker a holder has one to answer for each claim.
  await tx.run(sql`
    delete from deconflict.join_answer
    where asker = ${asker} and accepted is null
      and claim = any(${claims.map((c) => c.id)}::text[])`);
  await tx.run(sql`
    insert into deconflict.join_request (id, asker, extent, from_at, until_at, at)
    values (${id}, ${asker}, ${extent}, ${from_at}, ${until_at}, ${at})`);
  await tx.run(sql`
    insert into deconflict.join_answer (request, claim, asker, holder)
    select ${id}::text, claim, ${asker}::text, holder from unnest(
      ${claims.map((c) => c.id)}::text[], ${claims.map((c) => c.holder)}::text[]
    ) as c (claim, holder)`);
  await tx.run(sql`
    insert into platform.visibility (party, subject, level) values (${asker}, ${id}, 3)`);
}

/** What each of the requests asks of whom. */
export async function answersTo(
  reader: Reader,
  requests: readonly string[],
): Promise<readonly JoinAnswerRow[]> {
  if (requests.length === 0) return [];
  return await reader.rows(sql<JoinAnswerRow>`
    select request, claim, asker, holder, accepted from deconflict.join_answer
    where request = any(${[...requests]}::text[])`);
}

/** What a holder let somebody do beside one of its claims. */
export interface Admission {
  readonly extent: string;
  readonly from_at: Instant;
  readonly until_at: Instant;
}

/** By `<claim> <party>`: what was agreed between the claim's holder and the party. */
export type LetIn = ReadonlyMap<string, readonly Admission[]>;

/** Whom the holders of these claims let in, and to what. */
export async function letIn(reader: Reader, claims: readonly string[]): Promise<LetIn> {
  if (claims.length === 0) return new Map();
  const rows = await reader.rows(
    sql<Admission & { claim: string; asker: string }>`
    select a.claim, a.asker, r.extent, r.from_at, r.until_at
    from deconflict.join_answer a join deconflict.join_request r on r.id = a.request
    where a.claim = any(${[...claims]}::text[]) and a.accepted`,
    { often: true },
  );
  return Map.groupBy(rows, ({ claim, asker }) => `${claim} ${asker}`);
}

/** Writes what a holder answered, for all of its claims that the request is about. */
export async function answerJoin(
  tx: Transaction,
  given: { readonly request: string; readonly holder: string; readonly accepted: boolean },
): Promise<void> {
  await tx.run(sql`
    update deconflict.join_answer set accepted = ${given.accepted}
    where request = ${given.request} and holder = ${given.holder}`);
}

/** Whoever was let in beside a claim stays so when it is handed over. */
export async function moveAnswers(tx: Transaction, from: string, to: string): Promise<void> {
  await tx.run(sql`
    update deconflict.join_answer a set claim = ${to}, holder = c.holder
    from deconflict.claim c where a.claim = ${from} and c.id = ${to}`);
}

export interface WantedRow extends JoinRequestRow {
  readonly claim: Id<'claim'>;
}

/** What others ask of a holder and it has not answered, as long as it would come to something. */
export async function joinsWanted(
  reader: Reader,
  holder: string,
  given: { readonly now: Instant; readonly limit: number },
): Promise<readonly WantedRow[]> {
  return await reader.rows(sql<WantedRow>`
    select r.id, r.asker, r.extent, r.from_at, r.until_at, a.claim
    from deconflict.join_answer a
    join deconflict.join_request r on r.id = a.request
    join deconflict.claim c on c.id = a.claim
    where a.holder = ${holder} and a.accepted is null and r.until_at > ${given.now}
      and c.ended_at is null and c.ends_at > ${given.now}
    order by r.at desc, r.id limit ${given.limit}`);
}

export interface AskedRow extends JoinRequestRow {
  /** Who let the asker in. */
  readonly with: readonly Id<'party'>[];
}

/** What a party asked, newest first. */
export async function joinsAsked(
  reader: Reader,
  asker: string,
  limit: number,
): Promise<readonly AskedRow[]> {
  return await reader.rows(sql<AskedRow>`
    select r.id, r.asker, r.extent, r.from_at, r.until_at,
      coalesce((select array_agg(distinct a.holder) from deconflict.join_answer a
        where a.request = r.id and a.accepted), '{}') as "with"
    from deconflict.join_request r where r.asker = ${asker}
    order by r.at desc, r.id desc limit ${limit}`);
}
