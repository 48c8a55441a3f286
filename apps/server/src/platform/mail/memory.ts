import type { Clock } from '../clock/clock.ts';
import { type Composed, compose } from './compose.ts';
import type { Mail, MailNotSent } from './mail.ts';

export interface MemoryMail extends Mail {
  /** Every message as it would have gone out. */
  readonly sent: Composed[];
  /** Why nothing is handed over; null: everything is. */
  fault: MailNotSent | null;
}

/** Mail kept in memory, for tests. */
export function createMemoryMail(given: {
  readonly from: string;
  readonly clock: Clock;
}): MemoryMail {
  const sent: Composed[] = [];
  return {
    delivers: true,
    sent,
    fault: null,
    async send(message) {
      if (this.fault !== null) throw this.fault;
      sent.push(compose(message, given.from, given.clock.now()));
    },
  };
}
