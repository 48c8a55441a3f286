import { collect, record } from '@breakwater/contract';
import type { ExportOf } from '../../../platform/directory/export-source.ts';

/** What the party handed in, byte for byte, and how it is credited. */
export const exportOf: ExportOf = async function* (source) {
  for await (const { finding } of source.pages(collect.listMine)) {
    const whole = await source.get(collect.get, { params: { finding } });
    if (whole === null) continue;
    yield { path: `findings/${finding}.json`, value: whole };
    for (const { content, name } of whole.contents) {
      const bytes = await source.file(record.content, { params: { content } });
      if (bytes !== null) yield { path: `contents/${content}/${name}`, value: bytes };
    }
  }
  const credit = await source.get(collect.credit);
  if (credit !== null) yield { path: 'credit.json', value: credit };
};
