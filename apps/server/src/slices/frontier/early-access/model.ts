import type { Protection } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';

/**
 * What stands of one model: every window that was ever opened on it, of all engagements, so that a
 * day that was used stays used. Nothing has a state of its own: there are instants, and the clock.
 */
export interface Access {
  readonly plans: readonly Plan[];
  readonly windows: readonly Window[];
  readonly grants: readonly Grant[];
}

/** What the Government means to do, stated before there is a window. */
export interface Plan {
  readonly id: string;
  readonly engagement: string;
  /** How many persons and services at most are inside at one time. */
  readonly personsMax: number;
  /** Days after access ends in which what was taken is returned or destroyed. */
  readonly returnWithinDays: number;
}

export interface Window {
  readonly id: string;
  readonly plan: string;
  readonly engagement: string;
  /** The developer's zone when it was opened (IANA). Days are counted in it. */
  readonly zone: string;
  readonly begins: Instant;
  /** First instant outside; only ever moves earlier. */
  readonly ends: Instant;
  /**
   * By an act of the developer, or by what it did elsewhere, or at its end by the clock; whatever the
   * clock says after.
   */
  readonly endedAt: Instant | null;
}

export interface Grant {
  readonly id: string;
  readonly window: string;
  /** The person, or the service: a member of a party. */
  readonly member: string;
  /** Whoever accepts, and answers: the person itself, or the one a service is bound to. */
  readonly person: string;
  /** Which version of the terms of each protection the person accepted last. */
  readonly accepted: Readonly<Partial<Record<Protection, string>>>;
  /** When access was used last: something may have to be returned, and that day stays used. */
  readonly usedAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly attested: Afterwards | null;
}

/** What became of what was taken. Kept by law: a hold stands; it is owed still. */
export type Afterwards = 'returned' | 'destroyed' | 'kept-by-law';

/** What stands in the engagement. A fact, read anew for each decision. */
export interface Engagement {
  readonly id: string;
  /** IANA. */
  readonly zone: string;
  /** The developer's own statement; null: it stated none. */
  readonly plannedPartnerRelease: Instant | null;
  readonly leftAt: Instant | null;
  readonly releasedAt: Instant | null;
  /** The version of the terms of each protection that both sides signed last; null: none yet. */
  readonly terms: Readonly<Record<Protection, string | null>>;
}

/** Who acts, as it was authenticated. */
export type By =
  | { readonly as: 'developer' }
  | { readonly as: 'government' }
  | { readonly as: 'person'; readonly member: string }
  /** The engagement itself: what follows from an act in it. */
  | { readonly as: 'engagement' };

export interface Facts {
  readonly now: Instant;
  readonly by: By;
  readonly engagement: Engagement;
}

export type Command =
  | { readonly act: 'state-plan'; readonly plan: Plan }
  | {
      readonly act: 'open-window';
      readonly window: string;
      readonly plan: string;
      readonly begins: Instant;
      /** null: as late as it can be. Equal to `begins`: zero days. */
      readonly ends: Instant | null;
    }
  | { readonly act: 'shorten'; readonly window: string; readonly ends: Instant }
  | { readonly act: 'end'; readonly window: string }
  | {
      readonly act: 'add-person';
      readonly grant: string;
      readonly window: string;
      readonly member: string;
      readonly person: string;
    }
  | {
      readonly act: 'accept-protection';
      readonly grant: string;
      readonly protection: Protection;
      readonly terms: string;
    }
  | { readonly act: 'use'; readonly grant: string }
  | { readonly act: 'record-export'; readonly grant: string }
  | { readonly act: 'revoke'; readonly grant: string }
  | { readonly act: 'attest-return'; readonly grant: string; readonly how: Afterwards }
  /** The engagement's dates are others now, or it is over: left, or the model released. */
  | { readonly act: 'follow-engagement' };

export type Event =
  | { readonly act: 'early-access.plan-stated'; readonly plan: Plan }
  | {
      readonly act: 'early-access.window-opened';
      readonly window: Omit<Window, 'endedAt'>;
      readonly because: EndsBecause;
    }
  | {
      readonly act: 'early-access.window-shortened';
      readonly window: string;
      readonly ends: Instant;
    }
  | { readonly act: 'early-access.window-ended'; readonly window: string; readonly at: Instant }
  | {
      readonly act: 'early-access.person-added';
      readonly grant: Pick<Grant, 'id' | 'window' | 'member' | 'person'>;
    }
  | {
      readonly act: 'early-access.protection-accepted';
      readonly grant: string;
      readonly protection: Protection;
      readonly terms: string;
    }
  | { readonly act: 'early-access.used'; readonly grant: string; readonly at: Instant }
  | { readonly act: 'early-access.exported'; readonly grant: string }
  | { readonly act: 'early-access.revoked'; readonly grant: string; readonly at: Instant }
  | {
      readonly act: 'early-access.return-attested';
      readonly grant: string;
      readonly how: Afterwards;
    };

/** Why a window ends when it does: the developer said so, its date for partners, or the cap. */
export type EndsBecause = 'asked' | 'partner-date' | 'thirty-days';
