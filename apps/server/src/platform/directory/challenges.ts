import { randomBytes } from 'node:crypto';
import { addMilliseconds, fromUtf8, type Id, type Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Reader, Transaction } from '../database/database.ts';
import { lives } from './lives.ts';
import { hashOf } from './secret.ts';

/** A challenge of 256 random bits, in base64url (Web Authentication Level 3, 13.4.3). */
export function makeChallenge(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomBytes(32));
}

/** Keeps a challenge; `member` null: to sign in. */
export async function insertChallenge(
  tx: Transaction,
  challenge: string,
  given: { readonly member: Id<'member'> | null; readonly now: Instant },
): Promise<void> {
  await tx.run(sql`
    insert into directory.challenge (hash, member, expires_at)
    values (${hashOf(challenge)}, ${given.member}, ${addMilliseconds(given.now, lives.challenge)})`);
}

/** Whether the challenge was given out for this, and still waits for its answer. */
export async function isChallengeOpen(
  reader: Reader,
  challenge: string,
  given: { readonly member: Id<'member'> | null; readonly now: Instant },
): Promise<boolean> {
  const row = await reader.row(sql<{ hash: Uint8Array }>`
    select hash from directory.challenge
    where hash = ${hashOf(challenge)} and expires_at > ${given.now}
      and member is not distinct from ${given.member}::text`);
  return row !== null;
}

/** Takes the challenge away: one answer each. Of two answers at once the second finds it gone. */
export async function spendChallenge(tx: Transaction, challenge: string): Promise<void> {
  await tx.run(sql`delete from directory.challenge where hash = ${hashOf(challenge)}`);
}

const ClientData = z.object({ challenge: z.string().min(16).max(200) });

/** The challenge that a browser's clientDataJSON answers, or null where it is none. */
export function challengeIn(clientDataJson: string): string | null {
  try {
    const text = fromUtf8(new Uint8Array(Buffer.from(clientDataJson, 'base64url')));
    return ClientData.parse(JSON.parse(text)).challenge;
  } catch {
    return null;
  }
}
