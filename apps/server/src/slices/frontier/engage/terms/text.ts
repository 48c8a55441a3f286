import type { Services } from '../../../../services.ts';
import { termsRows } from './store.ts';

/** The text of one version of the terms of an engagement, with the digest it was signed by. */
export async function termsText(
  { database, content }: Pick<Services, 'database' | 'content'>,
  engagement: string,
  terms: string,
): Promise<{ readonly digest: string; readonly text: string | null } | null> {
  const rows = await database.read((r) => termsRows(r, engagement));
  const row = rows.find(({ id }) => id === terms);
  if (row === undefined) return null;
  return { digest: row.digest, text: await content.getText(row.content) };
}
