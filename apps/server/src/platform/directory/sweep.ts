import { addMilliseconds, type Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Services } from '../../services.ts';

const day = 24 * 60 * 60 * 1_000;
/** How long an ended session stays to be told of, should somebody ask what happened. */
const endedKept = 30 * day;
/** So much at once, so that no transaction is long. */
const atOnce = 1_000;

/**
 * Removes what can open nothing any more: links, challenges, sessions, exports, and the memory of
 * what nobody-yet asked for at the door, which would otherwise grow with whoever knocks.
 */
export async function sweepDirectory(
  services: Pick<Services, 'database' | 'content' | 'clock'>,
): Promise<void> {
  const { database, content, clock } = services;
  const now = clock.now();
  const old = addMilliseconds(now, -endedKept);
  const erased = await database.write(async (tx) => {
    const gone = sql`limit ${atOnce}`;
    await tx.run(sql`delete from directory.link where hash in
      (select hash from directory.link where expires_at < ${now} ${gone})`);
    await tx.run(sql`delete from directory.challenge where hash in
      (select hash from directory.challenge where expires_at < ${now} ${gone})`);
    await tx.run(sql`delete from platform.idempotency where (party, key) in
      (select party, key from platform.idempotency where party = 'system'
       and starts_with(key, 'public ') and at < ${addMilliseconds(now, -day)} ${gone})`);
    const sessions = await tx.rows(sql<{ content: Id<'content'> }>`
      delete from directory.session where id in
        (select id from directory.session where ends_at < ${old} ${gone})
      returning device_content as content`);
    const invitations = await tx.rows(sql<{ content: Id<'content'> }>`
      with stale as (select id, email_content from directory.invitation
        where expires_at < ${old} and accepted_at is null and email_content is not null ${gone})
      update directory.invitation i set email_content = null from stale where i.id = stale.id
      returning stale.email_content as content`);
    const exports = await tx.rows(sql<{ contents: Id<'content'>[] }>`
      delete from directory.departure where until < ${now} returning contents`);
    const ids = [
      ...[...sessions, ...invitations].map((row) => row.content),
      ...exports.flatMap((row) => row.contents),
    ];
    await tx.run(sql`
      update content.item set erased_at = ${now} where id = any(${ids}) and erased_at is null`);
    return ids;
  });
  for (const id of erased) await content.erase(id);
}
