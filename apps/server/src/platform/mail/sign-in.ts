import { randomUUID } from 'node:crypto';
import type { Directory } from '../directory/directory.ts';
import type { SignInMail } from '../directory/mail.ts';
import type { Mail } from './mail.ts';

/** Sign-in links over the mail port. A member who gave no address, or left, is sent nothing. */
export function createSignInMail(mail: Mail, directory: Pick<Directory, 'mailOf'>): SignInMail {
  return {
    bound: true,
    async sendSignInLink(member, url) {
      const to = await directory.mailOf(member);
      if (to === null) return;
      const text = [
        'Open this link to sign in:',
        '',
        url,
        '',
        'It works once, and not for long. Whoever has it can sign in as you: do not pass it on.',
        'If you did not ask for it, somebody typed your address; nothing happened, and you need',
        'do nothing.',
      ].join('\n');
      // A link is made once and sent once: each of these messages stands for itself.
      await mail.send({ id: randomUUID(), to, subject: 'link', text, unsubscribe: null });
    },
  };
}
