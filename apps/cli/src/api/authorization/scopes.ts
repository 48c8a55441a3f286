import { type Authorization, authorizations, methods } from '@breakwater/contract';
import { addMilliseconds } from '@breakwater/kernel';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { optionsOf } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';
import { Duration, type Here, here, LocalMoment, momentText } from '../claim/moments.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';
import { paceLines } from './leave.ts';
import { dayName, spanOf, weeklyOf } from './weekly.ts';

const texts = z.array(z.string()).default([]);
const words = texts.transform((given) => given.flatMap((each) => each.split(',')));
const number = z.coerce.number('a number').positive();

const ScopeOptions = z.object({
  target: texts,
  except: texts,
  method: words.pipe(z.array(z.enum(methods))),
  party: words,
  role: words,
  from: LocalMoment.optional(),
  until: LocalMoment.optional(),
  for: Duration.default(30 * 24 * 3_600_000),
  rate: number.optional(),
  connections: number.int().optional(),
  never: texts,
  neverOnce: texts,
  zone: z.string().optional(),
  contact: z.string().optional(),
});

/** `authorization add`. */
export async function addScope(given: Given, context: Context): Promise<ExitCode> {
  const { contact } = optionsOf(ScopeOptions, given);
  const body = parse(authorizations.authorize.body, { ...scopeOf(given), contact }, 'the scope');
  const client = sessionFor(given, context);
  const written = await answered(client.call(authorizations.authorize, { body }));
  return give(written, given, context);
}

/** `authorization revise`. */
export async function reviseScope(given: Given, context: Context): Promise<ExitCode> {
  const { contact } = optionsOf(ScopeOptions, given);
  const operation = authorizations.reviseAuthorization;
  const params = paramsOf(given);
  const wish = { ...scopeOf(given), ...(contact === undefined ? {} : { contact }) };
  const body = parse(operation.body, wish, 'the scope');
  const written = await answered(sessionFor(given, context).call(operation, { params, body }));
  return give(written, given, context);
}

/** `authorization revoke`. */
export async function revokeScope(given: Given, context: Context): Promise<ExitCode> {
  const operation = authorizations.revokeAuthorization;
  const client = sessionFor(given, context);
  const answer = await answered(client.call(operation, { params: paramsOf(given) }));
  if (given.options['json'] === true) context.terminal.json(answer);
  else context.terminal.line('revoked: nobody may act by it any more');
  return exitCodes.good;
}

/** `authorization show`. */
export async function showScope(given: Given, context: Context): Promise<ExitCode> {
  const client = sessionFor(given, context);
  const call = client.call(authorizations.authorization, { params: paramsOf(given) });
  return give(await answered(call), given, context);
}

/** `authorization list`. */
export async function listScopes(given: Given, context: Context): Promise<ExitCode> {
  const { after, limit, target, mine, forMe } = given.options;
  const which = mine === true ? 'mine' : forMe === true ? 'for-me' : 'all';
  const wish = { after, limit, target, which };
  const query = parse(authorizations.authorizations.query, wish, 'a query option');
  const client = sessionFor(given, context);
  const page = await answered(client.call(authorizations.authorizations, { query }));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(page);
  else {
    for (const each of page.items) print(each, here(), terminal);
    if (page.items.length === 0) terminal.line('no scope says anything to you');
    if (page.next !== null) terminal.say(`there is more: add --after ${page.next}`);
  }
  return exitCodes.good;
}

function paramsOf(given: Given) {
  const { params } = authorizations.authorization;
  return parse(params, { authorization: argument(given, 0) }, 'a scope');
}

/** As the contract asks for it; empty means nothing. */
function scopeOf(given: Given) {
  const options = optionsOf(ScopeOptions, given);
  const { now, zone } = here();
  // A clock here that is a little ahead of the server's must not delay what was meant for now.
  const from = options.from ?? addMilliseconds(now, -60_000);
  return {
    targets: options.target,
    except: options.except,
    methods: options.method,
    parties: options.party,
    roles: options.role,
    from,
    until: options.until ?? addMilliseconds(from, options.for),
    pace: {
      requestsPerSecond: options.rate ?? null,
      connections: options.connections ?? null,
    },
    never: {
      zone: options.zone ?? zone,
      weekly: options.never.map(weeklyOf),
      once: options.neverOnce.map(spanOf),
    },
  };
}

function give(written: Authorization, given: Given, { terminal }: Context): ExitCode {
  if (given.options['json'] === true) terminal.json(written);
  else print(written, here(), terminal);
  return exitCodes.good;
}

const stateWords: Readonly<Record<Authorization['state'], string>> = {
  'in-force': 'in force',
  'not-yet': 'not yet: it begins later',
  over: 'over',
  revoked: 'revoked',
  'control-missing':
    'not in force: prove that the target is yours (breakwater authorization prove <target>)',
  'control-lapsed': 'not in force: the proof that the target is yours is too old',
  'control-contested': 'not in force: somebody else has proven the same, a coordinator decides',
  stopped: 'stopped: nothing may be done until the stop is lifted',
};

function print(it: Authorization, at: Here, terminal: Terminal): void {
  const row = (name: string, text: string) => terminal.line(`  ${name.padEnd(10)} ${text}`);
  terminal.line(it.targets.length === 0 ? '(no target: it allows nothing)' : it.targets.join(', '));
  row('scope', `${it.id}, revision ${it.revision}`);
  row('state', stateWords[it.state]);
  row('owner', it.owner.name);
  row('allowed', it.methods.length === 0 ? '(nothing)' : it.methods.join(', '));
  if (it.except.length > 0) row('but not', it.except.join(', '));
  row('who', whoWords(it));
  row('from', momentText(it.from, at));
  row('until', momentText(it.until, at));
  for (const line of paceLines(it.pace)) row('how fast', line);
  for (const { days, from, until } of it.never.weekly) {
    row('never', `${days.map(dayName).join(', ')} ${from} to ${until} (${it.never.zone})`);
  }
  for (const { from, until } of it.never.once) {
    row('never', `${momentText(from, at)} to ${momentText(until, at)}`);
  }
  if (it.contact !== null) {
    row('contact', '(as written)');
    terminal.quote(it.contact);
  }
}

function whoWords({ parties, roles }: Authorization): string {
  if (parties === null && roles === null) return 'you are among them';
  const names = [
    ...(parties ?? []).map(({ name }) => name),
    ...(roles ?? []).map((r) => `every ${r}`),
  ];
  return names.length === 0 ? '(nobody)' : names.join(', ');
}
