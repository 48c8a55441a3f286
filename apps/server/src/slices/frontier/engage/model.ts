import type { EngagementWant, LevelName, Side, TermsKind } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';

/**
 * What stands of one engagement. It has no state of its own: what happened has its time, and what
 * is owed follows from it. Texts (codename, hosting, contacts, endpoints, terms) are elsewhere.
 */
export interface Engagement {
  readonly id: Id<'engagement'>;
  /** What the days used are counted by; an engagement may turn out to be on an earlier one. */
  readonly model: Id<'model'>;
  readonly developer: Id<'party'>;
  readonly government: Id<'party'>;
  readonly wants: EngagementWant;
  /** IANA; calendar days are counted in it. It stays as it was opened with. */
  readonly zone: string;
  readonly openWeight: boolean;
  readonly openedAt: Instant;
  readonly leftAt: Instant | null;
  readonly releasedAt: Instant | null;
  /** The newest statement. */
  readonly dates: Dates | null;
  /** Who sees it beside its developer; the Government is one of them. */
  readonly seers: readonly Seer[];
  /** In the order in which they were proposed. */
  readonly terms: readonly Terms[];
}

/** When the developer plans to release: to other trusted partners, and to everybody. */
export interface Dates {
  readonly partners: Instant | null;
  readonly general: Instant | null;
  readonly statedAt: Instant;
}

export interface Seer {
  readonly party: Id<'party'>;
  readonly level: LevelName;
}

/** One version of one document. */
export interface Terms {
  readonly id: Id<'terms'>;
  readonly kind: TermsKind;
  /** From 1 on. */
  readonly version: number;
  readonly side: Side;
  /** SHA-256 over the text in UTF-8, as `sha256:` and hexadecimal. */
  readonly digest: string;
  readonly proposedAt: Instant;
  readonly signed: Readonly<Partial<Record<Side, Instant>>>;
}

/** Which side whoever acts is of; null: of neither. */
export interface Facts {
  readonly now: Instant;
  readonly side: Side | null;
}

export type Command =
  | {
      readonly act: 'open';
      readonly engagement: Id<'engagement'>;
      readonly model: Id<'model'>;
      readonly developer: Id<'party'>;
      readonly government: Id<'party'>;
      readonly wants: EngagementWant;
      readonly zone: string;
      readonly openWeight: boolean;
      readonly dates: Omit<Dates, 'statedAt'> | null;
      readonly seers: readonly Seer[];
    }
  | {
      readonly act: 'state-dates';
      readonly partners: Instant | null;
      readonly general: Instant | null;
    }
  | {
      readonly act: 'state-model';
      /** The earlier model that this one is; null: texts alone changed. */
      readonly sameAs: Id<'model'> | null;
      readonly openWeight: boolean;
    }
  | { readonly act: 'alter-sharing'; readonly seers: readonly Seer[] }
  | {
      readonly act: 'propose-terms';
      readonly terms: Id<'terms'>;
      readonly kind: TermsKind;
      readonly digest: string;
    }
  | {
      readonly act: 'sign-terms';
      readonly terms: Id<'terms'>;
      /** Of the text that was read. */
      readonly digest: string;
    }
  | { readonly act: 'leave' }
  | { readonly act: 'release' };

/** What was decided. Each is about one engagement; `evolve` folds it into what stands of that. */
export type Event =
  | {
      readonly act: 'engage.opened';
      readonly engagement: Id<'engagement'>;
      readonly model: Id<'model'>;
      readonly developer: Id<'party'>;
      readonly government: Id<'party'>;
      readonly wants: EngagementWant;
      readonly zone: string;
      readonly openWeight: boolean;
      readonly seers: readonly Seer[];
      readonly at: Instant;
    }
  | ({ readonly act: 'engage.dates-stated' } & Dates)
  | {
      readonly act: 'engage.model-stated';
      /** Every engagement on `was` is on `model` from now on: the days used of both are one sum. */
      readonly model: Id<'model'>;
      readonly was: Id<'model'>;
      readonly openWeight: boolean;
    }
  | { readonly act: 'engage.sharing-altered'; readonly seers: readonly Seer[] }
  | ({ readonly act: 'engage.terms-proposed' } & Omit<Terms, 'signed' | 'id'> & {
        readonly terms: Id<'terms'>;
      })
  | {
      readonly act: 'engage.terms-signed';
      readonly terms: Id<'terms'>;
      readonly kind: TermsKind;
      readonly side: Side;
      readonly digest: string;
      readonly at: Instant;
    }
  | { readonly act: 'engage.left'; readonly at: Instant }
  | { readonly act: 'engage.released'; readonly at: Instant };
