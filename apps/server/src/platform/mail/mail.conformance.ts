import type { Instant } from '@breakwater/kernel';
import { describe, expect, test } from 'vitest';
import { manualClock } from '../clock/clock.ts';
import type { Mail, Message } from './mail.ts';

export interface OpenedMail extends AsyncDisposable {
  readonly mail: Mail;
  /** Every message as it arrived, in no order. */
  received(): Promise<readonly string[]>;
}

export const from = 'breakwater@example.org';
export const noon = manualClock('2026-03-01T12:00:00.000Z' as Instant); // spelled as kernel does

const message: Message = {
  id: 'one',
  to: 'ann@example.com',
  subject: 'news',
  text: 'Hello.\n\n.\nA line after a dot alone.',
  unsubscribe: 'https://example.org/unsubscribe/x',
};

const whole = [
  'From: Breakwater <breakwater@example.org>',
  'To: ann@example.com',
  'Subject: There is something new for you',
  'Date: Sun, 1 Mar 2026 12:00:00 +0000',
  'Message-ID: <7692c3ad3540bb803c020b3aee66cd8887123234@example.org>',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=us-ascii',
  'Content-Transfer-Encoding: 7bit',
  'Auto-Submitted: auto-generated',
  'List-Unsubscribe: <https://example.org/unsubscribe/x>',
  'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
  '',
  'Hello.',
  '',
  '.',
  'A line after a dot alone.',
  '',
].join('\r\n');

/** What every implementation of the mail port must keep. */
export function mailConformance(name: string, open: () => Promise<OpenedMail>): void {
  describe(`mail by ${name}`, () => {
    test('a message arrives byte for byte', async () => {
      await using opened = await open();
      await opened.mail.send(message);
      expect(await opened.received()).toEqual([whole]);
    });

    test('what cannot be ended by its reader carries no way to end it', async () => {
      await using opened = await open();
      await opened.mail.send({ ...message, unsubscribe: null });
      const [arrived] = await opened.received();
      expect(arrived).not.toContain('List-Unsubscribe');
    });

    const hostile: readonly (readonly [string, Partial<Message>])[] = [
      ['a line end in the address', { to: 'ann@example.com\r\nBcc: eve@example.com' }],
      ['a line feed in the address', { to: 'ann@example.com\nBcc: eve@example.com' }],
      ['two addresses', { to: 'ann@example.com, eve@example.com' }],
      ['a name beside the address', { to: 'Ann <ann@example.com>' }],
      ['a quoted mailbox', { to: '"ann\r\n"@example.com' }],
      ['an option of the envelope', { to: 'ann@example.com> NOTIFY=SUCCESS' }],
      ['a mailbox in other letters', { to: 'änn@example.com' }],
      ['no address', { to: '' }],
      ['a line end in the link', { unsubscribe: 'https://example.org/\r\nBcc: eve@example.com' }],
      ['an end of the link', { unsubscribe: 'https://example.org/>,<mailto:eve@example.com' }],
      ['another scheme', { unsubscribe: 'mailto:eve@example.com' }],
      ['a carriage return in the text', { text: 'a\r.\r\nMAIL FROM:<eve@example.com>' }],
      ['other letters in the text', { text: 'ä' }],
      ['a line without end', { text: 'a'.repeat(901) }],
      ['a text without end', { text: 'a\n'.repeat(20_000) }],
    ];
    test.each(hostile)('refuses %s', async (_, part) => {
      await using opened = await open();
      await expect(opened.mail.send({ ...message, ...part })).rejects.toMatchObject({
        code: 'malformed',
      });
      expect(await opened.received()).toEqual([]);
    });

    test('writes a host in other letters in its ASCII form', async () => {
      await using opened = await open();
      await opened.mail.send({ ...message, to: 'ann@bücher.example' });
      const [arrived] = await opened.received();
      expect(arrived).toContain('\r\nTo: ann@xn--bcher-kva.example\r\n');
    });
  });
}
