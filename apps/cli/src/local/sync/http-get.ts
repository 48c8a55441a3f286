import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { reasonOf } from '../../files.ts';
import { isLoopback, leadsInside, publicLookup } from './addresses.ts';

const redirectsMax = 5;
/** How long a source may stay silent. */
const silenceMs = 60_000;

export type GetRefusal = 'address-refused' | 'redirect-refused' | 'source-unreachable';

/**
 * Whether an address may be fetched: https, or http on this machine.
 *
 * Data in the clear could be changed by everyone on the way, and what is missing from it would be
 * taken for "not affected".
 */
export function addressOf(text: string): Result<URL, 'address-refused'> {
  const url = URL.canParse(text) ? new URL(text) : null;
  const allowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url));
  if (url !== null && allowed && url.username === '' && url.password === '') return ok(url);
  return refuse({
    code: 'address-refused' as const,
    expected: 'an address with https, or with http on this machine, without a password in it',
    got: text.slice(0, 200),
    todo: 'give another address, or fetch the file yourself and give its path',
  });
}

/**
 * GET, following redirects only to the same origin or, over https, to public addresses: a mirror
 * that was taken over must not make this program speak to the network it runs in.
 *
 * Out: the answer with its body unread, whatever its status.
 */
export async function get(
  address: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Result<IncomingMessage, GetRefusal>> {
  let url = address;
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    let answer: IncomingMessage;
    try {
      answer = await once(url, { headers, signal, guarded: url.origin !== address.origin });
    } catch (error) {
      signal.throwIfAborted();
      return unreachable(url, reasonOf(error));
    }
    const { statusCode = 0, headers: given } = answer;
    if (![301, 302, 303, 307, 308].includes(statusCode)) return ok(answer);
    answer.destroy();
    const { location = '' } = given;
    const next = URL.canParse(location, url) ? new URL(location, url) : null;
    if (next === null) return badRedirect(location);
    const same = next.origin === address.origin;
    if (!same && (next.protocol !== 'https:' || leadsInside(next))) return badRedirect(location);
    url = next;
  }
  return badRedirect(`more than ${redirectsMax} redirects`);
}

interface Ask {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Connect to public addresses only. */
  readonly guarded: boolean;
}

function once(url: URL, { headers, signal, guarded }: Ask): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestSecure : requestPlain;
    const lookup = guarded ? { lookup: publicLookup } : {};
    const call = send(url, { headers, signal, agent: false, ...lookup }, (answer) => {
      // Stays, so that a body that breaks off after we left it is nobody's fault.
      answer.on('error', () => {});
      resolve(answer);
    });
    call.setTimeout(silenceMs, () => call.destroy(new Error('the source fell silent')));
    call.on('error', reject);
    call.end();
  });
}

function badRedirect(location: string): Result<never, 'redirect-refused'> {
  return refuse({
    code: 'redirect-refused' as const,
    expected: 'the data, or a redirect over https to a public address',
    got: `a redirect to ${location.slice(0, 200)}`,
    todo: 'look at the address in a browser; if the data moved, give its new address',
  });
}

/** Nobody, or nobody whole, answered. */
export function unreachable(url: URL, got: string): Result<never, 'source-unreachable'> {
  return refuse({
    code: 'source-unreachable' as const,
    expected: `the data from ${url.origin}`,
    got,
    todo: 'check the network and run the same command again: it goes on where it stopped',
  });
}
