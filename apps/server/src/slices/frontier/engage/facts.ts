import type { Protection } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import type { Engagement } from './model.ts';
import { protectionsOf } from './terms/standing.ts';

/** What other slices know of an engagement. */
export interface EngagementFacts {
  readonly id: Id<'engagement'>;
  readonly model: Id<'model'>;
  readonly developer: Id<'party'>;
  readonly government: Id<'party'>;
  /** IANA; calendar days are counted in it. */
  readonly zone: string;
  /** The developer's newest statement; null: it stated none. */
  readonly plannedPartnerRelease: Instant | null;
  readonly openWeight: boolean;
  readonly openedAt: Instant;
  readonly leftAt: Instant | null;
  /** When release of the model was stated, in this engagement or in another on the same model. */
  readonly releasedAt: Instant | null;
  /** The version of each protection that both sides signed last; null: none. */
  readonly terms: Readonly<Record<Protection, Id<'terms'> | null>>;
}

/**
 * What an engagement is to other slices. A model is released once, whichever engagement on it that
 * was stated in: `releases` are the times of all of them.
 */
export function factsOf(engagement: Engagement, releases: readonly Instant[]): EngagementFacts {
  const { dates, seers: _, terms: __, wants: ___, ...facts } = engagement;
  return {
    ...facts,
    releasedAt: releases.toSorted()[0] ?? null,
    plannedPartnerRelease: dates?.partners ?? null,
    terms: protectionsOf(engagement),
  };
}
