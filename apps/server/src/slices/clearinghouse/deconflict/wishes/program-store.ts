import type { Id, Instant } from '@breakwater/kernel';
import { ancestorsOf, lineageRange } from '@breakwater/scope';
import { sql } from 'kysely';
import type { Cursor } from '../../../../page.ts';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';

export interface SourceRow {
  readonly source: Uint8Array;
  readonly party: Id<'party'>;
  readonly at: Instant;
  readonly said_content: Id<'content'>;
}

/** A program, with the directory it stands in. */
export interface ProgramRow {
  readonly id: Id<'program'>;
  readonly said_content: Id<'content'>;
  readonly source_content: Id<'content'>;
  readonly source_at: Instant;
}

/** What tells whether a program changed. */
export interface KnownProgram {
  readonly id: Id<'program'>;
  readonly key: Uint8Array;
  readonly digest: Uint8Array;
  readonly place: number;
  readonly gone: boolean;
}

export interface NewProgram extends Omit<KnownProgram, 'gone'> {
  readonly said: Id<'content'>;
  /** Places its lines name, each with its place among the lines. */
  readonly scopes: readonly { readonly lineage: string; readonly line: number }[];
}

const joined = sql`
  select p.id, p.said_content, s.said_content as source_content, s.at as source_at
  from deconflict.program p join deconflict.program_source s on s.source = p.source`;

/** More programs about one place than anybody reads. */
const shownMax = 50;

/** Programs a line of whose scope covers a place, or lies in it. */
export async function programsAt(reader: Reader, lineage: string): Promise<readonly ProgramRow[]> {
  const { from, before } = lineageRange(lineage);
  return await reader.rows(sql<ProgramRow>`
    ${joined} where p.gone_at is null and p.id in (
      select program from deconflict.program_scope
      where lineage = any(${[...ancestorsOf(lineage)]}::text[])
      union
      select program from deconflict.program_scope
      where lineage > ${from} and lineage < ${before})
    order by p.source, p.place limit ${shownMax}`);
}

/** One row beyond `limit`, in the order of their directories; `source` null: of all. */
export async function listPrograms(
  reader: Reader,
  source: Uint8Array | null,
  page: { readonly after: Cursor | null; readonly limit: number },
): Promise<readonly ProgramRow[]> {
  const of = source === null ? sql`` : sql`and p.source = ${Buffer.from(source)}`;
  const beyond =
    page.after === null
      ? sql``
      : sql`and (p.source, p.place, p.id) > (select l.source, l.place, l.id
          from deconflict.program l where l.id = ${page.after})`;
  return await reader.rows(sql<ProgramRow>`
    ${joined} where p.gone_at is null ${of} ${beyond}
    order by p.source, p.place, p.id limit ${page.limit + 1}`);
}

export async function findSource(reader: Reader, source: Uint8Array): Promise<SourceRow | null> {
  return await reader.row(sql<SourceRow>`
    select * from deconflict.program_source where source = ${Buffer.from(source)}`);
}

/** What of a directory is known, also what is no longer in it. */
export async function knownPrograms(
  reader: Reader,
  source: Uint8Array,
): Promise<readonly KnownProgram[]> {
  return await reader.rows(sql<KnownProgram>`
    select id, key, digest, place, gone_at is not null as gone from deconflict.program
    where source = ${Buffer.from(source)}`);
}

export async function putSource(tx: Transaction, s: SourceRow): Promise<void> {
  await tx.run(sql`
    insert into deconflict.program_source (source, party, at, said_content)
    values (${Buffer.from(s.source)}, ${s.party}, ${s.at}, ${s.said_content})
    on conflict (source) do update set party = excluded.party, at = excluded.at,
      said_content = excluded.said_content`);
}

/** Inserts programs, or puts them in the place of those of the same keys; with their scopes. */
export async function putPrograms(
  tx: Transaction,
  source: Uint8Array,
  programs: readonly NewProgram[],
): Promise<void> {
  if (programs.length === 0) return;
  const column = <T>(pick: (program: NewProgram) => T) => programs.map(pick);
  await tx.run(sql`
    insert into deconflict.program (id, source, key, digest, place, said_content)
    select id, ${Buffer.from(source)}, key, digest, place, said
    from unnest(${column((p) => p.id)}::text[], ${column((p) => Buffer.from(p.key))}::bytea[],
      ${column((p) => Buffer.from(p.digest))}::bytea[], ${column((p) => p.place)}::int[],
      ${column((p) => p.said)}::text[]) as n (id, key, digest, place, said)
    on conflict (source, key) do update set digest = excluded.digest, place = excluded.place,
      said_content = excluded.said_content, gone_at = null`);
  await tx.run(sql`
    delete from deconflict.program_scope where program = any(${column((p) => p.id)}::text[])`);
  const scopes = programs.flatMap(({ id, scopes: lines }) =>
    lines.map((line) => ({ id, ...line })),
  );
  await tx.run(sql`
    insert into deconflict.program_scope (lineage, program, line)
    select * from unnest(${scopes.map((s) => s.lineage)}::text[],
      ${scopes.map((s) => s.id)}::text[], ${scopes.map((s) => s.line)}::int[])`);
}

/** Puts programs that are as they were where their directory has them now. */
export async function movePrograms(
  tx: Transaction,
  moved: readonly Pick<KnownProgram, 'id' | 'place'>[],
): Promise<void> {
  if (moved.length === 0) return;
  await tx.run(sql`
    update deconflict.program p set place = m.place
    from unnest(${moved.map((m) => m.id)}::text[], ${moved.map((m) => m.place)}::int[])
      as m (id, place) where p.id = m.id`);
}

/** Takes programs away that are no longer in their directory. */
export async function takeAway(
  tx: Transaction,
  ids: readonly string[],
  at: Instant,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.run(sql`
    update deconflict.program set gone_at = ${at} where id = any(${[...ids]}::text[])`);
  await tx.run(sql`
    delete from deconflict.program_scope where program = any(${[...ids]}::text[])`);
}
