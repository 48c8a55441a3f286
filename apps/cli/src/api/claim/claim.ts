import {
  type Alternative,
  type ClaimAnswer,
  type Client,
  claims,
  type Output,
} from '@breakwater/contract';
import { addMilliseconds, type Id, type Instant } from '@breakwater/kernel';
import { z } from 'zod';
import type { Context, Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { optionsOf, wholeNumber } from '../../options.ts';
import { Stop } from '../../stop.ts';
import { addressOf, answered, lastingSession, ServerOptions, sessionFor } from '../session.ts';
import { printAnswer } from './answer-words.ts';
import { askedScope } from './asked-scope.ts';
import { keepLastAnswer, lastAnswer, type Wish } from './last-answer.ts';
import { Duration, type Here, here, LocalMoment, momentText } from './moments.ts';
import { ownersSay, printOwners } from './owner-words.ts';
import { waitFor } from './wait.ts';

const WishOptions = ServerOptions.extend({
  alone: z.boolean().default(false),
  beside: z.boolean().default(false),
  from: LocalMoment.optional(),
  until: LocalMoment.optional(),
  for: Duration.optional(),
  unlisted: z.boolean().default(false),
  wait: Duration.optional(),
  take: wholeNumber(1, 50).optional(),
});

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What came of asking: the claim, or null where others are in the way. */
export interface Taken {
  readonly claim: Id<'claim'> | null;
  readonly answer: unknown;
}

/** `claim`. */
export async function runClaim(given: Given, context: Context): Promise<number> {
  const { claim, answer } = await takeClaim(given, context, given.args);
  if (given.options['json'] === true) context.terminal.json(answer);
  if (claim === null) return exitCodes.conflict;
  if (given.options['watch'] !== true) return exitCodes.good;
  const { watchClaim } = await import('./watch.ts');
  return await watchClaim(claim, { renew: true }, { given, context });
}

/** `claim preview`. */
export async function runPreview(given: Given, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const now = here();
  const { listed: _, ...body } = askedWish(given, given.args, now);
  const client = sessionFor(given, context);
  const { wishes, ...answer } = await answered(client.call(claims.preview, { body }));
  const at = body.from ?? now.now;
  const owners = await ownersSay(client, { wishes, scope: body.scope, at });
  if (given.options['json'] === true) terminal.json({ ...answer, owners });
  else {
    const wish = { ...body, listed: true };
    await keep({ answer, wish, now }, given, context);
    printAnswer(answer, { wish, here: now, preview: true }, terminal);
    printOwners(owners, now, terminal);
  }
  return answer.answer === 'conflict' ? exitCodes.conflict : exitCodes.good;
}

/**
 * Claims what the words ask for: afresh, or with `--take` what was offered instead; with `--wait`
 * in line for what is held. Tells a person what came of it, with `--json` on standard error.
 */
export async function takeClaim(
  given: Given,
  context: Context,
  targets: readonly string[],
): Promise<Taken> {
  const client = sessionFor(given, context);
  const { take, wait } = optionsOf(WishOptions, given);
  const now = here();
  if (take !== undefined && targets.length === 0) {
    return await takeKept(client, take, { given, context, now });
  }
  const wish = askedWish(given, targets, now);
  const answer = await answered(client.call(claims.claim, { body: wish }));
  if (answer.answer !== 'conflict') return await told({ answer, wish, now }, given, context);
  if (take !== undefined) {
    const chosen = chosenOf(answer.alternatives, take);
    return await takeAlternative(client, chosen, { wish, given, context, now });
  }
  if (wait !== undefined) {
    context.terminal.say(`it is held until ${momentText(answer.until, now)}`);
    return await inLine({ wish, giveUpAt: addMilliseconds(now.now, wait) }, { given, context });
  }
  return await told({ answer, wish, now }, given, context);
}

/** What is asked for, of words and options. */
export function askedWish(given: Given, targets: readonly string[], { now }: Here): Wish {
  const options = optionsOf(WishOptions, given);
  const { alone, beside, from, until } = options;
  if (alone && beside) throw new Stop(bothSharings);
  if (until !== undefined && options.for !== undefined) throw new Stop(bothEnds);
  return {
    scope: askedScope(given, targets),
    sharing: alone ? 'alone' : 'beside',
    ...(from === undefined ? {} : { from }),
    until: until ?? addMilliseconds(from ?? now, options.for ?? dayMs),
    listed: !options.unlisted,
  };
}

interface Answered {
  readonly answer: Output<typeof claims.claim>;
  readonly wish: Wish;
  readonly now: Here;
}

async function told(it: Answered, given: Given, context: Context): Promise<Taken> {
  const { wish, now } = it;
  const { wishes, ...answer } = it.answer;
  const session = sessionFor(given, context);
  const asked = { wishes, scope: wish.scope, at: wish.from ?? now.now };
  const owners = answer.claim === null ? [] : await ownersSay(session, asked);
  if (given.options['json'] !== true) {
    await keep(it, given, context);
    printAnswer(answer, { wish, here: now, preview: false }, context.terminal);
    printOwners(owners, now, context.terminal);
  }
  return { claim: answer.claim, answer: { ...answer, owners } };
}

async function keep(
  { answer, wish, now }: Omit<Answered, 'answer'> & { readonly answer: ClaimAnswer },
  given: Given,
  context: Context,
) {
  const { claim, alternatives } = answer;
  if (alternatives.length === 0) return;
  const server = serverOf(given, context);
  await keepLastAnswer({ server, at: now.now, wish, claim, alternatives }, context);
}

function serverOf(given: Given, { environment }: Context): string {
  return addressOf(optionsOf(ServerOptions, given).server ?? environment.server);
}

interface Taking {
  readonly given: Given;
  readonly context: Context;
  readonly now: Here;
}

/** One of the alternatives that were shown last, in place of what was granted beside others. */
async function takeKept(client: Client, take: number, taking: Taking): Promise<Taken> {
  const { given, context, now } = taking;
  const kept = await lastAnswer(serverOf(given, context), now, context);
  const chosen = chosenOf(kept.alternatives, take);
  const taken = await takeAlternative(client, chosen, { wish: kept.wish, ...taking });
  if (kept.claim !== null && taken.claim !== null) {
    const params = { claim: kept.claim };
    // One given for the claim is not that of another act.
    const idempotencyKey = crypto.randomUUID();
    const body = { covered: [] };
    await answered(client.call(claims.release, { params, body, idempotencyKey }));
    context.terminal.say(`in place of ${kept.claim}, which is given back`);
  }
  return taken;
}

function chosenOf(alternatives: readonly Alternative[], take: number): Alternative {
  const chosen = alternatives[take - 1];
  if (chosen !== undefined) return chosen;
  throw new Stop({
    code: 'no-such-alternative',
    expected: `a number from 1 to ${alternatives.length}`,
    got: String(take),
    todo: 'ask again without --take to see them',
  });
}

async function takeAlternative(
  client: Client,
  chosen: Alternative,
  { wish, given, context, now }: Taking & { readonly wish: Wish },
): Promise<Taken> {
  const terms = (from: Instant, until: Instant) => ({ ...(from > now.now ? { from } : {}), until });
  switch (chosen.kind) {
    case 'part': {
      const { scope, from, until } = chosen;
      const { from: _, ...rest } = wish;
      return await ask(client, { ...rest, scope, ...terms(from, until) }, { given, context, now });
    }
    case 'later': {
      const { from: _, ...rest } = wish;
      const later = { ...rest, ...terms(chosen.from, chosen.until) };
      return await ask(client, later, { given, context, now });
    }
    case 'beside':
      return await ask(client, { ...wish, sharing: 'beside' }, { given, context, now });
    case 'join': {
      const { listed: _, ...body } = wish;
      const answer = await answered(client.call(claims.askJoin, { body }));
      context.terminal.say(
        'asked: whoever holds it is told, not by whom. If they agree, claim it again',
      );
      context.terminal.say('what came of it: breakwater claim requests');
      return { claim: null, answer };
    }
    case 'wait': {
      const { wait } = optionsOf(WishOptions, given);
      const giveUpAt = addMilliseconds(now.now, wait ?? 14 * dayMs);
      return await inLine({ wish, giveUpAt }, { given, context });
    }
  }
}

async function inLine(
  what: { readonly wish: Wish; readonly giveUpAt: Instant },
  { given, context }: Pick<Taking, 'given' | 'context'>,
): Promise<Taken> {
  return await waitFor({ client: lastingSession(given, context), ...what }, context);
}

async function ask(client: Client, wish: Wish, { given, context, now }: Taking): Promise<Taken> {
  const answer = await answered(client.call(claims.claim, { body: wish }));
  return await told({ answer, wish, now }, given, context);
}

const bothSharings = {
  code: 'option-malformed',
  expected: '--alone or --beside',
  got: 'both',
  todo: 'leave one out: beside lets others in who ask for beside too',
};

const bothEnds = {
  code: 'option-malformed',
  expected: '--until or --for',
  got: 'both',
  todo: 'leave one out',
};
