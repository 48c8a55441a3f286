import type { Place } from './places.ts';

/** How many of a key's last prompts are compared. */
export const promptsKept = 128;
/** Bits by which the kinds of a day's first turns are counted. */
export const kindBits = 8_192;
/** Origins (addresses, programs) of a key that are told apart. */
export const originsMax = 16;

/**
 * What is remembered of one key: numbers and hashes, about four kilobytes. It is lost with the
 * process, and each process remembers what came to it.
 */
export interface Memory {
  /** Of all uses of keys, which was this one's last. */
  used: number;
  /** Minutes since the epoch; what came in it so far. */
  minute: number;
  minuteRequests: number;
  minuteOutput: number;
  /** Of the last sixty minutes: 1 where nearly all of a quota was used. */
  readonly fullMinutes: Uint8Array;
  hour: number;
  hourOutput: number;
  hourRequests: number;
  hourProbabilities: number;
  /** Of the hours before in which the key was used: how many, and what one of them had. */
  hoursBefore: number;
  outputBefore: number;
  requestsBefore: number;
  readonly prompts: Prompts;
  day: number;
  dayFirstTurns: number;
  readonly kinds: Uint32Array;
  readonly addresses: Origins;
  readonly agents: Origins;
  place: { readonly at: number; readonly place: Place } | null;
}

/** A ring of the last prompts, by their fingerprints. */
export interface Prompts {
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly exact: Int32Array;
  /** Milliseconds since the epoch. */
  readonly at: Float64Array;
  /** 1: much like one before it. 2: the same as one before it. */
  readonly likeness: Uint8Array;
  next: number;
}

/** From where a key is used: hashes, with when each came last; and how often it went to and fro. */
export interface Origins {
  readonly seen: Map<number, number>;
  last: number | null;
  hour: number;
  changes: number;
}

export function newMemory(): Memory {
  return {
    used: 0,
    minute: 0,
    minuteRequests: 0,
    minuteOutput: 0,
    fullMinutes: new Uint8Array(60),
    hour: 0,
    hourOutput: 0,
    hourRequests: 0,
    hourProbabilities: 0,
    hoursBefore: 0,
    outputBefore: 0,
    requestsBefore: 0,
    prompts: {
      high: new Int32Array(promptsKept),
      low: new Int32Array(promptsKept),
      exact: new Int32Array(promptsKept),
      at: new Float64Array(promptsKept),
      likeness: new Uint8Array(promptsKept),
      next: 0,
    },
    day: 0,
    dayFirstTurns: 0,
    kinds: new Uint32Array(kindBits / 32),
    addresses: newOrigins(),
    agents: newOrigins(),
    place: null,
  };
}

const newOrigins = (): Origins => ({ seen: new Map(), last: null, hour: 0, changes: 0 });
