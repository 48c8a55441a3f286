import { type buildConnector, type Dispatcher, Pool } from 'undici';
import type { Upstream } from '../model.ts';
import { connectorWithin, type UpstreamReach } from './connect.ts';
import { Lane, type LaneLimits } from './lanes.ts';

/** Bounds on what an upstream does, in milliseconds and bytes. */
export interface UpstreamLimits extends Omit<LaneLimits, 'concurrent'> {
  readonly connectMsMax: number;
  /** From the call to the head of its answer: a model may think for long before it says anything. */
  readonly headMsMax: number;
  /** Between two pieces of an answer. */
  readonly pieceMsMax: number;
  readonly headerBytesMax: number;
}

/** Failures in a row after which an upstream is tried last, and for how long, doubling. */
const failuresMax = 5;
const asideMs = 5_000;
const asideMsMax = 60_000;
const idleMsMax = 600_000;

/** One upstream, as this process calls it. */
export class Way {
  readonly upstream: Upstream;
  readonly lane: Lane;
  readonly pool: Dispatcher;
  /** What stands in front of the wire's own paths. */
  readonly prefix: string;
  #failures = 0;
  #asideUntilMs = 0;
  lastUsedMs = 0;

  constructor(
    upstream: Upstream,
    { limits, connect }: { limits: UpstreamLimits; connect: buildConnector.connector },
  ) {
    const { origin, pathname } = new URL(upstream.baseUrl);
    this.upstream = upstream;
    this.prefix = pathname === '/' ? '' : pathname;
    this.lane = new Lane({ ...limits, concurrent: upstream.concurrent });
    this.pool = new Pool(origin, {
      pipelining: 1,
      connect,
      headersTimeout: limits.headMsMax,
      bodyTimeout: limits.pieceMsMax,
      maxHeaderSize: limits.headerBytesMax,
    });
  }

  /** Notes how a call went; whoever fails again and again is tried after all others. */
  note(went: 'well' | 'badly', nowMs: number): void {
    this.#failures = went === 'well' ? 0 : this.#failures + 1;
    if (this.#failures < failuresMax) return;
    const times = Math.min(this.#failures - failuresMax, 8);
    this.#asideUntilMs = nowMs + Math.min(asideMs * 2 ** times, asideMsMax);
  }

  isWell(nowMs: number): boolean {
    return this.#failures < failuresMax || nowMs >= this.#asideUntilMs;
  }
}

export interface UpstreamsOptions extends UpstreamReach {
  /** The secret that an upstream is called with; null where it was erased. */
  readonly secretOf: (upstream: Upstream) => Promise<string | null>;
  readonly limits: UpstreamLimits;
  readonly nowMs: () => number;
}

const secretForMs = 60_000;

/** The ways to all upstreams that keys of this process lead to; connections are kept between calls. */
export class Upstreams {
  readonly #options: UpstreamsOptions;
  readonly #connect: buildConnector.connector;
  readonly #ways = new Map<string, Way>();
  readonly #secrets = new Map<string, { readonly text: string; readonly untilMs: number }>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: UpstreamsOptions) {
    this.#options = options;
    this.#connect = connectorWithin(options, options.limits.connectMsMax);
    this.#timer = setInterval(() => this.#forgetIdle(), idleMsMax / 10).unref();
  }

  /** The ways to `upstreams` in the order in which to try them: those that fail of late are last. */
  inOrder(upstreams: readonly Upstream[]): readonly Way[] {
    const ways = upstreams.map((upstream) => this.#wayTo(upstream));
    if (ways.length < 2) return ways;
    const nowMs = this.#options.nowMs();
    return [
      ...ways.filter((way) => way.isWell(nowMs)),
      ...ways.filter((way) => !way.isWell(nowMs)),
    ];
  }

  /** How many failed so often of late that they are tried last. */
  aside(): number {
    const nowMs = this.#options.nowMs();
    return [...this.#ways.values()].filter((way) => !way.isWell(nowMs)).length;
  }

  /** What the upstream is called with; at once where it was read of late. */
  secretOf(upstream: Upstream): string | null | Promise<string | null> {
    const kept = this.#secrets.get(upstream.secret);
    if (kept !== undefined && this.#options.nowMs() < kept.untilMs) return kept.text;
    return this.#readSecret(upstream);
  }

  async #readSecret(upstream: Upstream): Promise<string | null> {
    const text = await this.#options.secretOf(upstream);
    if (text === null) this.#secrets.delete(upstream.secret);
    else {
      this.#secrets.set(upstream.secret, { text, untilMs: this.#options.nowMs() + secretForMs });
    }
    return text;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#ways.values()].map(({ pool }) => pool.destroy()));
    this.#ways.clear();
    this.#secrets.clear();
  }

  #wayTo(upstream: Upstream): Way {
    const kept = this.#ways.get(upstream.id);
    const isSame =
      kept?.upstream.baseUrl === upstream.baseUrl &&
      kept.upstream.concurrent === upstream.concurrent;
    const of = { limits: this.#options.limits, connect: this.#connect };
    const way = kept !== undefined && isSame ? kept : new Way(upstream, of);
    if (way !== kept) {
      this.#ways.set(upstream.id, way);
      // What is under way goes on to its end.
      void kept?.pool.close();
    }
    way.lastUsedMs = this.#options.nowMs();
    return way;
  }

  #forgetIdle(): void {
    const nowMs = this.#options.nowMs();
    for (const [id, way] of this.#ways) {
      if (way.lane.under > 0 || nowMs - way.lastUsedMs < idleMsMax) continue;
      this.#ways.delete(id);
      void way.pool.close();
    }
    for (const [id, { untilMs }] of this.#secrets) if (untilMs < nowMs) this.#secrets.delete(id);
  }
}
