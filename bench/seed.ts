import type { Database } from '../apps/server/src/platform/database/database.ts';
import { settle } from './engines.ts';

/** How many of each a large installation is given. */
export interface Size {
  readonly cases: number;
  readonly findings: number;
  readonly finders: number;
}

/** What the seed leaves for a measurement to ask about. */
export interface Seeded {
  /** A case in the middle of the list. */
  readonly case: string;
  readonly visibilityRows: number;
}

/**
 * Fills a migrated database, straight by SQL, with the rows that many findings would have left.
 * Every case has one to some twenty findings, a few finders have handed in most of them, and
 * `finder` holds the last share of each thousand. Texts are those of `like`, a finding handed in
 * through the API: what is measured is rows, not the content store.
 */
export async function seed(
  database: Database,
  size: Size,
  like: { readonly case: string; readonly finding: string; readonly finder: string },
): Promise<Seeded> {
  for (const [text, values] of statements(size, like)) await database.raw(text, values);
  await settle(database);
  const counted = await database.raw('select count(*)::int as n from platform.visibility');
  const middle = await database.raw(
    'select id from coordinate.room order by opened_at desc offset $1 limit 1',
    [Math.floor(size.cases / 2)],
  );
  return {
    case: String(middle.rows[0]?.['id']),
    visibilityRows: Number(counted.rows[0]?.['n']),
  };
}

type Statement = readonly [text: string, values: readonly unknown[]];

/** 26 characters of the alphabet of our ids, the same for the same number. */
const idOf = (kind: string, number: string) =>
  `'${kind}_' || left(md5('${kind}' || ${number}), 26)`;

function statements(
  size: Size,
  like: { readonly case: string; readonly finding: string; readonly finder: string },
): readonly Statement[] {
  const start = `timestamptz '2020-01-01Z'`;
  return [
    // The number of a case by a power law: low numbers have many findings, all have one.
    [
      `create unlogged table public.seeded as
       select n, ${idOf('finding', 'n')} as finding,
         case when n <= $1::int then n else 1 + floor($1::int * power(random(), 3))::int end as c,
         case when n % 1000 = 0 then $3::text
           else ${idOf('party', 'floor($2::int * power(random(), 3))::int')} end as reporter,
         ${start} + n * interval '3 minutes' as at
       from generate_series(1, $4::int) n`,
      [size.cases, size.finders, like.finder, size.findings],
    ],
    [
      `insert into coordinate.room (id, title_content, package, version, recipe, stage, opened_at, embargo, stage_since)
       select ${idOf('case', 'n')}, r.title_content, r.package, r.version, null, 'received',
         ${start} + n * interval '3 minutes', 'open', ${start} + n * interval '3 minutes'
       from generate_series(1, $1::int) n, coordinate.room r where r.id = $2`,
      [size.cases, like.case],
    ],
    [
      `insert into collect.finding (id, reporter, kind, package, version, recipe, marking,
         title_content, tool_content, facts_content, proof_content, received_at)
       select s.finding, s.reporter, f.kind, f.package, f.version, null, f.marking,
         f.title_content, f.tool_content, f.facts_content, f.proof_content, s.at
       from public.seeded s, collect.finding f where f.id = $1`,
      [like.finding],
    ],
    [
      `insert into correlate.membership (finding, case_id, since, because, evidence)
       select finding, ${idOf('case', 'c')}, at, 'exact-identity', '{location}' from public.seeded`,
      [],
    ],
    [
      `insert into correlate.identity_key (value, kind, finding)
       select sha256(convert_to('key' || c, 'UTF8')), 'location', finding from public.seeded`,
      [],
    ],
    [
      `insert into coordinate.participant (case_id, party, role, since)
       select ${idOf('case', 'c')}, reporter, 'finder', min(at) from public.seeded group by c, reporter`,
      [],
    ],
    [
      `insert into platform.visibility (party, subject, level)
       select reporter, finding, 3 from public.seeded
       union all select 'coordinators', finding, 3 from public.seeded
       union all select 'coordinators', ${idOf('case', 'n')}, 3 from generate_series(1, $1::int) n
       union all select distinct reporter, ${idOf('case', 'c')}, 1 from public.seeded`,
      [size.cases],
    ],
    [
      `insert into coordinate.listing (principal, case_id, level, stage, waiting, package, shown_at,
         changed_at, ends_at, due_at)
       select v.party, r.id, v.level, r.stage, 'coordinator', r.package,
         coalesce(p.since, r.opened_at), coalesce(p.since, r.opened_at), 'infinity', 'infinity'
       from platform.visibility v join coordinate.room r on r.id = v.subject
       left join coordinate.participant p on p.case_id = r.id and p.party = v.party
       on conflict do nothing`,
      [],
    ],
    [
      `insert into journal.entry (id, at, subject, act, actor, content, salt, commitment, batch, index)
       select ${idOf('entry', "n || '.' || k")}, ${start} + n * interval '3 minutes',
         ${idOf('case', 'n')}, 'correlate.opened', $2::text, '{}', sha256(convert_to(n::text, 'UTF8')),
         sha256(convert_to(n || '.' || k, 'UTF8')), -1, -(n * 3 + k)
       from generate_series(1, $1::int) n, generate_series(1, 3) k`,
      [size.cases, like.finder],
    ],
    ['drop table public.seeded', []],
  ];
}
