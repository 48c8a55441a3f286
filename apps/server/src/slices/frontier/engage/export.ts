import { engage, terms } from '@breakwater/contract';
import type { ExportOf } from '../../../platform/directory/export-source.ts';

/** The engagements a party opened or signs in, with dates, terms and acts. */
export const exportOf: ExportOf = async function* (source) {
  for await (const { id, developer, government } of source.pages(engage.list)) {
    if (developer.id !== source.party && government.id !== source.party) continue;
    const params = { engagement: id };
    const engagement = await source.get(engage.get, { params });
    if (engagement === null) continue;
    yield { path: `engagements/${id}.json`, value: engagement };
    const dates = [];
    for await (const stated of source.pages(engage.dates, { params })) dates.push(stated);
    yield { path: `engagements/${id}/dates.json`, value: dates };
    const versions = await source.get(terms.list, { params });
    for (const { id: version } of versions?.items ?? []) {
      const each = await source.get(terms.get, { params: { ...params, terms: version } });
      if (each !== null) yield { path: `engagements/${id}/${version}.json`, value: each };
    }
    const acts = await source.get(engage.acts, { params });
    if (acts !== null) yield { path: `engagements/${id}/acts.json`, value: acts.items };
  }
};
