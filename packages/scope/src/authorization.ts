import type { Instant } from '@breakwater/kernel';
import type { NeverTimes } from './never-times.ts';
import type { Method, Target } from './target.ts';

/** How fast; null: the owner set no bound of this kind. */
export interface Pace {
  readonly requestsPerSecond: number | null;
  readonly connections: number | null;
}

export const unboundedPace: Pace = { requestsPerSecond: null, connections: null };

/**
 * What an owner's word is worth now, apart from the time it holds for. `stopped`: the stop switch
 * was pressed.
 */
export const standings = [
  'good',
  'revoked',
  'control-missing',
  'control-lapsed',
  'control-contested',
  'stopped',
] as const;
export type Standing = (typeof standings)[number];

/** An owner's written scope. Empty means nothing: no target, no method or nobody allows nothing. */
export interface Authorization {
  readonly id: string;
  readonly targets: readonly Target[];
  /** Out of scope; beats `targets`, of this and of every other authorization. */
  readonly except: readonly Target[];
  readonly methods: readonly Method[];
  /** Parties by id. */
  readonly parties: readonly string[];
  /** Everybody who has one of these roles. */
  readonly roles: readonly string[];
  readonly from: Instant;
  /** No part of it any more; null: it has no end. */
  readonly until: Instant | null;
  readonly never: NeverTimes;
  readonly pace: Pace;
  readonly standing: Standing;
}
