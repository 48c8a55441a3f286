import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { addMilliseconds, type Id, type Instant, toInstant } from '@breakwater/kernel';
import { newId } from '../src/platform/clock/clock.ts';
import type { KeyBook } from '../src/slices/frontier/gateway/keys/book.ts';
import type {
  Ended,
  Meters,
  MeterWish,
  Taken,
} from '../src/slices/frontier/gateway/meters/model.ts';
import type { Admitted, Change, Upstream } from '../src/slices/frontier/gateway/model.ts';
import type { ToKeep } from '../src/slices/frontier/gateway/record/bodies.ts';
import {
  openWire,
  usualLimits,
  type Wire,
  type WireLimits,
  type WireOptions,
} from '../src/slices/frontier/gateway/wire/gateway.ts';

/** The secret that upstreams are called with: nobody but them ever sees it. */
export const upstreamSecret = 'sk-of-the-developer-0123456789';

export interface Settlement {
  readonly wish: MeterWish;
  readonly taken: Taken;
  readonly ended: Ended;
}

export interface World {
  readonly url: string;
  readonly port: number;
  readonly wire: Wire;
  readonly settled: readonly Settlement[];
  readonly kept: readonly ToKeep[];
  readonly faults: readonly unknown[];
  /** Codes of what was refused or broken off, as telemetry is told them. */
  readonly refused: readonly string[];
  /** Reservations that nobody settled yet. */
  readonly open: () => number;
  /** Makes a key of the party for these upstreams; answers with its secret. */
  key(has: Partial<Admitted>): string;
  /** The key is none any more, and everybody is told. */
  end(secret: string): void;
  /** Something that the key stands on changed, and it stands all the same. */
  touch(secret: string): void;
  /** From now on whoever asks for a key waits until `go`; resolves with it once somebody does. */
  slowBook(): Promise<{ readonly go: () => void }>;
  /** Meters say no to all from now on, or yes again. */
  spend(isSpent: boolean): void;
  setNow(now: Instant | null): void;
  breakBook(isBroken: boolean): void;
}

export function upstreamAt(baseUrl: string, has: Partial<Upstream> = {}): Upstream {
  return {
    id: newId('upstream'),
    kind: 'openai',
    baseUrl,
    modelName: 'fake',
    contextTokens: 100_000,
    outputMax: 4_096,
    concurrent: 64,
    prices: { currency: 'USD', inputMicros: 1_000_000, outputMicros: 2_000_000 },
    secret: newId('content'),
    ...has,
  };
}

/** Where the upstreams of tests lie. */
const thisMachine = { has: (address: string) => address === '127.0.0.1' };

export interface WorldOptions {
  readonly limits?: Partial<WireLimits>;
  readonly tls?: WireOptions['tls'];
  readonly watcher?: WireOptions['watcher'];
  readonly host?: string;
  readonly upstreams?: WireOptions['upstreams'];
}

/** A wire over keys and meters in memory. */
export async function openWorldOfWire(options: WorldOptions = {}): Promise<World> {
  const keys = new Map<string, Admitted>();
  const changes: Change[] = [];
  const open = new Map<Id<'request'>, MeterWish>();
  const settled: Settlement[] = [];
  const kept: ToKeep[] = [];
  const faults: unknown[] = [];
  const refused: string[] = [];
  let isSpent = false;
  let isBroken = false;
  let slow = Promise.resolve();
  let onAsked = () => {};
  let set: Instant | null = null;
  const now = () => set ?? toInstant(new Date());
  const asked = async <T>(value: T): Promise<T> => {
    if (isBroken) throw new Error('the book is away');
    return await Promise.resolve(value);
  };
  const book: KeyBook = {
    known: (hashes) => asked(new Set(hashes.map((hash) => hash.toString('hex')))),
    admit: async (hash) => {
      onAsked();
      await slow;
      return await asked(keys.get(hash.toString('hex')) ?? null);
    },
    changesSince: (seq) => asked(changes.filter((change) => change.seq > seq)),
    lastChange: () => asked(changes.length),
  };
  const meters: Meters = {
    process: () => 'one',
    reserve(_admitted, wish) {
      if (isSpent) {
        const short = [{ span: 'minute', kind: 'outputTokens', left: 3, moreAt: now() }] as const;
        return { ok: false, refusal: { code: 'quota-spent', short, left: short, moreAt: now() } };
      }
      wish.requestDigest(wish.outputTokens.most);
      open.set(wish.id, wish);
      return { ok: true, value: { outputTokens: wish.outputTokens.most, left: [] } };
    },
    settle(id, taken, ended) {
      const wish = open.get(id);
      if (wish !== undefined) settled.push({ wish, taken, ended });
      open.delete(id);
      return null;
    },
    leftOf: () => [],
    stored: async () => {},
    close: async () => {},
  };
  const wire = await openWire({
    where: { host: '127.0.0.1', port: 0 },
    tls: options.tls ?? null,
    host: options.host ?? null,
    reloaded: () => {},
    ...{ book, meters, now },
    watcher: options.watcher ?? null,
    telemetry: { onSettled: () => {}, onRefused: (code) => void refused.push(code) },
    keeper: {
      hasRoom: () => true,
      keep: (bodies) => kept.push(bodies) > 0,
      stored: async () => {},
    },
    upstreams: options.upstreams ?? { reach: thisMachine },
    secretOf: async () => await Promise.resolve(upstreamSecret),
    addressOf: () => null,
    failed: (error) => void faults.push(error),
    limits: { ...usualLimits, ...options.limits },
  });
  const touch = (secret: string) => {
    const admitted = keys.get(hashOf(secret));
    if (admitted === undefined) return;
    changes.push({ seq: changes.length + 1, kind: 'party', id: admitted.party });
  };
  const scheme = options.tls === undefined ? 'http' : 'https';
  return {
    url: `${scheme}://127.0.0.1:${wire.port}`,
    port: wire.port,
    ...{ wire, settled, kept, faults, refused },
    open: () => open.size,
    key(has) {
      const secret = `bwg_${randomBytes(32).toString('base64url')}`;
      keys.set(hashOf(secret), { ...plainKey(), ...has });
      return secret;
    },
    end(secret) {
      touch(secret);
      keys.delete(hashOf(secret));
    },
    touch,
    async slowBook() {
      const { promise, resolve: go } = Promise.withResolvers<void>();
      slow = promise;
      await new Promise<void>((resolve) => {
        onAsked = resolve;
      });
      return { go };
    },
    spend: (spent) => {
      isSpent = spent;
    },
    setNow: (to) => {
      set = to;
    },
    breakBook: (broken) => {
      isBroken = broken;
    },
  };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A key with room for everything. */
export function plainKey(): Admitted {
  return {
    key: newId('gkey'),
    party: newId('party'),
    holder: newId('member'),
    grant: { kind: 'early-access', id: newId('grant'), window: newId('window') },
    gives: 'raw-access',
    model: newId('model'),
    developer: newId('party'),
    names: ['fake', 'nickname'],
    upstreams: [],
    limits: {
      ...{ outputTokensMax: 1_000, concurrency: 100 },
      ...{ minute: {}, day: {}, grant: {}, currency: null },
    },
    goodUntil: addMilliseconds(toInstant(new Date()), 86_400_000),
    proof: { kind: 'none' },
    keeps: 'nothing',
    usageInStreams: 'as-asked',
  };
}

/** Says `bytes` on a connection of its own; resolves with all that comes back until it closes. */
export function sayRaw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answered = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (data) => {
      answered += data.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answered));
  });
}
