import { designate } from '@breakwater/contract';
import type { ExportOf } from '../../../platform/directory/export-source.ts';

/** Files that a party keeps, rules it registered, and determinations that it may see. */
export const exportOf: ExportOf = async function* (source) {
  for await (const rule of source.pages(designate.rules)) {
    if (rule.by.id === source.party) yield { path: `rules/${rule.id}.json`, value: rule };
  }
  for await (const { id, keeper } of source.pages(designate.files)) {
    if (keeper.id !== source.party) continue;
    const file = await source.get(designate.file, { params: { file: id } });
    if (file !== null) yield { path: `files/${id}.json`, value: file };
  }
  for await (const each of source.pages(designate.determinations)) {
    yield { path: `determinations/${each.id}.json`, value: each };
  }
};
