import { verify } from '@breakwater/contract';
import type { ExportOf } from '../../../platform/directory/export-source.ts';

/** The patches the party proposed. */
export const exportOf: ExportOf = async function* (source) {
  for (const id of await source.cases()) {
    const list = await source.get(verify.list, { params: { case: id } });
    for (const patch of list?.items ?? []) {
      if (patch.by.id !== source.party) continue;
      yield { path: `patches/${patch.id}.json`, value: patch };
      const diff = await source.file(verify.file, { params: { patch: patch.id } });
      if (diff !== null) yield { path: `patches/${patch.id}.diff`, value: diff };
    }
  }
};
