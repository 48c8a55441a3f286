import { claims, type Output } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { optionsOf, wholeNumber } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { answered, sessionFor } from '../session.ts';
import { scopeLines } from './scope-words.ts';

type Map = Output<typeof claims.map>;

/** `claim map`: what of a target is looked at, and was, by day and never by whom. */
export async function showMap(given: Given, context: Context): Promise<ExitCode> {
  const { days } = optionsOf(z.object({ days: wholeNumber(1, 400).default(90) }), given);
  const body = { target: argument(given, 0), days };
  const map = await answered(sessionFor(given, context).call(claims.map, { body }));
  if (given.options['json'] === true) context.terminal.json(map);
  else print(map, context.terminal);
  return exitCodes.good;
}

const outcomes = {
  'nothing-found': 'nothing found',
  findings: 'findings',
  unfinished: 'not finished',
} as const;

const times = { now: 'now', ahead: 'ahead', before: 'before' } as const;

function print({ target, items }: Map, terminal: Terminal): void {
  terminal.line(target);
  for (const { scope, when, fromDay, untilDay, outcome, struck, records } of items) {
    const end = outcome === null ? '' : `: ${outcomes[outcome]}`;
    const doubt = struck === null ? '' : ', struck by a coordinator';
    terminal.line(`  ${times[when].padEnd(7)} ${fromDay} to ${untilDay}${end}${doubt}`);
    if (struck?.reason != null) terminal.quote(struck.reason, 10);
    for (const record of records) terminal.line(`    ${record}`);
    for (const line of scopeLines(scope)) terminal.line(`    ${line}`);
  }
  if (items.length === 0) terminal.line('  nobody has said that they look at it, or did');
}
