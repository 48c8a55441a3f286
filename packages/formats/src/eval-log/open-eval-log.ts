import { ok, type Result } from '@breakwater/kernel';
import type { EvalLog, LogPage, LogRange } from './eval-log.ts';
import { type EvalLogCode, fault, guarded, LogFault } from './fault.ts';
import { evalLogLimits as limits } from './limits.ts';
import { openArchive } from './open-archive.ts';
import { openDocument } from './open-document.ts';
import { asEvents, type LogSample, withinBounds } from './sample.ts';
import type { ListItem } from './sample-lists.ts';
import type { LogHeader, LogReduction, SampleSummary } from './shapes.ts';
import { type LogCodecs, type LogSource, readExactly } from './source.ts';
import type { SampleKey } from './summaries.ts';

/** The latest version of the log that is known here; what is new in it is kept as it is. */
const versionMax = 3;

/** A log in one of the two forms, behind the same doors. */
export interface OpenedLog {
  readonly form: EvalLog['form'];
  readonly isFinished: boolean;
  readonly header: LogHeader;
  readonly sampleCount: number;
  readonly summaries: () => AsyncGenerator<SampleSummary>;
  /** How many summaries come; null: nobody knows before they are read. */
  readonly count: () => Promise<number>;
  readonly reductions: () => Promise<readonly LogReduction[]>;
  readonly sample: (key: SampleKey) => Promise<LogSample>;
  readonly firstEvents: (key: SampleKey, limit: number) => Promise<readonly ListItem[]>;
}

/**
 * Opens a log of Inspect (inspect_ai 0.3.40 to 0.3.260), `.eval` or `.json`; the first bytes tell
 * which. Of an archive only its directory and its header are read; a JSON log is gone through once.
 *
 * Out: the log, or a refusal. What the source throws is thrown on.
 */
export async function openEvalLog(
  source: LogSource,
  codecs: LogCodecs,
): Promise<Result<EvalLog, EvalLogCode>> {
  return await guarded(async () => {
    const head = await readExactly(source, 0, Math.min(source.size, 64));
    const opened = await openByHead(head, source, codecs);
    const { version } = opened.header;
    if (version > versionMax) {
      const expected = `version 1 to ${versionMax} of the log`;
      const todo = 'write it with an earlier release of Inspect, or update this program';
      throw fault('version-unknown', { expected, got: `version ${version}`, todo });
    }
    return logOf(opened);
  });
}

async function openByHead(
  head: Uint8Array,
  source: LogSource,
  codecs: LogCodecs,
): Promise<OpenedLog> {
  const text = new TextDecoder().decode(head);
  if (text.startsWith('PK\u0003\u0004')) return await openArchive(source, codecs);
  if (/^\s*\{/.test(text)) return await openDocument(source);
  throw fault('not-a-log', {
    expected: 'a log of Inspect: an archive (.eval) or a JSON object (.json)',
    got: 'a file that begins otherwise',
  });
}

function logOf(opened: OpenedLog): EvalLog {
  const { form, isFinished, header, sampleCount } = opened;
  return {
    form,
    status: isFinished ? header.status : 'started',
    isFinished,
    header,
    sampleCount,
    summaries: (range) => guarded(() => summaryPage(opened, range)),
    eachSummary: () => eachSummary(opened),
    reductions: () => guarded(opened.reductions),
    sample: (key) => guarded(() => opened.sample(key)),
    firstEvents: (key, limit) =>
      guarded(async () => {
        const range = withinBounds({ from: 0, limit }, limits.pageItemsMax);
        return range.limit === 0 ? [] : asEvents(await opened.firstEvents(key, range.limit));
      }),
  };
}

async function summaryPage(opened: OpenedLog, range: LogRange): Promise<LogPage<SampleSummary>> {
  const total = await opened.count();
  const { from, limit } = withinBounds(range, total);
  const items: SampleSummary[] = [];
  let at = 0;
  if (limit > 0) {
    for await (const summary of opened.summaries()) {
      if (at >= from) items.push(summary);
      at += 1;
      if (items.length === limit) break;
    }
  }
  const next = from + items.length;
  return { from, total, items, next: next < total ? next : null };
}

async function* eachSummary(
  opened: OpenedLog,
): AsyncGenerator<SampleSummary, Result<null, EvalLogCode>> {
  try {
    yield* opened.summaries();
    return ok(null);
  } catch (error) {
    if (error instanceof LogFault) return { ok: false, refusal: error.refusal };
    throw error;
  }
}
