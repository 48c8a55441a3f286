import { isIP } from 'node:net';
import { type Networks, plainAddress } from './addresses.ts';

/** What is known of a connection before anything in it is believed. */
export interface Arrival {
  /** The other end of the connection; undefined once it is gone. */
  readonly remoteAddress: string | undefined;
  /** Whether TLS ended here. */
  readonly encrypted: boolean;
  readonly forwardedFor: string | undefined;
  readonly forwardedProto: string | undefined;
}

/** Who asks, and how. */
export interface Peer {
  readonly address: string;
  /** null: came straight, in the clear, to loopback. */
  readonly scheme: 'https' | 'http' | null;
  readonly direct: boolean;
}

const hopsMax = 20;

/**
 * Who asks. X-Forwarded-For is read from the right: each trusted proxy wrote the address it saw
 * behind what came to it, so the rightmost that is not trusted is the one somebody trusted saw,
 * and whatever stands left of it anybody may have written. From others the header is not read.
 */
export function peerOf(arrival: Arrival, trusted: Networks): Peer {
  const remote = plainAddress(arrival.remoteAddress ?? '') ?? 'unknown';
  const own = arrival.encrypted ? 'https' : null;
  if (remote === 'unknown' || !trusted.has(remote)) {
    return { address: remote, scheme: own, direct: true };
  }
  const { forwardedFor, forwardedProto } = arrival;
  if (forwardedFor === undefined && forwardedProto === undefined) {
    return { address: remote, scheme: own, direct: true };
  }
  const proto = forwardedProto?.split(',').at(-1)?.trim().toLowerCase();
  return {
    address: rightmostUntrusted(forwardedFor, trusted) ?? remote,
    scheme: proto === 'https' || (proto === undefined && arrival.encrypted) ? 'https' : 'http',
    direct: false,
  };
}

function rightmostUntrusted(forwardedFor: string | undefined, trusted: Networks): string | null {
  const hops = (forwardedFor ?? '').split(',').slice(-hopsMax).reverse();
  let last: string | null = null;
  for (const hop of hops) {
    const address = plainAddress(withoutPort(hop.trim()));
    if (address === null) return last;
    last = address;
    if (!trusted.has(address)) return address;
  }
  return last;
}

/** Some proxies write the port as well: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  if (isIP(hop) !== 0) return hop;
  return /^\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?$/.exec(hop)?.[1] ?? hop.replace(/:\d{1,5}$/, '');
}
