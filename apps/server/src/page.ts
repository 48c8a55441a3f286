/**
 * Where a page left off: the id of its last row. The sort key is looked up again from it, so that
 * a cursor tells a reader nothing about a row that the row itself does not show.
 */
export type Cursor = string;

/** The row after which the page begins; null for the first page and for a cursor not ours. */
export function parseCursor(text: string | undefined): Cursor | null {
  return text !== undefined && /^[A-Za-z0-9_-]{1,100}$/.test(text) ? text : null;
}

/** Cuts rows (fetched one beyond `limit`) into a page with the cursor of the next. */
export function pageFrom<R extends { readonly id: string }, T>(
  rows: readonly R[],
  limit: number,
  items: readonly T[],
): { items: T[]; next: string | null } {
  const last = rows[limit - 1];
  const more = rows.length > limit && last !== undefined;
  return { items: items.slice(0, limit), next: more ? last.id : null };
}
