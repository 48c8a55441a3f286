import type { QueryClient } from '@tanstack/react-query';

/** Pages of a list that are read anew together; a reader who has gone further keeps what is there. */
const pagesMax = 3;

/**
 * Reads again what is on the page, and marks the rest to be read when it is next shown. A list that
 * was followed over many pages is left standing: reading all of it again would be many reads, and
 * the rows would move under the reader's eyes.
 */
export function renew(queries: QueryClient): void {
  void queries.invalidateQueries({ predicate: ({ state }) => !isLong(state.data) });
}

function isLong(data: unknown): boolean {
  const pages = typeof data === 'object' && data !== null && 'pages' in data ? data.pages : null;
  return Array.isArray(pages) && pages.length > pagesMax;
}
