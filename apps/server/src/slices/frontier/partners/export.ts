import { partners } from '@breakwater/contract';
import type { ExportOf } from '../../../platform/directory/export-source.ts';

/** The party's own applications with all that it sees of them, its tiers, and what it nominated. */
export const exportOf: ExportOf = async function* (source) {
  for await (const { id, as } of source.pages(partners.applications)) {
    if (as !== 'applicant') continue;
    const value = await source.get(partners.application, { params: { application: id } });
    if (value !== null) yield { path: `partners/${id}.json`, value };
  }
  const own = await source.get(partners.ownTiers);
  if (own !== null && own.items.length > 0) yield { path: 'partners/tiers.json', value: own.items };
  const nominated = [];
  for await (const nomination of source.pages(partners.nominations)) nominated.push(nomination);
  if (nominated.length > 0) yield { path: 'partners/nominations.json', value: nominated };
};
