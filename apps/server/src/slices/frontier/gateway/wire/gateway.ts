import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Instant } from '@breakwater/kernel';
import { type Listening, listenPlainly, type TlsFiles } from '../../../../platform/edge/listen.ts';
import type { KeyBook } from '../keys/book.ts';
import type { Meters } from '../meters/model.ts';
import type { Upstream } from '../model.ts';
import type { BodyKeeper } from '../record/bodies.ts';
import type { Watcher } from '../watch/watcher.ts';
import { Admission, type NotKnown } from './admission.ts';
import { Bodies, type BodyLimits } from './body.ts';
import type { ExchangeParts } from './came.ts';
import type { UpstreamReach } from './connect.ts';
import { handle } from './handle.ts';
import { carryOutInside, type InsideCall, type InsideEnd } from './inside.ts';
import { Proofs } from './proof.ts';
import { type UpstreamLimits, Upstreams } from './upstreams.ts';

export interface WireLimits {
  readonly bodies: BodyLimits;
  readonly upstreams: UpstreamLimits;
  readonly exchange: ExchangeParts['limits'];
  /** From a request's first byte to its last, and to the end of its headers; in milliseconds. */
  readonly requestMsMax: number;
  readonly headerMsMax: number;
  /** How long what is under way may go on once the wire is to close. */
  readonly closeMsMax: number;
}

const mebibyte = 1_048_576;

/** What is borne of clients and upstreams, unless told otherwise. */
export const usualLimits: WireLimits = {
  bodies: {
    bytesMax: 32 * mebibyte,
    heldMax: 512 * mebibyte,
    heldByPartyMax: 256 * mebibyte,
  },
  upstreams: {
    waitingMax: 64,
    waitMsMax: 10_000,
    connectMsMax: 5_000,
    headMsMax: 600_000,
    pieceMsMax: 300_000,
    headerBytesMax: 32_768,
  },
  exchange: { drainMsMax: 120_000, stallMsMax: 60_000, triesMax: 3, betweenMsMax: 5_000 },
  requestMsMax: 120_000,
  headerMsMax: 15_000,
  closeMsMax: 10_000,
};

export interface WireOptions {
  readonly where: { readonly host: string; readonly port: number };
  readonly tls: TlsFiles | null;
  readonly reloaded: (error: Error | null) => void;
  readonly book: KeyBook;
  readonly meters: Meters;
  readonly watcher: Watcher | null;
  readonly keeper: BodyKeeper;
  /** Told of each settlement, and of each refusal. */
  readonly telemetry: ExchangeParts['telemetry'];
  readonly secretOf: (upstream: Upstream) => Promise<string | null>;
  readonly upstreams: UpstreamReach;
  /** Of the address by which clients reach it, as proofs of calls name it; null: not said. */
  readonly host?: string | null;
  /** The address that a request came from; null: not known. */
  readonly addressOf: (request: IncomingMessage) => string | null;
  readonly now: () => Instant;
  /** Told of faults of the gateway itself; never of a request's contents. */
  readonly failed: (error: unknown) => void;
  readonly limits?: WireLimits;
}

/** A wire that is open. */
export interface Wire {
  readonly port: number;
  reloadCertificate(): void;
  /** Requests under way. */
  readonly under: () => number;
  /** Endpoints that failed so often of late that they are tried last. */
  readonly aside: () => number;
  /** Carries a call of the gateway's own out, for a job. */
  carryOut(call: InsideCall): Promise<InsideEnd | NotKnown>;
  /** Takes no more, ends what is under way, and leaves the meters to whoever opened them. */
  close(): Promise<void>;
}

/** Opens the wire: from here on calls are taken. Rejects where it cannot listen, or read the keys. */
export async function openWire(options: WireOptions): Promise<Wire> {
  const limits = options.limits ?? usualLimits;
  const nowMs = () => performance.now();
  const { book, failed, now } = options;
  const admission = new Admission({ book, now, nowMs, failed });
  const upstreams = new Upstreams({
    ...options.upstreams,
    secretOf: options.secretOf,
    limits: limits.upstreams,
    nowMs,
  });
  const parts = {
    ...{ admission, upstreams, nowMs, now, failed },
    meters: options.meters,
    watcher: options.watcher,
    keeper: options.keeper,
    telemetry: options.telemetry,
    limits: limits.exchange,
    bodies: new Bodies(limits.bodies),
    proofs: new Proofs(() => Date.parse(now()), options.host ?? null),
    addressOf: options.addressOf,
  };
  const traffic = new Traffic();
  await admission.start();
  let listening: Listening;
  try {
    listening = await listenPlainly({
      handle: (request, response) => traffic.note(handle(parts, request, response)),
      where: options.where,
      tls: options.tls,
      reloaded: options.reloaded,
      patience: {
        requestTimeout: limits.requestMsMax,
        headersTimeout: limits.headerMsMax,
        keepAliveTimeout: 65_000,
        connectionsCheckingInterval: Math.min(limits.headerMsMax, 5_000),
      },
    });
  } catch (error) {
    admission.stop();
    throw error;
  }
  return {
    port: listening.port,
    reloadCertificate: () => listening.reload(),
    under: () => traffic.count,
    aside: () => upstreams.aside(),
    carryOut: (call) => carryOutInside(parts, call),
    async close() {
      admission.closing = true;
      await Promise.race([traffic.quiet(), delay(limits.closeMsMax)]);
      admission.stop();
      await listening.close();
      await upstreams.close();
      await traffic.quiet();
    },
  };
}

/** Requests under way. */
class Traffic {
  #count = 0;
  #onQuiet: (() => void)[] = [];

  get count(): number {
    return this.#count;
  }

  note(handling: Promise<void>): void {
    this.#count += 1;
    void handling.then(() => {
      this.#count -= 1;
      if (this.#count > 0) return;
      for (const tell of this.#onQuiet.splice(0)) tell();
    });
  }

  /** Resolves once none is under way. */
  async quiet(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => void this.#onQuiet.push(resolve));
  }
}
