import { randomUUID } from 'node:crypto';
import { addMilliseconds, type Id, ok } from '@breakwater/kernel';
import type { Services } from '../../services.ts';
import { publicEnvelope } from '../commands/public-envelope.ts';
import type { JobHandler } from '../queue/queue.ts';
import { insertLink, openLinks } from './links.ts';
import { lives } from './lives.ts';
import { membersByMail } from './members.ts';
import { makeSecret } from './secret.ts';
import { linkTo } from './site.ts';

/** More than so many at once help nobody but who wants to fill somebody's mailbox. */
const openLinksMax = 3;

/**
 * Sends what was asked for at the door, if the address is a member's. Here and not there, so that
 * the answer at the door costs the same for every address.
 *
 * The token is made here, kept hashed and gone with the message: a try that fails after its link was
 * kept makes another one, and the first expires unseen.
 */
export function sendLink(services: Services): JobHandler {
  const { database, signInMail } = services;
  return async ({ payload }) => {
    const { address } = payload;
    if (typeof address !== 'string') throw new Error('expected the blind value of an address');
    if (!signInMail.bound) return;
    const blind = Buffer.from(address, 'hex');
    for (const { id } of await database.read((r) => membersByMail(r, blind))) {
      const url = await makeRequestedLink(services, id);
      if (url !== null) await signInMail.sendSignInLink(id, url);
    }
  };
}

async function makeRequestedLink(services: Services, id: Id<'member'>): Promise<string | null> {
  const { secret, hash } = makeSecret();
  const envelope = publicEnvelope('session.send-link', randomUUID(), { member: id });
  const executed = await services.execute(envelope, async (tx, now) => {
    if ((await openLinks(tx, id, now)) >= openLinksMax) return ok({ events: [], response: false });
    const expiresAt = addMilliseconds(now, lives.requestedLink);
    await insertLink(tx, hash, { member: id, invitation: null, madeAt: now, expiresAt });
    const event = { act: 'session.link-made', subject: id, data: { member: id } };
    return ok({ events: [event], response: true });
  });
  return executed.ok && executed.value.response ? linkTo(services.site(), secret) : null;
}
