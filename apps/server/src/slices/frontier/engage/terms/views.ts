import type { Terms as TermsView } from '@breakwater/contract';
import type { Reader } from '../../../../platform/database/database.ts';
import type { Services } from '../../../../services.ts';
import type { Terms } from '../model.ts';
import { inForce, signedAt, supersededAt } from './standing.ts';
import { type SignatureRow, signatureRows, type TermsRow, termsOf, termsRows } from './store.ts';

/** Everything that is written of the terms of one engagement. */
export interface TermsBook {
  readonly rows: readonly TermsRow[];
  readonly signatures: readonly SignatureRow[];
  readonly terms: readonly Terms[];
}

export async function readTerms(reader: Reader, engagement: string): Promise<TermsBook> {
  return {
    rows: await termsRows(reader, engagement),
    signatures: await signatureRows(reader, engagement),
    terms: await termsOf(reader, engagement),
  };
}

/** One version as both sides see it; null where it is none of these. */
export async function termsView(
  { content, directory }: Pick<Services, 'content' | 'directory'>,
  book: TermsBook,
  id: string,
): Promise<TermsView | null> {
  const row = book.rows.find((each) => each.id === id);
  const version = book.terms.find((each) => each.id === id);
  if (row === undefined || version === undefined) return null;
  const signatures = book.signatures.filter(({ terms }) => terms === id);
  return {
    id: row.id,
    engagement: row.engagement,
    kind: row.kind,
    version: row.version,
    side: row.side,
    by: await directory.refOf(row.party),
    proposedAt: row.proposed_at,
    digest: row.digest,
    signatures: await Promise.all(
      signatures.map(async (each) => ({
        side: each.side,
        party: await directory.refOf(each.party),
        ...readSigner(await content.getText(each.name_content)),
        digest: each.digest,
        at: each.signed_at,
      })),
    ),
    signedAt: signedAt(version),
    inForce: inForce(book, row.kind)?.id === id,
    supersededAt: supersededAt(book, version),
  };
}

/** Name and title of who signed, as one content. */
export function writeSigner({ name, title }: { readonly name: string; readonly title: string }) {
  return JSON.stringify([name, title]);
}

function readSigner(text: string | null): { name: string | null; title: string | null } {
  if (text === null) return { name: null, title: null };
  // Written by writeSigner() alone.
  const [name = null, title = null] = JSON.parse(text) as readonly string[];
  return { name, title };
}
