import {
  partners as contract,
  type Fairness,
  type FairnessLine,
  fairnessLeast,
  partnerRegions,
  partnerSectors,
  partnerSizes,
} from '@breakwater/contract';
import { type Instant, ok } from '@breakwater/kernel';
import { notFound, type Route, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { outcomeOf } from '../application/decide.ts';
import { stateOf } from '../application/store.ts';
import { firstPublished } from '../criteria/store.ts';
import { type Ended, publish, totalOf } from './publish.ts';
import { quartersOver, spanOf } from './quarter.ts';
import { answeredAround } from './store.ts';

type Case = Omit<Ended, 'group'> & Record<Dimension, string>;
type Dimension = 'sector' | 'size' | 'region';

/**
 * PAR-20: a quarter's figures once it is over. Nothing in them changes after: who compares two days
 * learns nothing of who came between.
 */
export function fairnessRoutes(services: Services): readonly Route[] {
  const { database } = services;
  return [
    route(contract.fairness, async ({ query, now }) => {
      const first = await database.read((r) => firstPublished(r));
      const quarters = first === null ? [] : quartersOver(first, now);
      const quarter = query.quarter ?? quarters[0] ?? null;
      if (query.quarter !== undefined && !quarters.includes(query.quarter)) {
        return notFound('figures of a quarter that is over');
      }
      const cases = quarter === null ? [] : await endedIn(services, spanOf(quarter));
      const { sectors, sizes, regions } = linesOf(cases);
      return ok({
        quarter,
        quarters,
        least: fairnessLeast,
        total: totalOf(all(cases), fairnessLeast),
        sectors,
        sizes,
        regions,
      });
    }),
  ];
}

function linesOf(cases: readonly Case[]): Pick<Fairness, 'sectors' | 'sizes' | 'regions'> {
  const of = (by: Dimension, groups: readonly string[]): FairnessLine[] => [
    ...publish(
      cases.map((each) => ({ ...each, group: each[by] })),
      { groups, least: fairnessLeast },
    ),
  ];
  return {
    sectors: of('sector', partnerSectors),
    sizes: of('size', partnerSizes),
    regions: of('region', partnerRegions),
  };
}

function all(cases: readonly Case[]): readonly Ended[] {
  return cases.map((each) => ({ ...each, group: '' }));
}

/** Applications that came to their end within a span. */
async function endedIn(
  { database }: Services,
  span: { readonly from: Instant; readonly until: Instant },
): Promise<readonly Case[]> {
  const wholes = await database.read((r) => answeredAround(r, span));
  return wholes.flatMap((whole) => {
    const outcome = outcomeOf(stateOf(whole, []));
    if (outcome === null || outcome.at < span.from || outcome.at >= span.until) return [];
    const { sector, size, region } = whole.row;
    const { verdict, appealed, late, days } = outcome;
    return [{ sector, size, region, accepted: verdict === 'accept', appealed, late, days }];
  });
}
