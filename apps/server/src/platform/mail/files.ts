import path from 'node:path';
import { utf8 } from '@breakwater/kernel';
import type { Clock } from '../clock/clock.ts';
import { writeDurably } from '../content/durable-file.ts';
import { compose } from './compose.ts';
import type { Mail } from './mail.ts';

/**
 * Mail as files, one `.eml` each, for a person to read or a mail server to pick up. Mode 0600: a
 * sign-in link stands in them. The same message sent twice is one file.
 */
export function createFilesMail(
  directory: string,
  { from, clock }: { readonly from: string; readonly clock: Clock },
): Mail {
  return {
    delivers: false,
    async send(message) {
      const { digest, raw } = compose(message, from, clock.now());
      await writeDurably(path.join(directory, `${digest}.eml`), utf8(raw));
    },
  };
}
