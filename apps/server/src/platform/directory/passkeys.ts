import type { Passkey } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { ContentStore } from '../content/content.ts';
import type { Reader, Transaction } from '../database/database.ts';
import { erasedName } from './members.ts';

export interface PasskeyRow {
  readonly id: Id<'passkey'>;
  readonly member: Id<'member'>;
  readonly credential: Uint8Array;
  readonly public_key: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly label_content: Id<'content'>;
  readonly added_at: Instant;
  readonly last_used_on: string | null;
}

const columns = sql`id, member, credential, public_key, counter, transports, label_content,
  added_at, last_used_on::text as last_used_on`;

/** A member's passkeys, in the order in which they were added. */
export async function passkeysOf(
  reader: Reader,
  member: Id<'member'>,
): Promise<readonly PasskeyRow[]> {
  return await reader.rows(sql<PasskeyRow>`
    select ${columns} from directory.passkey where member = ${member} order by added_at, id`);
}

/** The passkey with this credential id (base64url), or null. */
export async function findPasskey(reader: Reader, credential: string): Promise<PasskeyRow | null> {
  return await reader.row(sql<PasskeyRow>`
    select ${columns} from directory.passkey
    where credential = ${Buffer.from(credential, 'base64url')}`);
}

/** Keeps a passkey; the credential id must be new here. */
export async function insertPasskey(
  tx: Transaction,
  row: Omit<PasskeyRow, 'last_used_on'>,
): Promise<void> {
  await tx.run(sql`
    insert into directory.passkey
      (id, member, credential, public_key, counter, transports, label_content, added_at)
    values (${row.id}, ${row.member}, ${Buffer.from(row.credential)},
            ${Buffer.from(row.public_key)}, ${row.counter}, ${[...row.transports]},
            ${row.label_content}, ${row.added_at})`);
}

/** Writes down a use; the counter can only grow. */
export async function usePasskey(
  tx: Transaction,
  id: Id<'passkey'>,
  used: { readonly counter: number; readonly now: Instant },
): Promise<void> {
  await tx.run(sql`
    update directory.passkey set counter = ${used.counter}, last_used_on = ${used.now.slice(0, 10)}
    where id = ${id}`);
}

/** The passkey as its owner sees it. */
export async function passkeyView(content: ContentStore, row: PasskeyRow): Promise<Passkey> {
  return {
    id: row.id,
    label: (await content.getText(row.label_content)) ?? erasedName,
    addedAt: row.added_at,
    lastUsedOn: row.last_used_on,
  };
}
