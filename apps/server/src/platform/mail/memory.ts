import type { Clock } from '../clock/clock.ts';
import { type Composed, compose } from './compose.ts';
import type { Mail } from './mail.ts';

/** Mail kept in memory, for tests: `sent` is every message as it would have gone out. */
export function createMemoryMail(given: {
  readonly from: string;
  readonly clock: Clock;
}): Mail & { readonly sent: Composed[] } {
  const sent: Composed[] = [];
  return {
    delivers: true,
    sent,
    async send(message) {
      sent.push(compose(message, given.from, given.clock.now()));
    },
  };
}
