import { setTimeout as sleep } from 'node:timers/promises';
import { authorizations, type Client, type Control, ProblemError } from '@breakwater/contract';
import { isLive, parseTarget } from '@breakwater/scope';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { optionsOf } from '../../options.ts';
import { need } from '../../stop.ts';
import type { Terminal } from '../../terminal.ts';
import { Duration, type Here, here, momentText } from '../claim/moments.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';

const ProveOptions = z.object({
  way: z.string().optional(),
  statement: z.string().optional(),
  wait: Duration.optional(),
});

const againMs = 10_000;

/**
 * `authorization prove`: of a target opens a proof and says what to put where; of a proof, or with
 * `--wait`, has it looked for. The exit code is 1 where it is not found.
 */
export async function prove(given: Given, context: Context): Promise<ExitCode> {
  const { way, statement, wait } = optionsOf(ProveOptions, given);
  const client = sessionFor(given, context);
  const word = argument(given, 0);
  const { terminal } = context;
  const json = given.options['json'] === true;
  if (word.startsWith('control_')) {
    const params = parse(authorizations.proveControl.params, { control: word }, 'a proof');
    return give(await look(client, params, { wait, context }), json, terminal);
  }
  const target = need(parseTarget(word));
  const wish = {
    target: target.text,
    way: way ?? (isLive(target) ? 'dns' : 'repository'),
    ...(statement === undefined ? {} : { statement }),
  };
  const body = parse(authorizations.openControl.body, wish, 'the proof');
  const opened = await answered(client.call(authorizations.openControl, { body }));
  if (wait === undefined) {
    if (json) terminal.json(opened);
    else printControl(opened, here(), terminal);
    return exitCodes.good;
  }
  // Said at once: the person puts it there while this waits.
  if (!json) printControl(opened, here(), terminal);
  return give(await look(client, { control: opened.id }, { wait, context }), json, terminal);
}

/** `authorization controls`. */
export async function listControls(given: Given, context: Context): Promise<ExitCode> {
  const { after, limit } = given.options;
  const query = parse(authorizations.controls.query, { after, limit }, 'a query option');
  const client = sessionFor(given, context);
  const page = await answered(client.call(authorizations.controls, { query }));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(page);
  else {
    for (const control of page.items) printControl(control, here(), terminal);
    if (page.items.length === 0) terminal.line('you have said of nothing that it is yours');
    if (page.next !== null) terminal.say(`there is more: add --after ${page.next}`);
  }
  return exitCodes.good;
}

/** `authorization withdraw`. */
export async function withdraw(given: Given, context: Context): Promise<ExitCode> {
  const operation = authorizations.withdrawControl;
  const params = parse(operation.params, { control: argument(given, 0) }, 'a proof');
  const answer = await answered(sessionFor(given, context).call(operation, { params }));
  if (given.options['json'] === true) context.terminal.json(answer);
  else context.terminal.line('withdrawn: every scope that rests on it has ended');
  return exitCodes.good;
}

interface Looking {
  readonly wait: number | undefined;
  readonly context: Context;
}

/** Once, or until it is found or the time is over. */
async function look(
  client: Client,
  params: { readonly control: Control['id'] },
  { wait, context }: Looking,
): Promise<Control> {
  const end = Date.now() + (wait ?? 0);
  for (;;) {
    try {
      return await client.call(authorizations.proveControl, { params });
    } catch (error) {
      const missing = error instanceof ProblemError && missingCodes.includes(error.problem.code);
      if (!missing || Date.now() + againMs > end) return await answered(Promise.reject(error));
      context.terminal.progress(`not there yet: ${error.problem.got}`);
      await sleep(againMs, undefined, { signal: context.signal });
    }
  }
}

const missingCodes: readonly string[] = ['proof-missing', 'proof-unreachable'];

function give(control: Control, json: boolean, terminal: Terminal): ExitCode {
  if (json) terminal.json(control);
  else printControl(control, here(), terminal);
  return control.state === 'proven' ? exitCodes.good : exitCodes.bad;
}

const stateWords: Readonly<Record<Control['state'], string>> = {
  pending: 'not proven yet',
  proven: 'proven',
  contested: 'contested: somebody else has proven the same; a coordinator decides',
  lapsed: 'lapsed: it held, and is too old',
  withdrawn: 'withdrawn',
};

/** One proof, with whose it is and what they stated: a coordinator reads those of others. */
export function printControl(control: Control, at: Here, terminal: Terminal): void {
  const { id, target, party, way, state, challenge } = control;
  const { statement, validUntil, nextAt, lastFailure } = control;
  const row = (name: string, text: string) => terminal.line(`  ${name.padEnd(10)} ${text}`);
  terminal.line(target);
  row('proof', `${id}, by ${way}`);
  row('of', party.name);
  row('state', stateWords[state]);
  if (validUntil !== null) row('valid', `until ${momentText(validUntil, at)}`);
  if (nextAt !== null) row('next look', momentText(nextAt, at));
  if (lastFailure !== null) row('last look', lastFailure);
  if (statement !== null) {
    row('stated', '(as written)');
    terminal.quote(statement, 20);
  }
  if (challenge === null || state === 'withdrawn') return;
  for (const [name, text] of placeLines(challenge)) row(name, text);
  if (state === 'pending' || state === 'lapsed') {
    row('then', `breakwater authorization prove ${id}`);
  }
}

function placeLines(
  challenge: NonNullable<Control['challenge']>,
): readonly (readonly [string, string])[] {
  switch (challenge.way) {
    case 'dns':
      return [
        ['put', `a TXT record at ${challenge.name}`],
        ['', challenge.record],
      ];
    case 'well-known':
      return [
        ['put', `a file at ${challenge.url}`],
        ['', challenge.text],
      ];
    case 'repository':
      return [
        ...challenge.urls.map(
          (url, index) => [index === 0 ? 'put' : 'or', `a file at ${url}`] as const,
        ),
        ['', challenge.text],
      ];
  }
}
