import type { Refusal } from '@breakwater/kernel';
import { isLoopbackName, plainAddress } from './addresses.ts';
import type { Peer } from './peer.ts';

/** The parts of a request that decide whether it may come in at all. */
export interface Knock {
  readonly method: string;
  readonly path: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly hasCookie: boolean;
  readonly hasKey: boolean;
  readonly peer: Peer;
}

export type Verdict =
  | { readonly kind: 'in' }
  | { readonly kind: 'refuse'; readonly refusal: Refusal; readonly status: 403 | 421 }
  | { readonly kind: 'redirect'; readonly to: string };

const come: Verdict = { kind: 'in' };
/** A load balancer asks these by address, and they tell nothing. */
const probes = ['/healthz', '/readyz'];
const safe = ['GET', 'HEAD'];

/** Decides who may come in; `publicUrl` is the origin others use, or null where none was set. */
export function judgeKnock(knock: Knock, publicUrl: string | null): Verdict {
  if (probes.includes(knock.path) && safe.includes(knock.method)) return come;
  const inTheClear = judgeScheme(knock, publicUrl);
  if (inTheClear !== null) return inTheClear;
  if (!isOwnHost(knock, publicUrl)) return refuseAs(wrongHost(publicUrl), 421);
  if (!isOwnPage(knock, publicUrl)) return refuseAs(otherSite, 403);
  return come;
}

/** What came to the proxy in the clear was read on the way: a page may be asked for again. */
function judgeScheme({ peer, method, path, hasKey }: Knock, publicUrl: string | null) {
  if (peer.scheme !== 'http') return null;
  if (publicUrl === null || !publicUrl.startsWith('https:') || hasKey || !safe.includes(method)) {
    return refuseAs(inTheClear, 403);
  }
  return { kind: 'redirect', to: `${publicUrl}${path}` } as const;
}

/**
 * A page of another site can be told that its own name means 127.0.0.1, and would then read what
 * this server answers ("DNS rebinding"). Only a name of ours in Host tells the two apart.
 */
function isOwnHost({ host, peer }: Knock, publicUrl: string | null): boolean {
  if (host === undefined || host.length > 300) return false;
  const name = host.toLowerCase().replace(/:\d{1,5}$/, '');
  if (publicUrl !== null && name === new URL(publicUrl).host.replace(/:\d{1,5}$/, '')) return true;
  return isLoopbackName(name) && (!peer.direct || isLoopback(peer.address));
}

function isLoopback(address: string): boolean {
  const plain = plainAddress(address) ?? '';
  return plain === '::1' || plain.startsWith('127.');
}

/**
 * Whether a page of ours asks, or no page at all. A browser tells where a write comes from, and a
 * cookie goes with it unasked; so where a cookie comes, one of the two has to say that it is us.
 */
function isOwnPage(knock: Knock, publicUrl: string | null): boolean {
  const { method, origin, fetchSite, hasCookie, path } = knock;
  const api = path.startsWith('/v1/');
  if (safe.includes(method)) return !(api && hasCookie && fetchSite === 'cross-site');
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') return false;
  if (origin !== undefined) return isOwnOrigin(origin, knock, publicUrl);
  return !hasCookie || fetchSite === 'same-origin';
}

function isOwnOrigin(origin: string, { host }: Knock, publicUrl: string | null): boolean {
  if (origin === publicUrl) return true;
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  // Straight to loopback: the page and what it asks bear one name and port.
  return isLoopbackName(from.hostname) && from.protocol === 'http:' && from.host === host;
}

function refuseAs(refusal: Refusal, status: 403 | 421): Verdict {
  return { kind: 'refuse', refusal, status };
}

function wrongHost(publicUrl: string | null): Refusal {
  return {
    code: 'wrong-host',
    expected: `a request to ${publicUrl === null ? 'localhost' : new URL(publicUrl).host}`,
    got: 'one to another name',
    todo: 'use the address of this installation; its administrator sets BREAKWATER_PUBLIC_URL',
  };
}
const inTheClear: Refusal = {
  code: 'https-needed',
  expected: 'a request over https',
  got: 'one that came in the clear',
  todo: 'use the https address, and make another key if one was sent',
};
const otherSite: Refusal = {
  code: 'other-site',
  expected: 'a request from a page of this installation, or from a program with a key',
  got: 'one that a browser sent for another site, or without saying for which',
  todo: 'open the page at its own address and try again',
};
