import { createTransport } from 'nodemailer';
import type { Clock } from '../clock/clock.ts';
import { isLoopbackName } from '../edge/addresses.ts';
import { compose } from './compose.ts';
import { type Mail, MailNotSent } from './mail.ts';

const waitMs = 20_000;

export interface SmtpOptions {
  /** `smtps://user:password@host:port` or `smtp://…`. */
  readonly url: string;
  readonly from: string;
  readonly clock: Clock;
}

/**
 * Mail over SMTP submission (RFC 6409). Beyond loopback the connection is TLS, from the first byte
 * (smtps, RFC 8314) or by STARTTLS that is insisted on (smtp), with the server's certificate checked.
 */
export function createSmtpMail({ url, from, clock }: SmtpOptions): Mail {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const transport = createTransport({
    host,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !isLoopbackName(hostname),
    // Opportunistic on loopback would fail on the certificates that local relays make themselves.
    ignoreTLS: !secure && isLoopbackName(hostname),
    ...(username === ''
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: waitMs,
    greetingTimeout: waitMs,
    socketTimeout: waitMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    delivers: true,
    async send(message) {
      const { from: sender, to, raw } = compose(message, from, clock.now());
      try {
        await transport.sendMail({ envelope: { from: sender, to: [to] }, raw });
      } catch (error) {
        throw new MailNotSent(isForGood(error) ? 'refused' : 'not-taken');
      }
    },
  };
}

/** A reply of 500 or more (RFC 5321, 4.2.1). */
function isForGood(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error)) return false;
  return typeof error.responseCode === 'number' && error.responseCode >= 500;
}
