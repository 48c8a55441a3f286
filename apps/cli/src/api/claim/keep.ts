import { type Claim, Covered, claims, type Scope } from '@breakwater/contract';
import { addMilliseconds } from '@breakwater/kernel';
import { parseTarget } from '@breakwater/scope';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { optionsOf } from '../../options.ts';
import { need, Stop } from '../../stop.ts';
import type { Terminal } from '../../terminal.ts';
import { parse } from '../request.ts';
import { answered, sessionFor } from '../session.ts';
import { endWords } from './hold.ts';
import { Duration, type Here, here, LocalMoment, momentText } from './moments.ts';
import { scopeLines } from './scope-words.ts';

/** `claim list`. */
export async function listClaims(given: Given, context: Context): Promise<ExitCode> {
  const { after, limit, ended } = given.options;
  const show = ended === true ? 'ended' : 'live';
  const query = parse(claims.list.query, { after, limit, show }, 'a query option');
  const page = await answered(sessionFor(given, context).call(claims.list, { query }));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(page);
  else {
    for (const claim of page.items) printClaim(claim, here(), terminal);
    if (page.items.length === 0) {
      terminal.line(show === 'ended' ? 'no claim has ended' : 'you hold no claim');
    }
    if (page.next !== null) terminal.say(`there is more: add --after ${page.next}`);
  }
  return exitCodes.good;
}

/** `claim show`: the code tells whether it is still held. */
export async function showClaim(given: Given, context: Context): Promise<ExitCode> {
  const claim = await read(given, context);
  if (given.options['json'] === true) context.terminal.json(claim);
  else printClaim(claim, here(), context.terminal);
  return isHeld(claim) ? exitCodes.good : exitCodes.lost;
}

/** `claim renew`. */
export async function renewClaim(given: Given, context: Context): Promise<ExitCode> {
  const Options = z.object({ for: Duration.optional(), until: LocalMoment.optional() });
  const options = optionsOf(Options, given);
  const { now } = here();
  const until = options.until ?? addMilliseconds(now, options.for ?? 24 * 3_600_000);
  const call = { params: paramsOf(given), body: { until } };
  const renewed = await answered(sessionFor(given, context).call(claims.renew, call));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(renewed);
  else {
    terminal.line(`renewed until ${momentText(renewed.until, here())}`);
    terminal.line(`${renewed.renewalsLeft} more times`);
  }
  return exitCodes.good;
}

/** `claim use`. */
export async function useClaim(given: Given, context: Context): Promise<ExitCode> {
  const call = { params: paramsOf(given), body: {} };
  const used = await answered(sessionFor(given, context).call(claims.use, call));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(used);
  else {
    terminal.line(`noted; it lapses ${momentText(used.lapsesAt, here())} unless it is used again`);
    terminal.line(`and ends ${momentText(used.until, here())}`);
  }
  return exitCodes.good;
}

/** `claim release`. */
export async function releaseClaim(given: Given, context: Context): Promise<ExitCode> {
  const { covered } = optionsOf(z.object({ covered: z.array(z.string()).default([]) }), given);
  const { scope } = covered.length === 0 ? { scope: null } : await read(given, context);
  const parts = scope === null ? [] : coveredParts(covered, scope);
  const call = { params: paramsOf(given), body: { covered: parts } };
  const released = await answered(sessionFor(given, context).call(claims.release, call));
  const { terminal } = context;
  if (given.options['json'] === true) terminal.json(released);
  else {
    terminal.line('given back');
    terminal.line(
      released.coverage === 0
        ? 'nothing was recorded as covered; --covered nothing-found says that it was'
        : `${released.coverage} recorded as covered: it joins the map, without your name`,
    );
  }
  return exitCodes.good;
}

type Part = z.infer<typeof Covered>;

/** `outcome` for all of it, or `outcome=target` for a part; several targets of one outcome join. */
function coveredParts(words: readonly string[], scope: Scope): Part[] {
  const parts = new Map<Part['outcome'], string[] | null>();
  for (const word of words) {
    const [name = '', ...rest] = word.split('=');
    const outcome = Covered.shape.outcome.safeParse(name);
    if (!outcome.success) throw new Stop(noOutcome(name));
    const before = parts.get(outcome.data) ?? [];
    const target = rest.join('=');
    parts.set(outcome.data, target === '' ? null : [...before, targetText(target)]);
  }
  return [...parts].map(([outcome, targets]) => ({
    outcome,
    scope: targets === null ? scope : { ...scope, targets, places: placesAt(scope, targets) },
  }));
}

function targetText(text: string): string {
  return need(parseTarget(text)).text;
}

/** A part of a place is that part in the same versions. */
function placesAt(scope: Scope, targets: readonly string[]): Scope['places'] {
  return scope.places.filter(({ target }) => targets.includes(target));
}

async function read(given: Given, context: Context): Promise<Claim> {
  return await answered(sessionFor(given, context).call(claims.get, { params: paramsOf(given) }));
}

function paramsOf(given: Given) {
  return parse(claims.get.params, { claim: argument(given, 0) }, 'a claim');
}

function isHeld({ state }: Claim): boolean {
  return state === 'live' || state === 'ahead';
}

function printClaim(claim: Claim, at: Here, terminal: Terminal): void {
  const [first = '', ...rest] = scopeLines(claim.scope);
  terminal.line(first);
  for (const line of rest) terminal.line(`  ${line}`);
  terminal.line(
    `  claim      ${claim.id}, ${claim.sharing}${claim.listed ? '' : ', not on the map'}`,
  );
  if (!isHeld(claim)) {
    terminal.line(`  ended      ${claim.state}: ${endWords(claim, at)}`);
    return;
  }
  if (claim.state === 'ahead') terminal.line(`  begins     ${momentText(claim.from, at)}`);
  terminal.line(`  ends       ${momentText(claim.until, at)}`);
  if (claim.lapsesAt !== null && claim.lapsesAt < claim.until) {
    terminal.line(`  lapses     ${momentText(claim.lapsesAt, at)} unless it is used`);
  }
  const renewals = `${claim.renewalsLeft} times, until ${momentText(claim.renewableUntil, at)}`;
  terminal.line(`  renewable  ${renewals}`);
  if (claim.offered) terminal.line('  offered    to another party, which has not answered');
  if (claim.holder !== null) terminal.line(`  holder     ${claim.holder.name}`);
}

function noOutcome(got: string) {
  return {
    code: 'option-malformed',
    expected: '--covered: nothing-found, findings or unfinished; a part with = and its target',
    got,
    todo: 'such as --covered nothing-found=repo:github.com/curl/curl#lib',
  };
}
