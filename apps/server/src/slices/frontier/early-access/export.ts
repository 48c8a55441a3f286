import { earlyAccess } from '@breakwater/contract';
import type { ExportOf } from '../../../platform/directory/export-source.ts';

/** The windows that the party may see, its plans, and its grants with what was done by them. */
export const exportOf: ExportOf = async function* (source) {
  const engagements = new Set<string>();
  for await (const window of source.pages(earlyAccess.windows)) {
    const { id, engagement } = window;
    yield { path: `windows/${id}.json`, value: window };
    const list = await source.get(earlyAccess.accessList, { params: { window: id } });
    if (list !== null) yield { path: `windows/${id}-access-list.json`, value: list.items };
    if (engagements.has(engagement)) continue;
    engagements.add(engagement);
    const plans = await source.get(earlyAccess.plans, { params: { engagement } });
    for (const plan of plans?.items ?? []) yield { path: `plans/${plan.id}.json`, value: plan };
  }
  for await (const grant of source.pages(earlyAccess.grants)) {
    yield { path: `grants/${grant.id}.json`, value: grant };
    const of = { params: { grant: grant.id } };
    const uses = [];
    for await (const use of source.pages(earlyAccess.uses, of)) uses.push(use);
    if (uses.length > 0) yield { path: `grants/${grant.id}-uses.json`, value: uses };
    const taken = [];
    for await (const each of source.pages(earlyAccess.exports, of)) taken.push(each);
    if (taken.length > 0) yield { path: `grants/${grant.id}-exports.json`, value: taken };
  }
};
