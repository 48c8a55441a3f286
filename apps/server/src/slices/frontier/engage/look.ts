import type { Protection } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import type { Reader } from '../../../platform/database/database.ts';
import { findEngagement } from './store.ts';
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
  readonly releasedAt: Instant | null;
  /** The version of each protection that both sides signed last; null: none. */
  readonly terms: Readonly<Record<Protection, Id<'terms'> | null>>;
}

/** What stands in an engagement, for slices that act in it; null where there is none. */
export async function engagementOf(reader: Reader, id: string): Promise<EngagementFacts | null> {
  const engagement = await findEngagement(reader, id);
  if (engagement === null) return null;
  const { dates, seers: _, terms: __, wants: ___, ...facts } = engagement;
  return {
    ...facts,
    plannedPartnerRelease: dates?.partners ?? null,
    terms: protectionsOf(engagement),
  };
}
