import { randomUUID } from 'node:crypto';
import { type Id, ok } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Services } from '../../services.ts';
import { publicEnvelope } from '../commands/public-envelope.ts';
import { insertInvitation } from './invitations.ts';
import { makeSecret } from './secret.ts';
import { linkTo } from './site.ts';

const role = 'coordinator';

/**
 * A link for the first coordinator, or null once there is one: for the output of a start. Each makes
 * the one before worthless, since it may stand in some log.
 */
export async function firstLink(services: Services): Promise<string | null> {
  const { secret, hash } = makeSecret();
  const envelope = publicEnvelope('directory.first-link', randomUUID(), null);
  const executed = await services.execute(envelope, async (tx, now) => {
    const party = await tx.row(sql<{ id: string }>`
      select id from directory.party where role = ${role} and left_at is null limit 1`);
    if (party !== null) return ok({ events: [], response: false });
    const before = await tx.rows(sql<{ id: Id<'invitation'> }>`
      update directory.invitation set revoked_at = ${now}
      where by_party = 'system' and accepted_at is null and revoked_at is null returning id`);
    const ids = before.map((row) => row.id);
    await tx.run(sql`delete from directory.link where invitation = any(${ids})`);
    const into = { role, name: null };
    const rest = { email: null, manages: true, by: 'system', hash, now };
    const { event, contents } = await insertInvitation(tx, { ...rest, into });
    return ok({ events: [event], contents, response: true });
  });
  return executed.ok && executed.value.response ? linkTo(services.site(), secret) : null;
}
