import { ok, type Result } from '@breakwater/kernel';
import { notFound, type RangedAnswer } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { accessTo } from './access.ts';
import { logSource } from './log-source.ts';
import { findRun, partsOf } from './store.ts';

/** Sent at once; between two pieces it is asked again whether the reader still may. */
const pieceBytes = 256 * 1024;

/**
 * BEN-11: the bytes of a log, for whoever may see every item and every result of its run. What was
 * taken back while they were under way ends them there.
 */
export async function logBytes(
  services: Services,
  asked: { readonly run: string; readonly party: string },
): Promise<Result<RangedAnswer>> {
  const found = await services.database.read(async (r) => {
    const run = await findRun(r, asked.run);
    const access = run === null ? null : await accessTo(r, run, asked.party);
    const may = run?.state === 'taken-in' && access?.transcripts === 'all';
    return may ? { run, parts: await partsOf(r, asked.run) } : null;
  });
  if (found === null) return notFound('a log');
  const { run, parts } = found;
  // Before anything is sent: what breaks off later can only be cut.
  for (const { content } of parts) {
    if (!(await services.content.holds(content))) return notFound('a log');
  }
  const source = logSource(services.content, parts);
  const stillMay = async () =>
    (await services.database.read((r) => accessTo(r, run, asked.party))).transcripts === 'all';
  return ok({
    size: source.size,
    fileName: 'run.eval',
    open(from, to) {
      let at = from;
      return new ReadableStream<Uint8Array>({
        async pull(controller) {
          if (at >= to) {
            controller.close();
            return;
          }
          if (!(await stillMay())) throw new Error('taken back while it was read');
          const end = Math.min(to, at + pieceBytes);
          controller.enqueue(await source.read(at, end));
          at = end;
        },
      });
    },
  });
}
