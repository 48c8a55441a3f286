import type { Side, TermsKind } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../platform/database/database.ts';
import type { Terms } from '../model.ts';

export interface TermsRow {
  readonly id: Id<'terms'>;
  readonly engagement: Id<'engagement'>;
  readonly kind: TermsKind;
  readonly version: number;
  readonly side: Side;
  readonly party: Id<'party'>;
  readonly digest: string;
  readonly content: Id<'content'>;
  readonly proposed_at: Instant;
}

export interface SignatureRow {
  readonly terms: Id<'terms'>;
  readonly side: Side;
  readonly engagement: Id<'engagement'>;
  readonly party: Id<'party'>;
  readonly member: Id<'member'> | null;
  readonly name_content: Id<'content'>;
  readonly digest: string;
  readonly signed_at: Instant;
}

/** Every version of an engagement, by kind and in order: by version, for a clock may go back. */
export async function termsRows(reader: Reader, engagement: string): Promise<readonly TermsRow[]> {
  return await reader.rows(sql<TermsRow>`
    select * from engage.terms where engagement = ${engagement}
    order by kind, version`);
}

export async function signatureRows(
  reader: Reader,
  engagement: string,
): Promise<readonly SignatureRow[]> {
  return await reader.rows(sql<SignatureRow>`
    select * from engage.signature where engagement = ${engagement} order by signed_at, side`);
}

/** The same for who decides. */
export async function termsOf(reader: Reader, engagement: string): Promise<readonly Terms[]> {
  const rows = await termsRows(reader, engagement);
  const signatures = await signatureRows(reader, engagement);
  return rows.map(({ id, kind, version, side, digest, proposed_at: proposedAt }) => {
    const own = signatures.filter(({ terms }) => terms === id);
    const signed = Object.fromEntries(own.map((each) => [each.side, each.signed_at]));
    return { id, kind, version, side, digest, proposedAt, signed };
  });
}

export async function insertTerms(tx: Transaction, row: TermsRow): Promise<void> {
  await tx.run(sql`
    insert into engage.terms
      (id, engagement, kind, version, side, party, digest, content, proposed_at)
    values (${row.id}, ${row.engagement}, ${row.kind}, ${row.version}, ${row.side}, ${row.party},
      ${row.digest}, ${row.content}, ${row.proposed_at})`);
}

export async function insertSignature(tx: Transaction, row: SignatureRow): Promise<void> {
  await tx.run(sql`
    insert into engage.signature
      (terms, side, engagement, party, member, name_content, digest, signed_at)
    values (${row.terms}, ${row.side}, ${row.engagement}, ${row.party}, ${row.member},
      ${row.name_content}, ${row.digest}, ${row.signed_at})`);
}
