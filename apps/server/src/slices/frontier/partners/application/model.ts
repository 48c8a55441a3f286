import type { PartnerSide, PartnerVerdict } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';

/** What stands of one application, as far as anything is decided by it. */
export interface Application {
  readonly developer: string;
  /** null: it came without an account, and whoever holds its link speaks for it. */
  readonly applicant: string | null;
  readonly helper: string | null;
  /** The person who nominated; none turns a key on whom it brought in. */
  readonly nominatedBy: string | null;
  /** Of the version that stood when it was made: those that apply to what is asked for. */
  readonly criteria: readonly string[];
  /** The application itself, and its appeal. */
  readonly rounds: readonly Round[];
  readonly withdrawnAt: Instant | null;
  /** How much was said on it so far. */
  readonly said: number;
}

export interface Round {
  readonly begunAt: Instant;
  /** When an answer is promised for. */
  readonly promisedBy: Instant;
  readonly interests: readonly Interest[];
  readonly keys: readonly Key[];
  readonly answer: { readonly verdict: PartnerVerdict; readonly at: Instant } | null;
}

export interface Interest {
  readonly side: PartnerSide;
  readonly member: string;
  readonly conflicted: boolean;
}

export interface Key {
  readonly side: PartnerSide;
  readonly member: string;
  readonly verdict: PartnerVerdict;
}

/** One criterion as whoever turned a key found it. */
export interface Finding {
  readonly criterion: string;
  readonly met: boolean;
}

export type By =
  | { readonly as: 'applicant' }
  | { readonly as: 'helper' }
  | { readonly as: PartnerSide; readonly party: string; readonly member: string };

export interface Facts {
  readonly now: Instant;
  readonly by: By;
}

export type Command =
  | { readonly act: 'add' | 'withdraw' | 'appeal' | 'ask' }
  | { readonly act: 'state-interest'; readonly conflicted: boolean }
  | {
      readonly act: 'turn-key';
      readonly verdict: PartnerVerdict;
      readonly findings: readonly Finding[];
    };

export type Event =
  | { readonly act: 'partners.added' }
  | { readonly act: 'partners.asked' }
  | { readonly act: 'partners.withdrawn'; readonly at: Instant }
  | { readonly act: 'partners.appealed'; readonly at: Instant; readonly promisedBy: Instant }
  | {
      readonly act: 'partners.interest-stated';
      readonly round: number;
      readonly interest: Interest;
    }
  | { readonly act: 'partners.key-turned'; readonly round: number; readonly key: Key }
  | {
      readonly act: 'partners.answered';
      readonly round: number;
      readonly verdict: PartnerVerdict;
      readonly at: Instant;
    };
