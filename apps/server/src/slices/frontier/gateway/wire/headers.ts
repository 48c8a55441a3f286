import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Upstream } from '../model.ts';

/**
 * Headers of a call that go on. No other does: whatever else a client sends (cookies, its address,
 * the key itself) is none of the upstream's business.
 */
const onward = [
  'accept',
  'anthropic-version',
  'anthropic-beta',
  'openai-beta',
  'user-agent',
] as const;

/** What every reader of HTTP takes for one value. */
const plain = /^[\x20-\x7e]{1,1024}$/;

/** By what a call is made at an upstream. */
export interface CalledBy {
  readonly upstream: Upstream;
  readonly secret: string;
  /** Of the gateway: whose call it is. */
  readonly key: string;
}

/** The headers of a call at an upstream, names and values in turn. */
export function onwardHeaders(
  given: IncomingHttpHeaders,
  { upstream, secret, key }: CalledBy,
): string[] {
  // The answer as it is: figures are read of what goes by, and what is packed tells none. The body as
  // it was read here: in another form or alphabet than a client may name it says something else.
  const headers = ['accept-encoding', 'identity', 'content-type', 'application/json'];
  for (const name of onward) {
    const value = given[name];
    if (typeof value === 'string' && plain.test(value)) headers.push(name, value);
  }
  const again = given['idempotency-key'];
  // All keys share the developer's account: of two that say the same word, one got the other's answer.
  if (typeof again === 'string' && plain.test(again)) {
    headers.push('idempotency-key', hash('sha256', `${key} ${again}`));
  }
  if (upstream.kind === 'openai') headers.push('authorization', `Bearer ${secret}`);
  else {
    headers.push('x-api-key', secret);
    if (given['anthropic-version'] === undefined) headers.push('anthropic-version', '2023-06-01');
  }
  return headers;
}

/** Tokens of the widest context that a header asks for. */
const widestTokens = 1_000_000;

/** What a call may read at most, in tokens: as the developer stated, unless a header asks for more. */
export function contextAsked(given: IncomingHttpHeaders, statedTokens: number): number {
  const asked = String(given['anthropic-beta'] ?? '');
  return /(?:^|[\s,])context-/i.test(asked) ? Math.max(statedTokens, widestTokens) : statedTokens;
}

/** Shorter ones are no secrets: an endpoint that asks for none is given a word such as "none". */
const secretCharsMin = 8;

/** Whether an upstream's words have the secret in them by which it is called. */
export function tells(words: Buffer, secret: string): boolean {
  return secret.length >= secretCharsMin && words.includes(secret);
}

/**
 * Headers of an answer that are sent on. What an upstream says of its account (organization,
 * project, what is left of its limits) would tell one party of another's use.
 */
const back = [
  'content-type',
  'content-encoding',
  'cache-control',
  'openai-version',
  'openai-processing-ms',
  'request-id',
  'x-request-id',
  'x-should-retry',
] as const;

/** Puts what is sent on of an answer's headers into `into`, where names and values take turns. */
export function backHeaders(answered: IncomingHttpHeaders, into: string[]): void {
  for (const name of back) {
    const value = answered[name];
    if (typeof value === 'string' && plain.test(value)) into.push(name, value);
  }
}
