import { partnerDays } from '@breakwater/contract';
import { addMilliseconds, type Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader } from '../../../../platform/database/database.ts';
import type { ApplicationRow, RoundRow, Whole } from '../application/store.ts';

/** How much earlier than its end an application may have been answered: the days of an appeal. */
const appealMs = partnerDays.appeal * 24 * 60 * 60 * 1_000;

/** Applications that may have come to their end within a span, with their rounds alone. */
export async function answeredAround(
  reader: Reader,
  { from, until }: { readonly from: Instant; readonly until: Instant },
): Promise<readonly Whole[]> {
  const rows = await reader.rows(sql<ApplicationRow>`
    select a.* from partners.application a
    where (a.withdrawn_at >= ${from} and a.withdrawn_at < ${until})
      or exists (select 1 from partners.round r where r.application = a.id
        and r.answered_at >= ${addMilliseconds(from, -appealMs)} and r.answered_at < ${until})`);
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
