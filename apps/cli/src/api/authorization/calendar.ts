import { type Authorization, authorizations, type Client, type Output } from '@breakwater/contract';
import type { CalendarEvent } from '@breakwater/formats/icalendar';
import { addMilliseconds } from '@breakwater/kernel';
import { neverWindows } from '@breakwater/scope';
import { z } from 'zod';
import type { Context, Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { optionsOf, wholeNumber } from '../../options.ts';
import { giveCalendar, hostOf } from '../claim/calendar.ts';
import { here } from '../claim/moments.ts';
import { answered, sessionFor } from '../session.ts';
import { paceLines } from './leave.ts';

const dayMs = 24 * 3_600_000;
/** Pages of two hundred scopes. */
const pagesMax = 10;

/** `authorization calendar`: when each scope in force holds, and the hours at which never. */
export async function leaveCalendar(given: Given, context: Context): Promise<ExitCode> {
  const { days } = optionsOf(z.object({ days: wholeNumber(1, 365).default(90) }), given);
  const { now } = here();
  const span = { from: now, until: addMilliseconds(now, days * dayMs) };
  const host = hostOf(given, context);
  const scopes = await allScopes(sessionFor(given, context));
  const events = scopes
    .filter(({ until, state }) => until > now && state !== 'revoked')
    .flatMap((scope) => [windowOf(scope, host), ...neversOf(scope, span, host)]);
  await giveCalendar({ name: 'Leave', events }, given, context);
  return exitCodes.good;
}

async function allScopes(client: Client): Promise<readonly Authorization[]> {
  const all: Authorization[] = [];
  let after: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const query = { limit: 200, ...(after === null ? {} : { after }) };
    const found: Output<typeof authorizations.authorizations> = await answered(
      client.call(authorizations.authorizations, { query }),
    );
    all.push(...found.items);
    if (found.next === null) break;
    after = found.next;
  }
  return all;
}

function windowOf(scope: Authorization, host: string): CalendarEvent {
  const { id, from, until, methods, revision, state, pace } = scope;
  return {
    uid: `${id}@${host}`,
    sequence: revision,
    from,
    until,
    summary: `Leave: ${methods.join(', ')} on ${targetsOf(scope)}`.slice(0, 200),
    description: [...paceLines(pace), `${id} (${state})`].join('\n'),
    // Written, but nobody may act by it now.
    status: state === 'in-force' ? 'confirmed' : 'tentative',
    transparent: true,
    categories: ['leave'],
    warnMinutes: null,
  };
}

/** Each time on its own, because clocks that are set forward and back move it in UTC. */
function neversOf(
  scope: Authorization,
  span: { readonly from: Authorization['from']; readonly until: Authorization['until'] },
  host: string,
): readonly CalendarEvent[] {
  const { id, never, revision } = scope;
  const windows = neverWindows(never, span).filter(
    ({ from, until }) => until > scope.from && from < scope.until,
  );
  return windows.map(({ from, until }) => ({
    uid: `${id}-never-${from.slice(0, 16).replace(/[-:]/g, '')}@${host}`,
    sequence: revision,
    from,
    until,
    summary: `Never: ${targetsOf(scope)}`.slice(0, 200),
    description: `Nothing is done there, whatever else is allowed.\n${id}`,
    status: 'confirmed',
    transparent: false,
    categories: ['never'],
    warnMinutes: null,
  }));
}

function targetsOf({ targets }: Authorization): string {
  const [first = 'nothing', ...rest] = targets;
  return rest.length === 0 ? first : `${first} and ${rest.length} more`;
}
