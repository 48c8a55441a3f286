import type { Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader } from '../../../../platform/database/database.ts';
import type { ApplicationRow, RoundRow, Whole } from '../application/store.ts';

/** Applications with an answer from before `until`, with their rounds; nothing of who said what. */
export async function decidedSince(reader: Reader, until: Instant): Promise<readonly Whole[]> {
  const rows = await reader.rows(sql<ApplicationRow>`
    select a.* from partners.application a
    where exists (select 1 from partners.round r
      where r.application = a.id and r.answered_at < ${until})`);
  const rounds = await reader.rows(sql<RoundRow>`
    select * from partners.round where application = any(${rows.map(({ id }) => id)}::text[])
    order by round`);
  const by = Map.groupBy(rounds, ({ application }) => application);
  return rows.map((row) => ({
    row,
    rounds: by.get(row.id) ?? [],
    said: [],
    interests: [],
    keys: [],
  }));
}
