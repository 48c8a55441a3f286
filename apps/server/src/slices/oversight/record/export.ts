import { record } from '@breakwater/contract';
import type { ExportOf } from '../../../platform/directory/export-source.ts';

/** The timelines of the party's cases, and for each of its own acts the proof that the log has it. */
export const exportOf: ExportOf = async function* (source) {
  for (const id of await source.cases()) {
    const timeline = await source.get(record.timeline, { params: { case: id } });
    if (timeline === null) continue;
    yield { path: `cases/${id}/timeline.json`, value: timeline.items };
    for (const { entry, actor } of timeline.items) {
      if (actor?.id !== source.party) continue;
      const disclosure = await source.get(record.disclose, { params: { entry } });
      // null while its batch is not signed yet.
      if (disclosure !== null) yield { path: `log/${entry}.json`, value: disclosure };
    }
  }
};
