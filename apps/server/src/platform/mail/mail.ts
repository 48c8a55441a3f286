/** Every subject line there is. Constant words: what a mail is about never stands in its head. */
export const subjects = {
  link: 'Your sign-in link',
  news: 'There is something new for you',
  security: 'The ways into your account changed',
  urgent: 'Something needs you at once',
} as const;

export interface Message {
  /** The same for the same mail: what is sent twice after a crash is recognized as one. */
  readonly id: string;
  /** A bare mail address. */
  readonly to: string;
  readonly subject: keyof typeof subjects;
  /** Plain text in ASCII; a line has at most 900 characters. */
  readonly text: string;
  /** Where one click ends all mails of this sort (RFC 8058); null where they cannot be ended. */
  readonly unsubscribe: string | null;
}

/**
 * The mail port.
 *
 * Consistency: each message stands for itself; order is not kept. Durability: `send` resolves once
 * the next server has taken the message over, or the file is fsynced; delivery to the mailbox is
 * beyond it. Retries: none here. A caller sends again under the same id, so that a message may
 * arrive twice but is recognizable by its Message-ID.
 * Limits: one recipient; ASCII addresses (a host in other letters is written in its ASCII form, a
 * mailbox in other letters is refused); 32 KiB of text. Rejects with {@link MailNotSent}, whose
 * words never repeat an address or what a server said: dead letters are read by others.
 */
export interface Mail {
  /** False: this twin delivers to nobody's mailbox by itself. */
  readonly delivers: boolean;
  send(message: Message): Promise<void>;
}

export const mailFailures = {
  malformed: 'the message cannot be written as a mail: an address or line is not of the form',
  refused: 'the mail server refused the message for good',
  'not-taken': 'the mail server did not take the message now',
} as const;

export class MailNotSent extends Error {
  override readonly name = 'MailNotSent';
  readonly code: keyof typeof mailFailures;
  constructor(code: keyof typeof mailFailures) {
    super(mailFailures[code]);
    this.code = code;
  }
}
