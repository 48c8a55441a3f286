import type { Taken } from '../../apps/server/src/slices/frontier/gateway/meters/model.ts';
import type { KeyLimits } from '../../apps/server/src/slices/frontier/gateway/model.ts';

/** What one process of a simulated gateway is told to do. */
export interface Play {
  readonly url: string;
  /** Data directory of all of them. */
  readonly folder: string;
  /** Where it tells its steps. */
  readonly witness: string;
  readonly seed: number;
  readonly keys: readonly Partial<KeyLimits>[];
  readonly streams: number;
  /** A stream leaves a key after so many refusals in a row. */
  readonly tries: number;
  readonly streamMs: number;
}

/** A step as its process saw it. */
export type Told =
  | { readonly is: 'begun'; readonly process: string }
  | { readonly is: 'asked'; readonly id: string; readonly key: number; readonly output: number }
  | { readonly is: 'granted'; readonly id: string }
  | {
      readonly is: 'refused';
      readonly id: string;
      readonly code: string;
      readonly short: readonly string[];
    }
  | { readonly is: 'settled'; readonly id: string; readonly taken: Taken }
  | { readonly is: 'fault'; readonly text: string }
  | { readonly is: 'closed' };

export type Step = Told & { readonly at: number };

/** Milliseconds of a clock that all processes of a machine share, and that is never set. */
export function tellTime(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
