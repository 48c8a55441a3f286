import type { Reader } from '../../../platform/database/database.ts';
import { type EngagementFacts, factsOf } from './facts.ts';
import { findEngagement, releasesOf } from './store.ts';

/** What stands in an engagement, for slices that act in it; null where there is none. */
export async function engagementOf(reader: Reader, id: string): Promise<EngagementFacts | null> {
  const engagement = await findEngagement(reader, id);
  if (engagement === null) return null;
  return factsOf(engagement, await releasesOf(reader, engagement.model));
}
