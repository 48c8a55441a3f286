import { createHash } from 'node:crypto';
import { Provider } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import { z } from 'zod';
import type { ContentStore } from '../content/content.ts';
import type { Reader, Transaction } from '../database/database.ts';

/** What the administrator said about an organization; kept as one text in the content store. */
export const Settings = Provider.pick({ issuer: true, clientId: true, admits: true }).extend({
  clientSecret: z.string(),
});
export type Settings = z.infer<typeof Settings>;

export interface ProviderRow {
  readonly id: Id<'provider'>;
  readonly party: Id<'party'>;
  readonly settings_content: Id<'content'>;
  readonly joins: boolean;
  readonly created_at: Instant;
}

/** The providers that are in use, oldest first. */
export async function providers(reader: Reader): Promise<readonly ProviderRow[]> {
  return await reader.rows(sql<ProviderRow>`
    select id, party, settings_content, joins, created_at from organization.provider
    where removed_at is null order by created_at, id limit 1000`);
}

/** A provider in use, of a party that has not left; or null. */
export async function findProvider(reader: Reader, id: string): Promise<ProviderRow | null> {
  return await reader.row(sql<ProviderRow>`
    select v.id, v.party, v.settings_content, v.joins, v.created_at
    from organization.provider v join directory.party p on p.id = v.party
    where v.id = ${id} and v.removed_at is null and p.left_at is null`);
}

export async function insertProvider(tx: Transaction, row: ProviderRow): Promise<void> {
  await tx.run(sql`
    insert into organization.provider (id, party, settings_content, joins, created_at)
    values (${row.id}, ${row.party}, ${row.settings_content}, ${row.joins}, ${row.created_at})`);
}

/** Whether it was in use until now. */
export async function removeProvider(tx: Transaction, id: string, now: Instant): Promise<boolean> {
  const removed = await tx.run(sql`
    update organization.provider set removed_at = ${now}
    where id = ${id} and removed_at is null`);
  return removed === 1;
}

/** What was said about a provider; null where it was erased. */
export async function settingsOf(
  content: ContentStore,
  row: ProviderRow,
): Promise<Settings | null> {
  const text = await content.getText(row.settings_content);
  return text === null ? null : Settings.parse(JSON.parse(text));
}

/** Who somebody is, as far as rows tell: of no use without the issuer's own list of subjects. */
export function subjectHash(provider: string, issuer: string, subject: string): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([provider, issuer, subject]))
    .digest();
}

/** The member somebody became, who may have been removed since; null: nobody yet. */
export async function memberBehind(
  reader: Reader,
  hash: Buffer,
): Promise<{ readonly member: Id<'member'> } | null> {
  return await reader.row(sql<{ member: Id<'member'> }>`
    select member from organization.identity where subject_hash = ${hash}`);
}

export async function insertIdentity(
  tx: Transaction,
  hash: Buffer,
  given: { readonly provider: string; readonly member: Id<'member'>; readonly now: Instant },
): Promise<void> {
  await tx.run(sql`
    insert into organization.identity (subject_hash, provider, member, since)
    values (${hash}, ${given.provider}, ${given.member}, ${given.now})`);
}
