import { distribute } from '@breakwater/contract';
import type { ExportOf } from '../../../platform/directory/export-source.ts';
import type { Services } from '../../../services.ts';
import { inventoryFile } from './store.ts';

/** An operator's inventories as they were uploaded, and its notices with their receipts. */
export function exportOf({ database, content }: Services): ExportOf {
  return async function* (source) {
    for await (const inventory of source.pages(distribute.listInventories)) {
      const { id } = inventory;
      yield { path: `inventories/${id}.json`, value: inventory };
      const place = await database.read((r) => inventoryFile(r, id, source.party));
      const bytes = place === null ? null : await content.get(place);
      if (bytes !== null) yield { path: `contents/${id}/inventory`, value: bytes };
    }
    for await (const { id } of source.pages(distribute.listNotices)) {
      const notice = await source.get(distribute.notice, { params: { notice: id } });
      if (notice !== null) yield { path: `notices/${id}.json`, value: notice };
    }
  };
}
