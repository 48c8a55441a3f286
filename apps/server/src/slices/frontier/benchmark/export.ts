import { runs, suites } from '@breakwater/contract';
import type { ExportOf } from '../../../platform/directory/export-source.ts';

/** The suites the party keeps with their items, and the runs it brought with their samples. */
export const exportOf: ExportOf = async function* (source) {
  for await (const suite of source.pages(suites.suites)) {
    if (suite.keeper.id !== source.party) continue;
    yield { path: `suites/${suite.id}.json`, value: suite };
    for await (const { id } of source.pages(suites.items, { params: { suite: suite.id } })) {
      const item = await source.get(suites.item, { params: { item: id } });
      if (item !== null) yield { path: `suites/${suite.id}/${id}.json`, value: item };
    }
  }
  for await (const { id, by } of source.pages(runs.runs)) {
    if (by.id !== source.party) continue;
    const run = await source.get(runs.run, { params: { run: id } });
    if (run === null) continue;
    yield { path: `runs/${id}.json`, value: run };
    const samples = [];
    for await (const sample of source.pages(runs.samples, { params: { run: id } })) {
      samples.push(sample);
    }
    if (samples.length > 0) yield { path: `runs/${id}-samples.json`, value: samples };
  }
};
