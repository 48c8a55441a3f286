import { domainToASCII } from 'node:url';
import { bytesToHex, type Instant, sha256, utf8 } from '@breakwater/kernel';
import { MailNotSent, type Message, subjects } from './mail.ts';

export interface Composed {
  /** The envelope (RFC 5321). */
  readonly from: string;
  readonly to: string;
  /** Names the message in a file system. */
  readonly digest: string;
  /** The whole message (RFC 5322), lines ended by CR LF. */
  readonly raw: string;
}

const textMax = 32 * 1024;
/** RFC 5322, 2.1.1 allows 998. */
const lineMax = 900;
/** dot-atom (RFC 5322, 3.2.3): without quotes, comments, spaces and line ends. */
const mailbox = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const host = /^(?=.{1,253}$)[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*$/i;
const printable = /^[\x20-\x7e]*$/;
const link = /^https?:\/\/[\x21\x23-\x3b\x3d\x3f-\x7e]{1,800}$/;
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = [
  ...['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'],
  ...['Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
];

/**
 * Writes a message (RFC 5322). Nothing from outside reaches the head but the recipient's address,
 * and an address that is no plain ASCII mailbox is refused: no header can be smuggled in.
 * Throws MailNotSent `malformed`.
 */
export function compose(message: Message, from: string, now: Instant): Composed {
  const sender = plainAddress(from);
  const to = plainAddress(message.to);
  const { unsubscribe } = message;
  if (unsubscribe !== null && !link.test(unsubscribe)) throw new MailNotSent('malformed');
  const digest = bytesToHex(sha256(utf8(message.id))).slice(0, 40);
  const head = [
    `From: Breakwater <${sender}>`,
    `To: ${to}`,
    `Subject: ${subjects[message.subject]}`,
    `Date: ${dateOf(now)}`,
    `Message-ID: <${digest}@${sender.slice(sender.lastIndexOf('@') + 1)}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    'Content-Transfer-Encoding: 7bit',
    // RFC 3834, 5: no out-of-office message shall come back.
    'Auto-Submitted: auto-generated',
    ...(unsubscribe === null ? [] : unsubscribeFields(unsubscribe)),
  ];
  const raw = [...head, '', ...linesOf(message.text), ''].join('\r\n');
  return { from: sender, to, digest, raw };
}

/** RFC 2369, 3.2; one click as RFC 8058, 3.1 has it, which asks for https. */
function unsubscribeFields(url: string): readonly string[] {
  const oneClick = url.startsWith('https:')
    ? ['List-Unsubscribe-Post: List-Unsubscribe=One-Click']
    : [];
  return [`List-Unsubscribe: <${url}>`, ...oneClick];
}

/** The address in ASCII; throws where it is not one mailbox at one host. */
export function plainAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = domainToASCII(address.slice(at + 1));
  if (local.length > 64 || !mailbox.test(local) || !host.test(domain)) {
    throw new MailNotSent('malformed');
  }
  return `${local}@${domain}`;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  const fits = lines.every((line) => line.length <= lineMax && printable.test(line));
  if (text.length > textMax || !fits) throw new MailNotSent('malformed');
  return lines;
}

/** RFC 5322, 3.3, in UTC. */
function dateOf(now: Instant): string {
  const date = new Date(now);
  const day = `${days[date.getUTCDay()]}, ${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
  return `${day} ${date.getUTCFullYear()} ${now.slice(11, 19)} +0000`;
}
