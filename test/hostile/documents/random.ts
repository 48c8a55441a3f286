/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to, not including, `end`; 0 where there is none. */
  below(end: number): number {
    return Math.floor(this.fraction() * Math.max(end, 1));
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[this.below(from.length)] ?? from[0];
  }

  /** Small numbers far more often than large ones: a power of two, then anything below it. */
  size(max: number): number {
    return this.below(2 ** this.below(Math.log2(max) + 1));
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}

/** The seed of one document, from the seed of the flood and where in it the document stands. */
export function seedOf(seed: number, reader: number, index: number): number {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(reader + 1, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13) ^ index, 0x27d4eb2f);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
