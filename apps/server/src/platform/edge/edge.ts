import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Operation } from '@breakwater/contract';
import { countedAddress, parseNetworks } from './addresses.ts';
import { judgeKnock, type Verdict } from './door.ts';
import { securityHeaders } from './headers.ts';
import { createLimiter } from './limiter.ts';
import { type LimitName, limitOf, type Rates } from './limits.ts';
import { type Peer, peerOf } from './peer.ts';

/** What the edge reads of a request; headers as the fetch standard gives them. */
export interface Arrived {
  readonly incoming: IncomingMessage | undefined;
  readonly method: string;
  readonly path: string;
  header(name: string): string | undefined;
}

/**
 * What stands between the net and the operations: who may come in, and how often.
 *
 * Consistency: limits count in this process. Nothing here throws for anything that a request holds.
 */
export interface Edge {
  /** Headers of every answer that sets no other of the name. */
  readonly headers: readonly (readonly [string, string])[];
  peer(arrived: Arrived): Peer;
  /** Whether the request may come in: name, scheme, and the site that sent it. */
  judge(arrived: Arrived): Verdict;
  /** Counts a call; null, or the seconds after which to come again. `caller` null: nobody known. */
  count(operation: Operation, caller: string | null, peer: Peer): number | null;
  /** Counts somebody who begins or ends a sign-in at an organization. */
  visit(peer: Peer): number | null;
  /** The seconds for which these very bytes are not looked at again from there, or null. */
  barred(shown: string, peer: Peer): number | null;
  /** Counts what was shown and was not good; null, or the seconds to wait. */
  failed(shown: string, peer: Peer): number | null;
}

export interface EdgeOptions {
  readonly publicUrl: string | null;
  readonly trustedProxies: readonly string[];
  readonly rates: Rates | 'off';
  /** Milliseconds that only ever grow. */
  readonly nowMs: () => number;
}

const ownCookie = /(?:^|;\s*)(?:__Host-breakwater|breakwater-local)=/;

/** The edge as the settings describe it. */
export function createEdge({ publicUrl, trustedProxies, rates, nowMs }: EdgeOptions): Edge {
  const trusted = parseNetworks(trustedProxies);
  if (trusted === null) throw new Error('the settings name a network that is none');
  const limiter = createLimiter({ nowMs });

  const peer = (arrived: Arrived): Peer =>
    peerOf(
      {
        remoteAddress: arrived.incoming?.socket.remoteAddress,
        encrypted: arrived.incoming !== undefined && 'encrypted' in arrived.incoming.socket,
        forwardedFor: arrived.header('x-forwarded-for'),
        forwardedProto: arrived.header('x-forwarded-proto'),
      },
      trusted,
    );

  function take(name: LimitName, key: string): number | null {
    return rates === 'off' ? null : limiter.take(`${name} ${key}`, rates[name]);
  }

  const tried = (shown: string, from: Peer) =>
    `${countedAddress(from.address)} ${createHash('sha256').update(shown).digest('base64url')}`;

  return {
    headers: securityHeaders(publicUrl?.startsWith('https:') === true),
    peer,
    judge: (arrived) =>
      judgeKnock(
        {
          method: arrived.method,
          path: arrived.path,
          host: arrived.header('host'),
          origin: arrived.header('origin'),
          fetchSite: arrived.header('sec-fetch-site'),
          hasCookie: ownCookie.test((arrived.header('cookie') ?? '').slice(0, 8_192)),
          hasKey: arrived.header('authorization') !== undefined,
          peer: peer(arrived),
        },
        publicUrl,
      ),
    count(operation, caller, from) {
      const name = limitOf(operation, caller !== null);
      const byCaller = caller !== null && name !== 'sign-in-request';
      return take(name, byCaller ? caller : countedAddress(from.address));
    },
    visit: (from) => take('sign-in-request', countedAddress(from.address)),
    barred(shown, from) {
      if (rates === 'off') return null;
      return limiter.wait(`failed-credential ${tried(shown, from)}`, rates['failed-credential']);
    },
    failed(shown, from) {
      const one = take('failed-credential', tried(shown, from));
      return take('failed-sign-in', countedAddress(from.address)) ?? one;
    },
  };
}
