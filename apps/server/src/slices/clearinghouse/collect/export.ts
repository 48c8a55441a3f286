import { collect, record } from '@breakwater/contract';
import type { ExportOf } from '../../../platform/directory/export-source.ts';

/** What the party handed in, byte for byte, and how it is credited. */
export const exportOf: ExportOf = async function* (source) {
  // A report is named beside each finding it brought.
  const written = new Set<string>();
  for await (const { finding } of source.pages(collect.listMine)) {
    const whole = await source.get(collect.get, { params: { finding } });
    if (whole === null) continue;
    yield { path: `findings/${finding}.json`, value: whole };
    for (const { content, name } of whole.contents) {
      if (written.has(content)) continue;
      written.add(content);
      const bytes = await source.file(record.content, { params: { content } });
      if (bytes !== null) yield { path: `contents/${content}/${name}`, value: bytes };
    }
  }
  const credit = await source.get(collect.credit);
  if (credit !== null) yield { path: 'credit.json', value: credit };
};
