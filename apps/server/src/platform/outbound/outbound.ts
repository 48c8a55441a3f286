import { Resolver } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { rootCertificates } from 'node:tls';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { getPinned, type Pinned } from './get-pinned.ts';
import type { Reach } from './reach.ts';
import { absent, dnsFailure, type OutboundCode, stopped } from './refused.ts';

/**
 * Looks at what outsiders published under names that outsiders chose.
 *
 * Only the open net is asked, and the networks named in {@link OutboundSettings.reach}: each
 * address that a name has is judged, one that may not be asked refuses the name, and the connection
 * goes to an address that was judged, so that a name cannot mean another one a moment later. Redirects
 * are followed within the same https origin alone. Limits: 10 seconds in all, 64 KiB, 3 redirects.
 * Never throws for what the other side does.
 */
export interface Outbound {
  /** The TXT records of `name`, the strings of each joined (RFC 1035, 3.3.14). */
  txt(name: string): Promise<Result<readonly string[], OutboundCode>>;
  /** What an https address answers with status 200, as text. */
  text(address: string): Promise<Result<string, OutboundCode>>;
}

export interface OutboundSettings {
  /** `address[:port]` of name servers; empty: the system's. */
  readonly resolvers: readonly string[];
  /** What is asked: the open net, and networks that were named beside it. */
  readonly reach: Reach;
  /** Certificate authorities beside the known ones, PEM; null: none. */
  readonly authorities: string | null;
  /** How long one look may take, in milliseconds; ten seconds unless told. */
  readonly waitMs?: number;
}

const waitMsMax = 10_000;
const recordsMax = 100;
const recordLengthMax = 4_096;
const redirectsMax = 3;
const addressesMax = 16;

/** Opens the way out; it keeps no connection. */
export function createOutbound(settings: OutboundSettings): Outbound {
  const ca = settings.authorities === null ? null : [...rootCertificates, settings.authorities];
  return {
    txt: async (name) => await txtOf(resolverOf(settings), name),
    async text(address) {
      const url = httpsUrl(address);
      if (url === null) return stopped('address-not-allowed', address, 'no plain https address');
      const addresses = await addressesOf(resolverOf(settings), bareHost(url), settings.reach);
      if (!addresses.ok) return addresses;
      const signal = AbortSignal.timeout(settings.waitMs ?? waitMsMax);
      return await follow(url, { addresses: addresses.value, ca, signal });
    },
  };
}

/** One for each question: a resolver that is asked in vain is not asked on for the next one. */
function resolverOf({ resolvers, waitMs = waitMsMax }: OutboundSettings): Resolver {
  const resolver = new Resolver({ timeout: Math.ceil(waitMs / 4), tries: 2 });
  if (resolvers.length > 0) resolver.setServers(resolvers);
  // Several servers that say nothing would each be waited for.
  setTimeout(() => resolver.cancel(), waitMs).unref();
  return resolver;
}

async function txtOf(
  resolver: Resolver,
  name: string,
): Promise<Result<readonly string[], OutboundCode>> {
  const found = await within(() => resolver.resolveTxt(name));
  if (!found.ok) return refuse(dnsFailure(name, found.refusal.got));
  const texts = found.value.slice(0, recordsMax).map((strings) => strings.join(''));
  return ok(texts.filter((text) => text.length <= recordLengthMax));
}

async function addressesOf(
  resolver: Resolver,
  host: string,
  reach: Reach,
): Promise<Result<readonly string[], OutboundCode>> {
  const literal = isIP(host) !== 0;
  const asked = literal
    ? []
    : await Promise.all([
        within(() => resolver.resolve4(host)),
        within(() => resolver.resolve6(host)),
      ]);
  const found = literal ? [host] : asked.flatMap((each) => (each.ok ? each.value : []));
  if (found.length === 0) {
    const codes = asked.map((each) => (each.ok ? 'ENODATA' : each.refusal.got));
    return refuse(dnsFailure(host, codes.find((code) => !absent.has(code)) ?? 'ENODATA'));
  }
  // One that may not be asked spoils the rest: which of them is connected to is not ours to say.
  if (!found.every((address) => reach.has(address))) {
    return stopped('address-not-allowed', host, 'an address that is not on the open net');
  }
  return ok(found.slice(0, addressesMax));
}

async function follow(url: URL, pinned: Pinned): Promise<Result<string, OutboundCode>> {
  let at = url;
  for (let hops = 0; hops <= redirectsMax; hops++) {
    const answer = await getPinned(at, pinned);
    if (!answer.ok) return answer;
    const { status, location, text } = answer.value;
    if (status === 200) return ok(text);
    if (status < 300 || status >= 400 || location === null) {
      const code = status >= 500 || status === 429 ? 'unreachable' : 'nothing-there';
      return stopped(code, url.href, `an answer of status ${status}`);
    }
    const next = URL.canParse(location, at) ? new URL(location, at) : null;
    if (next === null || next.origin !== url.origin || next.username !== '') {
      return stopped('redirected-elsewhere', url.href, 'a redirect to another origin');
    }
    at = next;
  }
  return stopped('redirected-elsewhere', url.href, `more than ${redirectsMax} redirects`);
}

function httpsUrl(address: string): URL | null {
  if (address.length > 2_048 || !URL.canParse(address)) return null;
  const url = new URL(address);
  const plain = url.protocol === 'https:' && url.username === '' && url.password === '';
  return plain ? url : null;
}

function bareHost(url: URL): string {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIPv6(host) ? host : host.replace(/\.$/, '');
}

async function within<T>(ask: () => Promise<T>): Promise<Result<T, 'unreachable'>> {
  try {
    return ok(await ask());
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    return stopped('unreachable', 'the name', typeof code === 'string' ? code : 'EUNKNOWN');
  }
}
