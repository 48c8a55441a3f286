import type { PartnerCriterion } from '@breakwater/contract';

/** A criterion under one's hands; the key stays whatever is typed. */
export interface EditedCriterion extends PartnerCriterion {
  readonly key: string;
}

/** Why they cannot be published yet; null: they can. */
export function criteriaLack(rows: readonly PartnerCriterion[], why: string): string | null {
  if (rows.length === 0) return 'There has to be one at least.';
  const bare = rows.findIndex((row) =>
    [row.words, row.judgedBy, row.shownBy].some((text) => text.trim() === ''),
  );
  if (bare !== -1) return `Fill in criterion ${bare + 1} first.`;
  const idle = rows.findIndex(({ appliesTo }) => appliesTo.length === 0);
  if (idle !== -1) return `Say where criterion ${idle + 1} is judged.`;
  return why.trim().length < 3 ? 'Say why first.' : null;
}

/** An id that none of them has. */
export function criterionId(taken: readonly string[]): string {
  for (let number = taken.length + 1; ; number++) {
    const id = `criterion-${number}`;
    if (!taken.includes(id)) return id;
  }
}

/** What is sent of one. */
export function criterionOf(row: EditedCriterion): PartnerCriterion {
  const { id, words, judgedBy, shownBy, appliesTo } = row;
  return { id, words, judgedBy, shownBy, appliesTo };
}
