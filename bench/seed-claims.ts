import type { Database } from '../apps/server/src/platform/database/database.ts';
import { settle } from './engines.ts';

/** Targets in the shape that claims are kept in; `n` is any number below the number of claims. */
export function seededTarget(n: number): string {
  return n % 2 === 0 ? `pkg:npm/seeded${n}` : `repo:github.com/org${n % 997}/repo${n}#src/part`;
}

const target = `case when n % 2 = 0 then 'pkg:npm/seeded' || n
  else 'repo:github.com/org' || (n % 997) || '/repo' || n || '#src/part' end`;
const lineage = `case when n % 2 = 0 then 'pkg:npm/seeded' || n || '!'
  else 'repo:github.com/org' || (n % 997) || '/repo' || n || '!/src/part/' end`;
/** Ids in the form of ours: 26 digits that are good in both alphabets. */
const id = (kind: string, of: string) => `'${kind}_' || substr(md5(${of}), 1, 26)`;
const claim = id('claim', `n::text`);
const holder = id('party', `'holder' || n % 20000`);

/**
 * Fills a migrated database, straight by SQL, with claims that live: each on a target of its own,
 * half of them alone, fifty to a holder, with one place and one row of visibility each.
 */
export async function seedClaims(database: Database, count: number): Promise<void> {
  const series = `from generate_series(0, $1::int - 1) n`;
  await database.raw(
    `insert into deconflict.claim (id, holder, sharing, extent, from_at, until_at, created_at,
       ends_at, next_at, listed)
     select ${claim}, ${holder}, case when n % 4 < 2 then 'alone' else 'beside' end,
       '{"except":[],"exceptWeaknesses":[],"methods":["fuzz"],"places":[{"target":"' || ${target} ||
         '"}],"weaknesses":["CWE-119"]}',
       now() - interval '1 hour', now() + interval '1 day' * (1 + n % 13),
       now() - interval '1 hour', now() + interval '1 hour' * (30 + n % 17),
       now() + interval '1 hour' * (18 + n % 17), true
     ${series}`,
    [count],
  );
  await database.raw(
    `insert into deconflict.claim_place (lineage, claim) select ${lineage}, ${claim} ${series}`,
    [count],
  );
  await database.raw(
    `insert into platform.visibility (party, subject, level) select ${holder}, ${claim}, 3 ${series}`,
    [count],
  );
  await settle(database);
}
