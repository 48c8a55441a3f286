import { claims } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { optionsOf } from '../../options.ts';
import { Stop } from '../../stop.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';
import { askedWish } from './claim.ts';
import { here, lengthText, momentText } from './moments.ts';
import { scopeLine } from './scope-words.ts';

/** `claim hand-over`. */
export async function handOver(given: Given, context: Context): Promise<ExitCode> {
  const { to } = optionsOf(z.object({ to: z.string() }), given);
  const params = parse(claims.offer.params, { claim: argument(given, 0) }, 'a claim');
  const body = parse(claims.offer.body, { to }, 'the party');
  const answer = await answered(sessionFor(given, context).call(claims.offer, { params, body }));
  if (given.options['json'] === true) context.terminal.json(answer);
  else context.terminal.line('offered; it is yours until they accept');
  return exitCodes.good;
}

/** `claim join`: asks whoever stands in the way. */
export async function joinClaim(given: Given, context: Context): Promise<ExitCode> {
  const { listed: _, ...body } = askedWish(given, given.args, here());
  const answer = await answered(sessionFor(given, context).call(claims.askJoin, { body }));
  if (given.options['json'] === true) context.terminal.json(answer);
  else {
    context.terminal.line(`asked as ${answer.join}: whoever holds it is told, not by whom`);
    context.terminal.line('what came of it: breakwater claim requests');
  }
  return exitCodes.good;
}

/** `claim answer`: an offer by the id of its claim, a wish to join by its own. */
export async function answerRequest(given: Given, context: Context): Promise<ExitCode> {
  const { yes, no } = optionsOf(
    z.object({ yes: z.boolean().default(false), no: z.boolean().default(false) }),
    given,
  );
  if (yes === no) throw new Stop(yesOrNo);
  const id = argument(given, 0);
  const body = { accept: yes };
  const client = sessionFor(given, context);
  const { terminal } = context;
  const json = given.options['json'] === true;
  if (id.startsWith('joining_')) {
    const params = parse(claims.answerJoin.params, { joining: id }, 'a request');
    const answer = await answered(client.call(claims.answerJoin, { params, body }));
    if (json) terminal.json(answer);
    else
      terminal.line(
        answer.with === null ? 'declined: nobody is told' : `beside you now: ${answer.with.name}`,
      );
    return exitCodes.good;
  }
  const params = parse(claims.answerOffer.params, { claim: id }, 'an offered claim');
  const answer = await answered(client.call(claims.answerOffer, { params, body }));
  if (json) terminal.json(answer);
  else terminal.line(answer.claim === null ? 'declined' : `yours now: ${answer.claim}`);
  return exitCodes.good;
}

/** `claim requests`: what others ask of this party, and what it asked. */
export async function listRequests(given: Given, context: Context): Promise<ExitCode> {
  const found = await answered(sessionFor(given, context).call(claims.listRequests));
  const { terminal } = context;
  if (given.options['json'] === true) {
    terminal.json(found);
    return exitCodes.good;
  }
  const at = here();
  const { offers, joins, asked } = found;
  for (const { claim, from, scope, until } of offers) {
    terminal.line(`offered by ${from.name}: ${scopeLine(scope)}`);
    terminal.line(`  until    ${momentText(until, at)}`);
    terminal.line(`  answer   breakwater claim answer ${claim} --yes   (or --no)`);
  }
  for (const { join, claim, scope, until } of joins) {
    terminal.line(`somebody wants in beside ${claim}: ${scopeLine(scope)}`);
    terminal.line(`  until    ${momentText(until, at)}`);
    terminal.line(
      `  answer   breakwater claim answer ${join} --yes   (you learn of each other; or --no)`,
    );
  }
  for (const { join, scope, with: parties } of asked) {
    terminal.line(`you asked to join: ${scopeLine(scope)}`);
    const names = parties.map(({ name }) => name).join(', ');
    terminal.line(`  ${join}: ${names === '' ? 'no answer' : `let in by ${names}; claim it now`}`);
  }
  if (offers.length + joins.length + asked.length === 0) terminal.line('nobody asks anything');
  return exitCodes.good;
}

/** `claim waits`. */
export async function listWaits(given: Given, context: Context): Promise<ExitCode> {
  const found = await answered(sessionFor(given, context).call(claims.listWaits));
  const { terminal } = context;
  if (given.options['json'] === true) {
    terminal.json(found);
    return exitCodes.good;
  }
  const at = here();
  for (const { id, scope, hours, since, giveUpAt, state, claim, reason } of found.items) {
    terminal.line(scopeLine(scope));
    terminal.line(`  ${id}, for ${hours} h, ${state}${claim === null ? '' : `: ${claim}`}`);
    if (reason !== null) terminal.quote(reason, 10);
    if (state === 'waiting') terminal.line(waitingLine(since, giveUpAt, at));
  }
  if (found.items.length === 0) terminal.line('you stand in no line');
  return exitCodes.good;
}

function waitingLine(since: Instant, giveUpAt: Instant, at: ReturnType<typeof here>): string {
  const waited = lengthText(Date.parse(at.now) - Date.parse(since));
  return `  waiting for ${waited}; given up ${momentText(giveUpAt, at)}`;
}

/** `claim leave`: out of a line. */
export async function leaveLine(given: Given, context: Context): Promise<ExitCode> {
  const params = parse(claims.withdrawWait.params, { wait: argument(given, 0) }, 'a wait');
  const answer = await answered(sessionFor(given, context).call(claims.withdrawWait, { params }));
  if (given.options['json'] === true) context.terminal.json(answer);
  else context.terminal.line('you left the line');
  return exitCodes.good;
}

const yesOrNo = {
  code: 'option-malformed',
  expected: '--yes or --no',
  got: 'none of them, or both',
  todo: 'give one',
};
