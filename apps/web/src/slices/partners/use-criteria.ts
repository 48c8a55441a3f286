import type { PartnerCriterion } from '@breakwater/contract';
import { partners } from '@breakwater/contract';
import { useLoad } from '../session/server.ts';

/** The criteria of one version, or the newest, by their ids; none until they have come. */
export function useCriteria(version: number | null): ReadonlyMap<string, PartnerCriterion> {
  const { loaded } = useLoad(partners.criteria, version === null ? {} : { query: { version } });
  const criteria = loaded.state === 'ready' ? loaded.data.criteria : [];
  return new Map(criteria.map((criterion) => [criterion.id, criterion]));
}
