import { addMilliseconds } from '@breakwater/kernel';
import type { Message } from '../../../../platform/mail/mail.ts';
import type { JobHandler } from '../../../../platform/queue/queue.ts';
import type { Services } from '../../../../services.ts';
import { linkAt, tokenFor } from '../link.ts';
import { countSince, findApplication } from './store.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** An address for which more came in a day is one that somebody floods. */
const perAddressMax = 3;

/**
 * PAR-14: writes to the address that an applicant gave, which nobody checked: so it says neither who
 * applied nor for what, and to one address no more than a few times a day.
 */
export function sendMail(services: Services): JobHandler {
  const { database, content, mail } = services;
  return async (job) => {
    const { application } = job.payload;
    if (typeof application !== 'string') throw new Error('expected the id of an application');
    if (mail === null) return;
    const row = await database.read((r) => findApplication(r, application));
    const { mail_content: address, mail_blind: blind } = row ?? {};
    if (row === null || !address || !blind) return;
    const since = addMilliseconds(row.applied_at, -dayMs);
    const lately = await database.read((r) => countSince(r, { mail: blind }, since));
    const to = lately > perAddressMax ? null : await content.getText(address);
    if (to === null) return;
    const link = linkAt(services.site(), 'application', tokenFor(services, row.id));
    await mail.send(messageOf({ id: job.id, to, link }));
  };
}

function messageOf({ id, to, link }: { id: string; to: string; link: string }): Message {
  const text = [
    'Somebody gave this address to be told here. There is something to read:',
    '',
    link,
    '',
    'Whoever holds this link may read it and speak for you: keep it, and pass it on to nobody.',
    'This message says no more on purpose: mail is read by others on its way.',
    'If it was not you, there is nothing to do.',
  ].join('\n');
  return { id, to, subject: 'news', text, unsubscribe: null };
}
