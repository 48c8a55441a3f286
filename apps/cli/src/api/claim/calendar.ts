import { type Claim, type Client, claims, type Output } from '@breakwater/contract';
import { type CalendarEvent, writeCalendar } from '@breakwater/formats/icalendar';
import { z } from 'zod';
import type { Context, Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { writeNew } from '../../files.ts';
import { optionsOf } from '../../options.ts';
import { need, Stop } from '../../stop.ts';
import { addressOf, answered, ServerOptions, sessionFor } from '../session.ts';
import { here } from './moments.ts';
import { scopeLine, scopeLines } from './scope-words.ts';

/** Pages of two hundred: a party cannot hold more claims than that by far. */
const pagesMax = 10;

/** `claim calendar`: the windows of your claims, as a file for calendars. */
export async function claimCalendar(given: Given, context: Context): Promise<ExitCode> {
  const client = sessionFor(given, context);
  const { renewalsMax } = await answered(client.call(claims.rules));
  const held = await allHeld(client);
  const host = hostOf(given, context);
  const events = held.map((claim) => eventOf(claim, { host, renewalsMax }));
  await giveCalendar({ name: 'Claims', events }, given, context);
  return exitCodes.good;
}

/** Writes events to standard output, or where `--out` says. */
export async function giveCalendar(
  { name, events }: { readonly name: string; readonly events: readonly CalendarEvent[] },
  given: Given,
  { terminal }: Context,
): Promise<void> {
  const { out } = optionsOf(z.object({ out: z.string().optional() }), given);
  if (events.length === 0) throw new Stop(nothing);
  const calendar = need(writeCalendar({ name, stamp: here().now, events }));
  const bytes = new TextEncoder().encode(calendar);
  if (out !== undefined) {
    await writeNew(out, bytes);
    terminal.say(`${events.length} windows written to ${out}`);
  }
  if (given.options['json'] === true) terminal.json({ name, events });
  else if (out === undefined) terminal.bytes(bytes);
}

/** What makes ids of events unique in the world (RFC 7986, 5.3 asks for no host; ours are random). */
export function hostOf(given: Given, { environment }: Context): string {
  return new URL(addressOf(optionsOf(ServerOptions, given).server ?? environment.server)).host;
}

async function allHeld(client: Client): Promise<readonly Claim[]> {
  const all: Claim[] = [];
  let after: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const query = { limit: 200, ...(after === null ? {} : { after }) };
    const found: Output<typeof claims.list> = await answered(client.call(claims.list, { query }));
    all.push(...found.items);
    if (found.next === null) break;
    after = found.next;
  }
  return all;
}

function eventOf(
  { id, scope, from, until, sharing, state, renewalsLeft }: Claim,
  { host, renewalsMax }: { readonly host: string; readonly renewalsMax: number },
): CalendarEvent {
  return {
    uid: `${id}@${host}`,
    // Each renewal moves its end; a claim never gets one back.
    sequence: Math.max(0, renewalsMax - renewalsLeft),
    from,
    until,
    summary: `${sharing === 'alone' ? 'Claimed alone' : 'Claimed'}: ${scopeLine(scope)}`.slice(
      0,
      200,
    ),
    description: [...scopeLines(scope), `${id} (${state})`].join('\n'),
    status: 'confirmed',
    transparent: true,
    categories: ['claim'],
    warnMinutes: 60,
  };
}

const nothing = {
  code: 'calendar-empty',
  expected: 'something with a time to write',
  got: 'nothing',
  todo: 'an iCalendar file without an event is none; ask again once there is one',
};
