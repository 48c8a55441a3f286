import type { Services } from '../../../../services.ts';
import { areShown } from './decide.ts';
import { type ReviewRow, reviewsOf } from './store.ts';

/** BEN-13: what `by` may see of the reviews of a sample: its party's own, and all once two are in. */
export async function reviewsSeen(services: Services, sample: { readonly id: string }, by: string) {
  const rows = await services.database.read((r) => reviewsOf(r, sample.id));
  const own = rows.find(({ party }) => party === by);
  const shown = areShown(rows) ? rows : [];
  return {
    reviews: await Promise.all(shown.map((row) => viewOf(services, row))),
    own: own === undefined ? null : await viewOf(services, own),
  };
}

async function viewOf({ content, directory }: Services, row: ReviewRow) {
  return {
    by: await directory.refOf(row.party),
    verdict: row.verdict,
    reason: row.reason,
    words: row.words_content === null ? null : await content.getText(row.words_content),
    at: row.at,
  };
}
