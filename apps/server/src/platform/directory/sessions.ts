import { addMilliseconds, type Id, type Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import { newId } from '../clock/clock.ts';
import type { Event, NewContent } from '../commands/commands.ts';
import type { ContentRef } from '../content/content.ts';
import type { Reader, Transaction } from '../database/database.ts';
import { lives } from './lives.ts';

/** By what a member showed who it is. */
export type SignInBy = 'link' | 'passkey' | 'organization';

export interface SessionRow {
  readonly id: Id<'session'>;
  readonly member: Id<'member'>;
  readonly how: SignInBy;
  readonly device_content: Id<'content'>;
  readonly started_at: Instant;
  readonly last_seen_at: Instant;
  readonly ends_at: Instant;
}

/** What a sign-in brings beside the member: made before the transaction, kept with it. */
export interface SignIn {
  readonly how: SignInBy;
  readonly hash: Buffer;
  readonly device: ContentRef;
  /** The session this browser held until now: it ends, so that none outlives a change of person. */
  readonly replaces: Id<'session'> | null;
}

/** Opens a session; answers with its id, and what else the transaction must keep. */
export async function openSession(
  tx: Transaction,
  member: Id<'member'>,
  given: SignIn & { readonly now: Instant },
): Promise<{ id: Id<'session'>; event: Event; content: NewContent }> {
  const { now, how, device } = given;
  const id = newId('session');
  if (given.replaces !== null) await endSessions(tx, [given.replaces], now);
  await tx.run(sql`
    insert into directory.session
      (id, hash, member, how, device_content, started_at, last_seen_at, ends_at)
    values (${id}, ${given.hash}, ${member}, ${how}, ${device.id}, ${now}, ${now},
            ${addMilliseconds(now, lives.session)})`);
  return {
    id,
    event: { act: 'session.signed-in', subject: member, data: { member, session: id, how } },
    content: { ref: device, subject: member, level: 1 },
  };
}

/** The sessions of a member that are still good, newest first. */
export async function liveSessions(
  reader: Reader,
  member: Id<'member'>,
  now: Instant,
): Promise<readonly SessionRow[]> {
  return await reader.rows(sql<SessionRow>`
    select id, member, how, device_content, started_at, last_seen_at, ends_at
    from directory.session
    where member = ${member} and ended_at is null and ends_at > ${now}
      and last_seen_at > ${addMilliseconds(now, -lives.sessionIdle)}
    order by started_at desc, id desc limit 200`);
}

/** Ends these sessions; the next request that brings one of them is nobody's. */
export async function endSessions(
  tx: Transaction,
  ids: readonly Id<'session'>[],
  now: Instant,
): Promise<number> {
  return await tx.run(sql`
    update directory.session set ended_at = ${now}
    where id = any(${[...ids]}) and ended_at is null`);
}
