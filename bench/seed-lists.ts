import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeId, utf8 } from '@breakwater/kernel';
import { saltLength, seal } from '../apps/server/src/platform/content/content.ts';
import type { Database } from '../apps/server/src/platform/database/database.ts';
import { settle } from './engines.ts';

export interface ListSize {
  readonly cases: number;
  /** Of how many of them one finder and one owner know. */
  readonly few: number;
}

/** Who the seeded cases are told apart by. */
export interface Like {
  readonly case: string;
  readonly finding: string;
  readonly finder: string;
  readonly owner: string;
}

/** What a measurement asks for. */
export interface SeededLists {
  /** A word that stands in half of the titles, one that stands in a few, and one in one alone. */
  readonly common: string;
  readonly some: string;
  readonly rare: string;
}

/**
 * Fills a migrated database and the content store beside it with cases of different titles, straight
 * by SQL and unsynced files: what is measured is reading them. Every case has one finding.
 */
export async function seedLists(
  database: Database,
  dataDirectory: string,
  { size, like }: { readonly size: ListSize; readonly like: Like },
): Promise<SeededLists> {
  const random = seeded(20_261_121);
  const titles = Array.from({ length: size.cases }, (_, n) => titleOf(n, random));
  const contents = await putTitles(dataDirectory, titles);
  for (const [text, values] of statements(size, like, contents)) await database.raw(text, values);
  await settle(database);
  return {
    common: 'overflow',
    some: syllables(17),
    rare: syllables(size.cases - 7 + 4_000),
  };
}

/** A title as people write them: a kind of bug, where, and a function that only this one names. */
function titleOf(n: number, random: () => number): string {
  const kind = n % 2 === 0 ? 'overflow' : ['leak', 'race', 'injection', 'confusion'][n % 4];
  const where = Array.from({ length: 3 }, () => syllables(Math.floor(random() * 4_000))).join(' ');
  return `Heap ${kind} in ${where} ${syllables(n + 4_000)}`;
}

const parts = [
  'ba',
  'ce',
  'di',
  'fo',
  'gu',
  'ha',
  'je',
  'ki',
  'lo',
  'mu',
  'na',
  'pe',
  'ri',
  'so',
  'tu',
  'vo',
];

/** A word of its own for each number; made of syllables, so that many words look alike. */
function syllables(n: number): string {
  let word = '';
  for (let rest = n + 256; rest > 0; rest = Math.floor(rest / 16)) word += parts[rest % 16];
  return word;
}

/** Mulberry32: the same titles in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Writes each title as the content store would, but for the fsync; answers with the ids. */
async function putTitles(
  dataDirectory: string,
  titles: readonly string[],
): Promise<readonly string[]> {
  const folders = ['content', 'keys/content'].map((name) => path.join(dataDirectory, name));
  const made = new Set<string>();
  const write = async (file: string, bytes: Uint8Array) => {
    const folder = path.dirname(file);
    if (!made.has(folder)) await mkdir(folder, { recursive: true, mode: 0o700 });
    made.add(folder);
    await writeFile(file, bytes, { mode: 0o600 });
  };
  const ids: string[] = [];
  const atOnce = 64;
  for (let from = 0; from < titles.length; from += atOnce) {
    const batch = titles.slice(from, from + atOnce).map((title) => {
      const id = makeId('content', new Uint8Array(randomBytes(26)));
      const key = new Uint8Array(randomBytes(32));
      const plain = Buffer.concat([randomBytes(saltLength), utf8(title)]);
      return { id, key, sealed: seal(key, id, { plain, iv: randomBytes(12) }) };
    });
    ids.push(...batch.map(({ id }) => id));
    await Promise.all(
      batch.flatMap(({ id, key, sealed }) => [
        write(path.join(folders[0] ?? '', id.slice(-2), id), sealed),
        write(path.join(folders[1] ?? '', id.slice(-2), id), key),
      ]),
    );
  }
  return ids;
}

