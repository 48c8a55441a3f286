import type { Method } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import type { NeverTimes, Pace } from '@breakwater/scope';
import { sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import { seesAllWork } from '../../../../platform/commands/audience.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import { around } from './control-store.ts';

/** What an owner wrote, as it is kept. Targets are canonical texts. */
export interface AuthorizationRow {
  readonly id: Id<'authorization'>;
  readonly owner: Id<'party'>;
  readonly targets: readonly string[];
  readonly except_targets: readonly string[];
  readonly methods: readonly Method[];
  readonly parties: readonly Id<'party'>[];
  readonly roles: readonly string[];
  readonly from_at: Instant;
  readonly until_at: Instant;
  readonly pace: Pace;
  readonly never: NeverTimes;
  readonly contact_content: Id<'content'>;
  readonly revision: number;
  readonly created_at: Instant;
  readonly revoked_at: Instant | null;
}

/** Where a scope lies: lineages of what is in, and of what is taken out again. */
export interface AuthorizationPlaces {
  readonly lineages: readonly string[];
  readonly except: readonly string[];
}

const columns = sql`a.id, a.owner, a.targets, a.except_targets, a.methods, a.parties, a.roles,
  a.from_at, a.until_at, a.pace, a.never, a.contact_content, a.revision, a.created_at, a.revoked_at`;

/** SQL that holds for scopes that `actor` wrote, that name it or its role, or that it may all see. */
function concerning(actor: Actor, which: 'all' | 'mine' | 'for-me') {
  const mine = sql`a.owner = ${actor.id}`;
  const named = sql`(a.parties @> array[${actor.id}]::text[] or a.roles @> array[${actor.role}]::text[])`;
  if (which === 'mine') return mine;
  // A scope that was taken back no longer concerns those it named.
  const forMe = sql`(${named} and a.revoked_at is null)`;
  if (which === 'for-me') return forMe;
  return seesAllWork(actor) ? sql`true` : sql`(${mine} or ${forMe})`;
}

export async function insertAuthorization(
  tx: Transaction,
  row: Omit<AuthorizationRow, 'revoked_at'>,
  places: AuthorizationPlaces,
): Promise<void> {
  await tx.run(sql`
    insert into deconflict.authorization (id, owner, targets, except_targets, methods, parties,
      roles, from_at, until_at, pace, never, contact_content, revision, created_at)
    values (${row.id}, ${row.owner}, ${[...row.targets]}, ${[...row.except_targets]},
      ${[...row.methods]}, ${[...row.parties]}, ${[...row.roles]}, ${row.from_at}, ${row.until_at},
      ${JSON.stringify(row.pace)}, ${JSON.stringify(row.never)}, ${row.contact_content},
      ${row.revision}, ${row.created_at})`);
  await putPlaces(tx, row.id, places);
}

/** Writes a scope anew. */
export async function replaceAuthorization(
  tx: Transaction,
  row: Omit<AuthorizationRow, 'revoked_at' | 'created_at' | 'owner'>,
  places: AuthorizationPlaces,
): Promise<void> {
  await tx.run(sql`
    update deconflict.authorization set targets = ${[...row.targets]},
      except_targets = ${[...row.except_targets]}, methods = ${[...row.methods]},
      parties = ${[...row.parties]}, roles = ${[...row.roles]}, from_at = ${row.from_at},
      until_at = ${row.until_at}, pace = ${JSON.stringify(row.pace)},
      never = ${JSON.stringify(row.never)}, contact_content = ${row.contact_content},
      revision = ${row.revision}
    where id = ${row.id}`);
  await dropPlaces(tx, row.id);
  await putPlaces(tx, row.id, places);
}

export async function revokeRow(tx: Transaction, id: string, at: Instant): Promise<void> {
  await tx.run(sql`update deconflict.authorization set revoked_at = ${at} where id = ${id}`);
  await dropPlaces(tx, id);
}

async function dropPlaces(tx: Transaction, id: string): Promise<void> {
  await tx.run(sql`delete from deconflict.authorization_place where authorization_id = ${id}`);
}

async function putPlaces(
  tx: Transaction,
  id: string,
  { lineages, except }: AuthorizationPlaces,
): Promise<void> {
  const rows = [
    ...lineages.map((lineage) => ({ lineage, excluded: false })),
    ...except.map((lineage) => ({ lineage, excluded: true })),
  ];
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into deconflict.authorization_place (lineage, authorization_id, excluded)
    select lineage, ${id}::text, excluded from unnest(
      ${rows.map((row) => row.lineage)}::text[], ${rows.map((row) => row.excluded)}::boolean[]
    ) as p (lineage, excluded) on conflict do nothing`);
}

/** The scope, if it concerns `actor`. */
export async function findAuthorization(
  reader: Reader,
  id: string,
  actor: Actor,
): Promise<AuthorizationRow | null> {
  return await reader.row(sql<AuthorizationRow>`
    select ${columns} from deconflict.authorization a
    where a.id = ${id} and ${concerning(actor, 'all')}`);
}

export async function countAuthorizations(reader: Reader, owner: string): Promise<number> {
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from deconflict.authorization
    where owner = ${owner} and revoked_at is null`);
  return row?.n ?? 0;
}

/** Scopes that concern `actor`, newest first; with `lineage`, those that lie at, in or around it. */
export async function listAuthorizations(
  reader: Reader,
  actor: Actor,
  query: {
    readonly which: 'all' | 'mine' | 'for-me';
    readonly lineage: string | null;
    readonly after: Cursor | null;
    readonly limit: number;
  },
): Promise<readonly AuthorizationRow[]> {
  const there =
    query.lineage === null
      ? sql``
      : sql`and a.id in (select authorization_id from deconflict.authorization_place
          where not excluded and ${around([query.lineage])})`;
  const beyond =
    query.after === null
      ? sql``
      : sql`and (a.created_at, a.id) < (select l.created_at, l.id from deconflict.authorization l
          where l.id = ${query.after})`;
  return await reader.rows(sql<AuthorizationRow>`
    select ${columns} from deconflict.authorization a
    where ${concerning(actor, query.which)} ${there} ${beyond}
    order by a.created_at desc, a.id desc limit ${query.limit + 1}`);
}

/** Scopes that stand and speak, for or against, of anything at, in or around these places. */
export async function scopesAround(
  reader: Reader,
  lineages: readonly string[],
): Promise<readonly AuthorizationRow[]> {
  if (lineages.length === 0) return [];
  return await reader.rows(sql<AuthorizationRow>`
    select ${columns} from deconflict.authorization a
    where a.revoked_at is null and a.id in (
      select authorization_id from deconflict.authorization_place where ${around(lineages)})`);
}

/** The places of each of these scopes. */
export async function placesOf(
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AuthorizationPlaces>> {
  if (ids.length === 0) return new Map();
  const rows = await reader.rows(sql<{ id: string; lineage: string; excluded: boolean }>`
    select authorization_id as id, lineage, excluded from deconflict.authorization_place
    where authorization_id = any(${[...ids]}::text[])`);
  return new Map(
    ids.map((id) => {
      const own = rows.filter((row) => row.id === id);
      const of = (excluded: boolean) =>
        own.filter((row) => row.excluded === excluded).map((row) => row.lineage);
      return [id, { lineages: of(false), except: of(true) }];
    }),
  );
}
