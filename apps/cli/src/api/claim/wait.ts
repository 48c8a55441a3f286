import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, claims, type Wait } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import type { Context } from '../../command.ts';
import { Stop } from '../../stop.ts';
import { answered } from '../session.ts';
import type { Wish } from './last-answer.ts';
import { here, lengthText } from './moments.ts';

const pollMs = 1_000;
const hourMs = 3_600_000;

/**
 * Stands in line for what is held and stays until it is granted, or until it is given up. Ctrl-C
 * leaves the line: what nobody waits for any more is not granted to nobody.
 */
export async function waitFor(
  given: { readonly client: Client; readonly wish: Wish; readonly giveUpAt: Instant },
  { terminal, signal }: Context,
): Promise<{ readonly claim: Id<'claim'>; readonly answer: unknown }> {
  const { client, wish, giveUpAt } = given;
  const { scope, sharing, listed } = wish;
  const began = Date.now();
  const term = Date.parse(wish.until) - Date.parse(wish.from ?? here().now);
  const hours = Math.max(1, Math.round(term / hourMs));
  const body = { scope, sharing, hours, giveUpAt, listed };
  const { wait } = await answered(client.call(claims.wait, { body }));
  terminal.say(`in line as ${wait}, for ${hours} h; Ctrl-C leaves the line`);
  try {
    for (;;) {
      const mine = await ofWait(client, wait);
      if (mine.state === 'granted' && mine.claim !== null) {
        terminal.say(`granted     ${mine.claim}`);
        return { claim: mine.claim, answer: mine };
      }
      if (mine.state !== 'waiting') throw new Stop(givenUp(mine));
      terminal.progress(`in line for ${lengthText(Date.now() - began)}`);
      await sleep(pollMs, undefined, { signal });
    }
  } catch (error) {
    if (signal.aborted) await leave(client, wait);
    throw error;
  }
}

async function ofWait(client: Client, wait: Id<'wait'>) {
  const { items } = await answered(client.call(claims.listWaits));
  const mine = items.find(({ id }) => id === wait);
  if (mine === undefined) throw new Stop(givenUp({ state: 'withdrawn', reason: null }));
  return mine;
}

async function leave(client: Client, wait: Id<'wait'>): Promise<void> {
  const params = { wait };
  await client.call(claims.withdrawWait, { params }).catch(() => null);
}

function givenUp({ state, reason }: Pick<Wait, 'state' | 'reason'>) {
  const why = reason === null ? '' : `: ${reason}`;
  return {
    code: 'not-granted',
    expected: 'that it frees in time',
    got:
      state === 'withdrawn'
        ? 'you left the line'
        : state === 'ended'
          ? `a coordinator ended your place in line${why}`
          : 'the hour at which you give up',
    todo: 'ask again, with a longer --wait or for another part',
  };
}
