import type { BeforeYouJoin } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import { type OpenWeight, ofOpenWeight } from './open-weight.ts';
import { sections } from './statements.ts';
import { statutesAt } from './statutes.ts';

/**
 * ENG-13: what to know before joining, the same for everybody on one day.
 *
 * @param now the day counts, so that caches may keep it.
 */
export function beforeYouJoin(now: Instant, openWeight: OpenWeight): BeforeYouJoin {
  const asOf = `${now.slice(0, 10)}T00:00:00.000Z` as Instant; // as kernel writes instants
  return {
    asOf,
    sections: sections.map((each) => withOpenWeight(each, openWeight)),
    statutes: statutesAt(now),
  };
}

function withOpenWeight(
  section: BeforeYouJoin['sections'][number],
  openWeight: OpenWeight,
): BeforeYouJoin['sections'][number] {
  if (section.id !== 'voluntary') return section;
  return { ...section, statements: [...section.statements, ofOpenWeight(openWeight)] };
}
