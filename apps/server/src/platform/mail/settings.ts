import { plainAddress } from './compose.ts';
import { MailNotSent } from './mail.ts';

export const smtpUrlForm =
  'expected smtps://user:password@mail.example.org or smtp:// with a host; special characters percent-encoded';
export const mailFromForm = 'expected a bare mail address such as breakwater@example.org';

/** Whether this names a mail server and nothing beside it. */
export function isSmtpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(text);
  const known = protocol === 'smtp:' || protocol === 'smtps:';
  return known && hostname !== '' && ['', '/'].includes(pathname) && search === '' && hash === '';
}

export function isPlainAddress(text: string): boolean {
  try {
    plainAddress(text);
    return true;
  } catch (error) {
    if (error instanceof MailNotSent) return false;
    throw error;
  }
}
