import { authorizations, type LeaveReason } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { optionsOf } from '../../options.ts';
import { here, LocalMoment, momentText } from '../claim/moments.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';

/** `authorization may`: the exit code says it to a script. */
export async function may(given: Given, context: Context): Promise<ExitCode> {
  const { at } = optionsOf(z.object({ at: LocalMoment.optional() }), given);
  const wish = { target: argument(given, 0), method: given.options['method'], at };
  const query = parse(authorizations.may.query, wish, 'the question');
  const leave = await answered(sessionFor(given, context).call(authorizations.may, { query }));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(leave);
  else {
    terminal.line(`${leave.allowed ? 'yes' : 'no'}: ${leave.method} on ${leave.target}`);
    for (const reason of leave.reasons) terminal.line(`  why        ${reasonWords[reason]}`);
    if (leave.authorization !== null) terminal.line(`  by         ${leave.authorization}`);
    for (const line of paceLines(leave.pace)) terminal.line(`  how fast   ${line}`);
    if (leave.contact !== null) {
      terminal.line('  reach      (as written)');
      terminal.quote(leave.contact, 10);
    }
    if (leave.until !== null) terminal.line(`  until      ${momentText(leave.until, here())}`);
    if (leave.again !== null) terminal.line(`  again      ${momentText(leave.again, here())}`);
  }
  return leave.allowed ? exitCodes.good : exitCodes.bad;
}

/** An owner's bounds in words; none where there are none. */
export function paceLines(
  pace: { readonly requestsPerSecond: number | null; readonly connections: number | null } | null,
): readonly string[] {
  if (pace === null) return [];
  const { requestsPerSecond, connections } = pace;
  return [
    ...(requestsPerSecond === null ? [] : [`at most ${requestsPerSecond} requests per second`]),
    ...(connections === null ? [] : [`at most ${connections} connections`]),
  ];
}

const reasonWords: Readonly<Record<LeaveReason, string>> = {
  allowed: 'its owner allows it',
  'needs-no-leave':
    'code that one has may be read and fuzzed without leave; mind its owner’s wishes',
  'no-authorization': 'nobody who controls it has allowed anything there',
  'out-of-scope': 'its owner leaves it out',
  'method-not-allowed': 'its owner does not allow that',
  'not-yet': 'its owner allows it later',
  over: 'the time its owner allowed is over',
  'never-time': 'these are hours at which its owner never wants it',
  'control-missing': 'whoever allows it has not proven that it is theirs',
  'control-lapsed': 'the proof that it is theirs is too old',
  'control-contested': 'two claim that it is theirs, and neither is believed',
  stopped: 'whoever controls it pressed stop',
};
