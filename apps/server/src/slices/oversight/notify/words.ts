import type { Message } from '../../../platform/mail/mail.ts';

/**
 * The mail that tells of news. The same for whatever happened: neither what it is about, nor how
 * much there is, nor from whom, may be read by whoever carries the mail.
 */
export function newsMail(given: {
  readonly id: string;
  readonly to: string;
  readonly site: string;
  readonly unsubscribe: string;
}): Message {
  const { id, to, site, unsubscribe } = given;
  const text = [
    'There is something new for you. Sign in to see it:',
    '',
    `${site}/`,
    '',
    'This message says no more on purpose: mail is read by others on its way.',
    '',
    'When and of what you are written to is yours to choose, under "Mail" once signed in.',
    'To get no more of these messages:',
    '',
    unsubscribe,
  ].join('\n');
  return { id, to, subject: 'news', text, unsubscribe };
}

/** The mail that tells a member of a change to how it signs in. It cannot be turned off. */
export function securityMail(given: {
  readonly id: string;
  readonly to: string;
  readonly site: string;
}): Message {
  const text = [
    'A way to sign in to your account was added or taken away.',
    '',
    'If that was you, there is nothing to do. If not, sign in, look at your passkeys and sessions,',
    'cut off what you do not know, and tell the administrator of this installation:',
    '',
    `${given.site}/`,
  ].join('\n');
  return { id: given.id, to: given.to, subject: 'security', text, unsubscribe: null };
}

/**
 * The mail that tells of what cannot wait, such as work that has to stop. Like the news it says
 * neither what nor where, and it cannot be turned off.
 */
export function urgentMail(given: {
  readonly id: string;
  readonly to: string;
  readonly site: string;
}): Message {
  const text = [
    'Something needs you at once. Sign in to see it:',
    '',
    `${given.site}/`,
    '',
    'This message says no more on purpose: mail is read by others on its way.',
  ].join('\n');
  return { id: given.id, to: given.to, subject: 'urgent', text, unsubscribe: null };
}
