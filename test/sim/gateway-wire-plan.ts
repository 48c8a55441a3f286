import type { KeyLimits } from '@breakwater/contract';
import type { Wish } from './gateway-wire-caller.ts';
import type { How, Leaving } from './gateway-wire-seen.ts';

/** How much is played. */
export interface Size {
  readonly seed: number;
  readonly streams: number;
  /** Calls that come to an answer; then it is over. */
  readonly calls: number;
  /** In how many minutes they are, about. */
  readonly minutes: number;
  /** How long a call takes, on average. */
  readonly holdMs: number;
  readonly kills: number;
  /** How long PostgreSQL is away, each time. */
  readonly awaysMs: readonly number[];
}

/** Of calls of one key: what an average one comes to. */
const usual = { inputTokens: 250, outputTokens: 100, costMicros: 2_400 };

/** Limits of six keys that are all at their edge before the play is over, each in its own way. */
export function limitsFor({ streams, calls: all, minutes }: Size): readonly KeyLimits[] {
  const calls = all / 6;
  const inMinute = calls / minutes;
  const of = (share: number, kind: keyof typeof usual, count = calls) =>
    Math.ceil(share * count * usual[kind]);
  const limits = (more: Partial<KeyLimits>): KeyLimits => ({
    ...{ outputTokensMax: 1_000, concurrency: streams, currency: 'USD' },
    ...{ minute: {}, day: {}, grant: {} },
    ...more,
  });
  const some = Math.ceil(streams / 12);
  return [
    limits({ grant: { requests: Math.ceil(calls / 2) } }),
    limits({ grant: { outputTokens: of(0.5, 'outputTokens') } }),
    limits({ grant: { costMicros: of(0.6, 'costMicros') }, concurrency: some }),
    limits({
      minute: { requests: Math.ceil(inMinute / 3) },
      day: { inputTokens: of(0.8, 'inputTokens') },
    }),
    limits({
      minute: {
        requests: Math.ceil(inMinute / 2),
        inputTokens: of(0.4, 'inputTokens', inMinute),
        outputTokens: of(0.4, 'outputTokens', inMinute),
        costMicros: of(0.4, 'costMicros', inMinute),
      },
      day: { requests: Math.ceil(calls), outputTokens: of(0.7, 'outputTokens') },
      grant: { requests: Math.ceil(calls), costMicros: of(0.8, 'costMicros') },
      concurrency: 2 * some,
    }),
    limits({
      day: { costMicros: of(0.5, 'costMicros'), requests: Math.ceil(0.6 * calls) },
      grant: { inputTokens: of(0.6, 'inputTokens') },
    }),
  ];
}

/** How often each of some things comes, in hundredths. */
type Odds<T> = readonly (readonly [number, T])[];

const atFirst: Odds<How> = [
  [70, 'whole'],
  [6, 500],
  [6, 429],
  [3, 529],
  [7, 'broken'],
  [4, 'reset'],
  [4, 'no-figures'],
];
const atSecond: Odds<How> = [
  [80, 'whole'],
  [4, 500],
  [3, 429],
  [5, 'broken'],
  [3, 'reset'],
  [5, 'no-figures'],
];
const leavings: Odds<Leaving['when']> = [
  [72, 'never'],
  [2, 'sending'],
  [9, 'early'],
  [9, 'midway'],
  [8, 'last'],
];

/** Makes up calls by chance. */
export class Planner {
  readonly #chance: () => number;
  readonly #holdMs: number;
  #n = 0;

  constructor(chance: () => number, { holdMs }: Size) {
    this.#chance = chance;
    this.#holdMs = holdMs;
  }

  upTo(most: number): number {
    return Math.floor(this.#chance() * (most + 1));
  }

  next(key: number, gateway: number): Wish {
    this.#n += 1;
    const isMessages = this.#is(30);
    const stream = this.#is(80);
    const padding = this.upTo(400);
    const stated = this.#is(4) ? null : 1 + this.upTo(this.#is(2) ? 999 : 300);
    const most = stated ?? 300;
    const input = this.upTo(300 + padding);
    const pieces = 1 + this.upTo(5);
    // Thrice as long at most, and as long on average.
    const holdMs = this.#holdMs * (this.#is(20) ? this.#chance() * 3 : 0.5 + this.#chance() * 0.75);
    return {
      ...{ key, gateway, isMessages, stream, padding, output: stated },
      asksUsage: stream && !isMessages && this.#is(80),
      script: {
        n: this.#n,
        input,
        // Now and then an endpoint takes more than it was told.
        output: this.#is(1) ? most + 50 : this.upTo(most),
        cached: this.upTo(input),
        headMs: Math.round(holdMs * 0.3),
        pieces,
        everyMs: Math.round((holdMs * 0.7) / (pieces + 1)),
        lateMs: this.#is(15) ? this.upTo(this.#holdMs) : 0,
        hows: [this.#one(atFirst), this.#one(atSecond)],
        closes: this.#is(10),
      },
      leaving: this.#leaving(holdMs, pieces),
    };
  }

  #leaving(holdMs: number, pieces: number): Leaving {
    const when = this.#one(leavings);
    if (when === 'early') return { when, afterMs: this.upTo(holdMs) };
    if (when === 'midway') return { when, pieces: 1 + this.upTo(pieces) };
    return { when };
  }

  #is(hundredths: number): boolean {
    return this.#chance() * 100 < hundredths;
  }

  #one<T>(odds: Odds<T>): T {
    let at = this.#chance() * 100;
    for (const [share, one] of odds) {
      at -= share;
      if (at < 0) return one;
    }
    throw new Error('expected odds of a hundred');
  }
}
