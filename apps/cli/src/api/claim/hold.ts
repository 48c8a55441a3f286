import { setTimeout as sleep } from 'node:timers/promises';
import {
  authorizations,
  type Claim,
  type Client,
  claims,
  type Leave,
  type Method,
  ProblemError,
} from '@breakwater/contract';
import { addMilliseconds, type Id } from '@breakwater/kernel';
import { needsLeave, parseTarget } from '@breakwater/scope';
import type { Terminal } from '../../terminal.ts';
import { type Here, here, momentText } from './moments.ts';

/** Why a claim, or the leave to act on it, is gone. */
export interface Lost {
  readonly why: string;
  /** null: nothing to do but to stop. */
  readonly todo: string;
}

export interface Holding {
  readonly client: Client;
  readonly claim: Claim;
  /** Renewed while it is held; otherwise it ends when it ends. */
  readonly renew: boolean;
  /** What is done to live systems: stopped as soon as there is no leave for it. */
  readonly needsLeave: readonly Act[];
}

export interface Act {
  readonly target: string;
  readonly method: Method;
}

const tickMs = 1_000;
const answerMs = 5_000;
/** Without a word of the server nobody knows that an owner has not pressed stop. */
const silenceMaxMs = 30_000;
const useMaxMs = 3_600_000;
const againMs = 5 * 60_000;

/** What of a claim needs its owner's leave. */
export function actsOf({ scope }: Claim): readonly Act[] {
  const targets = [...scope.targets, ...scope.places.map(({ target }) => target)];
  return targets.flatMap((target) => {
    const parsed = parseTarget(target);
    const asked = scope.methods.filter(
      (method) => !parsed.ok || needsLeave(parsed.value, [method]),
    );
    return asked.map((method) => ({ target, method }));
  });
}

/** Whether something may be done now; null: it may. */
export async function leaveLost(client: Client, act: Act, at: Here): Promise<Lost | null> {
  const leave = await client.call(authorizations.may, { query: { ...act } });
  return leave.allowed ? null : { why: denial(leave), todo: againWords(leave, at) };
}

/**
 * Holds a claim until `ended` is aborted: says that it is used, renews it, and asks every second
 * whether it is still there. Resolves with why it is gone, or null where it was held to the end.
 */
export async function hold(
  { client, claim, renew, needsLeave }: Holding,
  ended: AbortSignal,
  terminal: Terminal,
): Promise<Lost | null> {
  const termMs = Math.max(tickMs, Date.parse(claim.until) - Date.parse(here().now));
  let until = Date.parse(claim.until);
  let heardAt = performance.now();
  let useAt = 0;
  let renewAt = 0;
  let warned = '';
  for (let turn = 0; !ended.aborted; turn += 1) {
    const asked = await heard(async () => {
      const now = await client.call(claims.get, { params: { claim: claim.id } });
      const lost = await lostNow(client, now, needsLeave[turn % Math.max(1, needsLeave.length)]);
      if (lost !== null) return lost;
      until = Date.parse(now.until);
      if (performance.now() >= useAt) {
        const used = await use(client, claim.id).catch(refusedOf);
        if (typeof used !== 'number') return await endedMeanwhile(client, claim.id, used);
        useAt = performance.now() + used;
      }
      const leftMs = until - Date.now();
      if (renew && leftMs < termMs / 3 && performance.now() >= renewAt) {
        renewAt = performance.now() + againMs;
        const word = await extend(client, { claim: now, termMs });
        if (word !== warned) terminal.say(word);
        warned = word;
      }
      return null;
    });
    if (asked === 'nothing') {
      const silentMs = performance.now() - heardAt;
      if (needsLeave.length > 0 && silentMs > silenceMaxMs) return silent;
      if (Date.now() >= until) return silent;
    } else if (asked === null) heardAt = performance.now();
    else return asked;
    await sleep(tickMs, undefined, { signal: ended }).catch(() => null);
  }
  return null;
}

/** What the server answers; `nothing` where it does not, or not in time. */
async function heard(ask: () => Promise<Lost | null>): Promise<Lost | null | 'nothing'> {
  const late = new AbortController();
  try {
    return await Promise.race([
      ask(),
      sleep(answerMs, 'nothing' as const, { signal: late.signal }),
    ]);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.status >= 429) return 'nothing';
    return refusedOf(error);
  } finally {
    late.abort();
  }
}

async function lostNow(client: Client, claim: Claim, act: Act | undefined): Promise<Lost | null> {
  const at = here();
  if (claim.state !== 'live')
    return { why: endWords(claim, at), todo: 'claim it again if you still need it' };
  return act === undefined ? null : await leaveLost(client, act, at);
}

/** What the server refuses for good; anything else goes on being thrown. */
function refusedOf(error: unknown): Lost {
  if (!(error instanceof ProblemError) || error.problem.status >= 429) throw error;
  const { got, todo } = error.problem;
  return { why: got, todo };
}

/** A claim that ended between being read and being used tells why better than the refusal does. */
async function endedMeanwhile(client: Client, claim: Id<'claim'>, refused: Lost): Promise<Lost> {
  const now = await client.call(claims.get, { params: { claim } });
  return (await lostNow(client, now, undefined)) ?? refused;
}

/** In how many milliseconds it has to be said again. */
async function use(client: Client, claim: Id<'claim'>): Promise<number> {
  const { lapsesAt } = await client.call(claims.use, { params: { claim }, body: {} });
  return Math.min(useMaxMs, Math.max(tickMs, (Date.parse(lapsesAt) - Date.now()) / 4));
}

async function extend(
  client: Client,
  { claim, termMs }: { readonly claim: Claim; readonly termMs: number },
): Promise<string> {
  const at = here();
  const [until] = [addMilliseconds(at.now, termMs), claim.renewableUntil].toSorted();
  if (until === undefined || until <= claim.until)
    return `no more time: ends ${momentText(claim.until, at)}`;
  try {
    const renewed = await client.call(claims.renew, {
      params: { claim: claim.id },
      body: { until },
    });
    return `renewed until ${momentText(renewed.until, at)}; ${renewed.renewalsLeft} more times`;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.status >= 429) throw error;
    return `not renewed (${error.problem.code}): ends ${momentText(claim.until, at)}`;
  }
}

/** Why a claim ended, for whoever worked under it. */
export function endWords({ state, endedAt, reason, until }: Claim, at: Here): string {
  const since = `since ${momentText(endedAt ?? until, at)}`;
  const because = reason === null ? '' : `: ${reason}`;
  switch (state) {
    case 'ahead':
      return `it begins later`;
    case 'live':
      return `it is held`;
    case 'stopped':
      return `whoever controls the target pressed stop, ${since}${because}`;
    case 'opted-out':
      return `its owner does not want it looked at, ${since}`;
    case 'overridden':
      return `a coordinator ended it, ${since}${because}`;
    case 'expired':
      return `its time is over, ${since}`;
    case 'lapsed':
      return `it was not used and lapsed, ${since}`;
    case 'released':
      return `it was given back, ${since}`;
    case 'handed-over':
      return `it was handed over, ${since}`;
  }
}

function denial({ reasons, target, method }: Leave): string {
  return `no leave for ${method} on ${target}: ${reasons.join(', ')}`;
}

function againWords({ again }: Leave, at: Here): string {
  return again === null
    ? 'ask whoever it belongs to; breakwater authorization may tells when that changes'
    : `it may be done again from ${momentText(again, at)}`;
}

const silent: Lost = {
  why: 'the server does not answer, so nobody knows whether it is still yours',
  todo: 'start again once it answers',
};
