import { type AccessWindow, earlyAccess } from '@breakwater/contract';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { optionsOf, wholeNumber } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { here, LocalMoment, momentText } from '../claim/moments.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';
import { write } from '../writing.ts';
import { grantLine } from './grant.ts';

const PlanOptions = z.object({
  objectives: z.string(),
  who: z.string(),
  outputs: z.string(),
  afterwards: z.string(),
  persons: wholeNumber(1, 500).default(5),
  returnDays: wholeNumber(0, 90).default(10),
});

/** `window plan`. */
export async function statePlan(given: Given, context: Context): Promise<ExitCode> {
  const { persons, returnDays, ...texts } = optionsOf(PlanOptions, given);
  const params = { engagement: argument(given, 0) };
  const body = { ...texts, personsMax: persons, returnWithinDays: returnDays };
  return await write(earlyAccess.statePlan, { params, body }, { given, context });
}

/** `window days`. */
export async function showDays(given: Given, context: Context): Promise<ExitCode> {
  const asked = { engagement: argument(given, 0) };
  const params = parse(earlyAccess.days.params, asked, 'an engagement');
  const days = await answered(sessionFor(given, context).call(earlyAccess.days, { params }));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(days);
  else {
    const clock = { ...here(), zone: days.zone };
    const { latestEnd } = days;
    terminal.line(`used       ${days.used.length}, left ${days.left} of 30 (${days.zone})`);
    for (const date of days.used) terminal.line(`  ${date}`);
    const last = latestEnd === null ? 'none is left' : momentText(latestEnd, clock);
    terminal.line(`latest end ${last}, of a window that begins now`);
  }
  return exitCodes.good;
}

const OpenOptions = z.object({ begins: LocalMoment.optional(), ends: LocalMoment.optional() });

/** `window open`. */
export async function openWindow(given: Given, context: Context): Promise<ExitCode> {
  const params = { engagement: argument(given, 0) };
  const body = { plan: argument(given, 1), ...optionsOf(OpenOptions, given) };
  return await write(earlyAccess.openWindow, { params, body }, { given, context });
}

/** `window list`. */
export async function listWindows(given: Given, context: Context): Promise<ExitCode> {
  const { after, limit } = given.options;
  const query = parse(earlyAccess.windows.query, { after, limit }, 'an option');
  const page = await answered(sessionFor(given, context).call(earlyAccess.windows, { query }));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(page);
  else {
    for (const window of page.items) printWindow(window, terminal);
    if (page.next !== null) terminal.say(`more with --after ${page.next}`);
  }
  return exitCodes.good;
}

/** `window show`. */
export async function showWindow(given: Given, context: Context): Promise<ExitCode> {
  const asked = { window: argument(given, 0) };
  const params = parse(earlyAccess.window.params, asked, 'a window');
  const client = sessionFor(given, context);
  const window = await answered(client.call(earlyAccess.window, { params }));
  const isSide = window.inside !== null;
  const list = isSide
    ? await answered(client.call(earlyAccess.accessList, { params }))
    : { items: [] };
  const { terminal } = context;
  if (given.options['json'] === true) {
    terminal.json({ ...window, ...(isSide && { accessList: list.items }) });
    return exitCodes.good;
  }
  printWindow(window, terminal);
  for (const grant of list.items) terminal.line(`  ${grantLine(grant)}`);
  return exitCodes.good;
}

/** `window shorten`. */
export async function shortenWindow(given: Given, context: Context): Promise<ExitCode> {
  const params = { window: argument(given, 0) };
  const body = { ends: parse(LocalMoment, argument(given, 1), 'the new end') };
  return await write(earlyAccess.shorten, { params, body }, { given, context });
}

/** `window end`. */
export async function endWindow(given: Given, context: Context): Promise<ExitCode> {
  const params = { window: argument(given, 0) };
  return await write(earlyAccess.end, { params, body: {} }, { given, context });
}

/** `window add`. */
export async function addPerson(given: Given, context: Context): Promise<ExitCode> {
  const { person } = optionsOf(z.object({ person: z.string().optional() }), given);
  const params = { window: argument(given, 0) };
  const body = { member: argument(given, 1), ...(person === undefined ? {} : { person }) };
  return await write(earlyAccess.addPerson, { params, body }, { given, context });
}

function printWindow(window: AccessWindow, terminal: Terminal): void {
  // As the developer's days are counted.
  const clock = { ...here(), zone: window.zone };
  const { id, developer, begins, ends, endedAt, because, days, inside } = window;
  terminal.line(`${id}  ${developer.name}${window.open ? ', open' : ''}`);
  terminal.line(`  begins     ${momentText(begins, clock)}`);
  terminal.line(`  ends       ${momentText(ends, clock)} (${because})`);
  if (endedAt !== null) terminal.line(`  ended      ${momentText(endedAt, clock)}`);
  terminal.line(`  days       ${days.length} of 30`);
  if (inside === null) return;
  const { granted, active, personsMax, owed } = inside;
  terminal.line(`  inside     ${active} active of ${granted}, at most ${personsMax}; owed ${owed}`);
}
