import { wishes } from '@breakwater/contract';
import type { ExportOf } from '../../../../platform/directory/export-source.ts';

/** The wishes the party stated. */
export const exportOf: ExportOf = async function* (source) {
  for await (const item of source.pages(wishes.listWishes)) {
    if (item.source.by.id === source.party) yield { path: `wishes/${item.id}.json`, value: item };
  }
};