type Statement = readonly [text: string, values: readonly unknown[]];

const idOf = (kind: string, number: string) =>
  `'${kind}_' || translate(left(md5('${kind}' || ${number}), 26), 'ilou', 'pqrs')`;

function statements(size: ListSize, like: Like, contents: readonly string[]): readonly Statement[] {
  const at = `(timestamptz '2020-01-01Z' + n * interval '3 minutes')`;
  const { cases, few } = size;
  return [
    [
      `create unlogged table public.seeded as
       select n::int as n, ${idOf('case', 'n')} as c, ${idOf('finding', 'n')} as f, title, ${at} as at,
         case when n % $2::int = 0 then $3::text else ${idOf('party', 'n % 1000')} end as reporter,
         (array['received', 'reproduced', 'with-owner', 'patch-proposed', 'published'])[1 + n % 5] as stage,
         (array['coordinator', 'coordinator', 'owner', 'owner', 'nobody'])[1 + n % 5] as waiting,
         'pkg:npm/' || left(md5((n % 5000)::text), 8) as package
       from unnest($1::text[]) with ordinality as t (title, n)`,
      [[...contents], Math.floor(cases / few), like.finder],
    ],
    [
      `insert into content.item (id, size, media_type, name, commitment, subject, level, at)
       select title, 50, 'text/plain', 'title.txt', sha256(title::bytea), f, 1, at from public.seeded`,
      [],
    ],
    [
      `insert into coordinate.room (id, title_content, package, version, stage, opened_at, embargo, stage_since)
       select c, title, package, '1.0.' || n, stage, at, 'open', at from public.seeded`,
      [],
    ],
    [
      `insert into collect.finding (id, reporter, kind, package, version, recipe, marking,
         title_content, tool_content, facts_content, proof_content, received_at)
       select s.f, s.reporter, f.kind, s.package, '1.0.' || n, null, f.marking, s.title, null,
         f.facts_content, null, s.at
       from public.seeded s, collect.finding f where f.id = $1`,
      [like.finding],
    ],
    [
      `insert into correlate.membership (finding, case_id, since, because, evidence)
       select f, c, at, 'opened', '{}' from public.seeded`,
      [],
    ],
    [
      `insert into coordinate.participant (case_id, party, role, since)
       select c, reporter, 'finder', at from public.seeded
       union all select c, $2, 'owner', at from public.seeded where n % $1::int = 1`,
      [Math.floor(cases / few), like.owner],
    ],
    [
      `insert into platform.visibility (party, subject, level)
       select reporter, f, 3 from public.seeded
       union all select 'coordinators', f, 3 from public.seeded
       union all select 'coordinators', c, 3 from public.seeded
       union all select reporter, c, 1 from public.seeded
       union all select $2, c, 2 from public.seeded where n % $1::int = 1
       union all select $2, f, 2 from public.seeded where n % $1::int = 1`,
      [Math.floor(cases / few), like.owner],
    ],
    [
      `insert into coordinate.listing (principal, case_id, level, stage, waiting, package, shown_at,
         changed_at, ends_at, due_at, due_because)
       select v.party, s.c, v.level, s.stage, s.waiting, s.package, s.at,
         s.at + (s.n % 977) * interval '1 hour',
         case when s.n % 3 = 0 then s.at + interval '90 days' else 'infinity' end,
         case when s.stage = 'published' then 'infinity'
           when s.n % 8 = 0 then s.at + interval '7 days' else s.at + interval '50 years' end,
         case when s.stage = 'published' then null else 'coordinator-silent' end
       from platform.visibility v join public.seeded s on s.c = v.subject`,
      [],
    ],
    [
      `insert into coordinate.tally (id, stage, waiting, n)
       select 'seeded ' || stage || waiting, stage, waiting, count(*) from public.seeded
       group by stage, waiting`,
      [],
    ],
    ['drop table public.seeded', []],
  ];
}
