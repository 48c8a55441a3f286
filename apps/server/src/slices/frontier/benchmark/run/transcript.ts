import { type EvalLogCode, openEvalLog } from '@breakwater/formats/eval-log';
import { ok, type Result } from '@breakwater/kernel';
import type { Services } from '../../../../services.ts';
import { codecs, logSource } from './log-source.ts';
import type { SampleRow } from './sample-store.ts';
import { partsOf } from './store.ts';

interface Page {
  readonly from: number;
  readonly total: number;
  readonly next: number | null;
  readonly items: { at: number; bytes: number; event: Record<string, unknown> | null }[];
}

/** One page of the events of a sample, read out of the parts of its log. */
export async function transcriptOf(
  services: Services,
  sample: SampleRow,
  range: { readonly from: number; readonly limit: number },
): Promise<Result<Page, EvalLogCode>> {
  const parts = await services.database.read((r) => partsOf(r, sample.run));
  const log = await openEvalLog(logSource(services.content, parts), codecs);
  if (!log.ok) return log;
  const named = await log.value.summaries({ from: sample.place, limit: 1 });
  if (!named.ok) return named;
  const [summary] = named.value.items;
  if (summary === undefined) throw new Error(`${sample.id} is not in its log`);
  const opened = await log.value.sample({ id: summary.id, epoch: summary.epoch });
  if (!opened.ok) return opened;
  const page = await opened.value.events(range);
  if (!page.ok) return page;
  const { from, total, next, items } = page.value;
  return ok({
    from,
    total,
    next,
    // What is not a number in JSON, such as the NaN of a score, is told as null.
    items: items.map(({ at, bytes, value }) => ({ at, bytes, event: jsonOf(value) })),
  });
}

function jsonOf(value: object | null): Record<string, unknown> | null {
  return value === null ? null : (JSON.parse(JSON.stringify(value)) as Record<string, unknown>); // as it was
}
