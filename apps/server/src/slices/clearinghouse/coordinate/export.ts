import { coordinate } from '@breakwater/contract';
import type { ExportOf } from '../../../platform/directory/export-source.ts';

/** The cases the party takes part in, and what it wrote there. */
export const exportOf: ExportOf = async function* (source) {
  for (const id of await source.cases()) {
    const params = { case: id };
    const room = await source.get(coordinate.get, { params });
    if (room === null) continue;
    yield { path: `cases/${id}/case.json`, value: room };
    const written = [];
    for await (const message of source.pages(coordinate.messages, { params })) {
      if (message.author.id === source.party) written.push(message);
    }
    if (written.length > 0) yield { path: `cases/${id}/messages.json`, value: written };
  }
};
