import { authorizations, type Client, type Stop as StopRow } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { parseTarget } from '@breakwater/scope';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { optionsOf } from '../../options.ts';
import { need, Stop } from '../../stop.ts';
import type { Terminal } from '../../terminal.ts';
import { type Here, here, momentText } from '../claim/moments.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';

/** `authorization stop`. */
export async function stop(given: Given, context: Context): Promise<ExitCode> {
  const { reason } = optionsOf(z.object({ reason: z.string().optional() }), given);
  // As typed: the server reads it, and nothing here may stand between a person and the switch.
  const wish = { target: argument(given, 0), ...(reason === undefined ? {} : { reason }) };
  const body = parse(authorizations.stop.body, wish, 'the stop');
  const stopped = await answered(sessionFor(given, context).call(authorizations.stop, { body }));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(stopped);
  else {
    terminal.line(`STOPPED: ${stopped.target}`);
    terminal.line(
      `  ended      ${stopped.claims} claims, ${stopped.campaigns} campaigns; their holders are told`,
    );
    terminal.line('  leave      nobody may act there until it is lifted');
    terminal.line(`  lift it    breakwater authorization resume ${stopped.id} --reason "…"`);
  }
  return exitCodes.good;
}

/** `authorization resume`: of a target its one standing stop. */
export async function resume(given: Given, context: Context): Promise<ExitCode> {
  const { reason } = optionsOf(z.object({ reason: z.string() }), given);
  const client = sessionFor(given, context);
  const params = { stop: await stopNamed(client, argument(given, 0)) };
  const body = parse(authorizations.liftStop.body, { reason }, 'the reason');
  const lifted = await answered(client.call(authorizations.liftStop, { params, body }));
  if (given.options['json'] === true) context.terminal.json(lifted);
  else {
    context.terminal.line(`lifted: ${lifted.target}`);
    context.terminal.line('what was ended stays ended; whoever wants it claims it again');
  }
  return exitCodes.good;
}

/** `authorization stops`. */
export async function listStops(given: Given, context: Context): Promise<ExitCode> {
  const { after, limit, standing } = given.options;
  const wish = { after, limit, ...(standing === true ? { state: 'standing' } : {}) };
  const query = parse(authorizations.stops.query, wish, 'a query option');
  const page = await answered(sessionFor(given, context).call(authorizations.stops, { query }));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(page);
  else {
    for (const each of page.items) print(each, here(), terminal);
    if (page.items.length === 0) terminal.line('nothing is stopped');
    if (page.next !== null) terminal.say(`there is more: add --after ${page.next}`);
  }
  return exitCodes.good;
}

async function stopNamed(client: Client, word: string): Promise<Id<'stop'>> {
  if (word.startsWith('stop_')) {
    return parse(authorizations.liftStop.params, { stop: word }, 'a stop').stop;
  }
  const { text } = need(parseTarget(word));
  const query = { state: 'standing' as const, limit: 200 };
  const { items } = await answered(client.call(authorizations.stops, { query }));
  const found = items.filter(({ target }) => target === text);
  const [one] = found;
  if (one !== undefined && found.length === 1) return one.id;
  throw new Stop({
    code: 'no-such-stop',
    expected: `one standing stop on ${text}`,
    got: found.length === 0 ? 'none' : `${found.length} of them`,
    todo: 'name it by its id: breakwater authorization stops --standing',
  });
}

function print(it: StopRow, at: Here, terminal: Terminal): void {
  terminal.line(`${it.liftedAt === null ? 'STOPPED' : 'lifted'}: ${it.target}`);
  terminal.line(`  stop       ${it.id}, by ${it.by.name}, ${momentText(it.at, at)}`);
  terminal.line(`  ended      ${it.claims} claims, ${it.campaigns} campaigns`);
  if (it.reason !== null) terminal.quote(it.reason);
  if (it.liftedAt === null) return;
  terminal.line(`  lifted     ${momentText(it.liftedAt, at)}, by ${it.liftedBy?.name ?? '–'}`);
  if (it.liftReason !== null) terminal.quote(it.liftReason);
}
