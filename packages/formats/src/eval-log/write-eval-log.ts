import { ok, type Result } from '@breakwater/kernel';
import { z } from 'zod';
import { type EvalLogCode, fault, guarded } from './fault.ts';
import { formatLogJson } from './log-json.ts';
import { openMembers, readMembers } from './open-archive.ts';
import {
  CompleteSample,
  type EventsToWrite,
  type SampleToWrite,
  textOfSample,
} from './sample-to-text.ts';
import { shaped } from './shaped.ts';
import { LogHeader, LogReduction, type SampleSummary } from './shapes.ts';
import type { LogSink, LogSource } from './source.ts';
import { keyText, type SampleKey, summaryOf } from './summaries.ts';
import { type WriteCodecs, ZipWriter } from './zip-writer.ts';

/** What stands fast before the first sample: `start.json`. */
export const LogStart = LogHeader.pick({ eval: true, plan: true });
export type LogStart = z.input<typeof LogStart>;

/** What stands fast after the last one; `eval` and `plan` are those of the start. */
export const LogEnd = LogHeader.omit({ version: true, eval: true, plan: true }).extend({
  status: z.enum(['success', 'cancelled', 'error']),
});
export type LogEnd = z.input<typeof LogEnd>;

/** A log that is being written. One call at a time; after a refusal nothing was added. */
export interface LogWriter {
  /** Samples that are in the file. */
  readonly done: () => readonly SampleKey[];
  /** Adds a finished sample; one of the same id and epoch takes the place of the earlier. */
  readonly sample: (
    sample: SampleToWrite,
    events: EventsToWrite,
  ) => Promise<Result<null, EvalLogCode>>;
  /** Writes summaries of the samples since the last time, and the directory: any reader opens it. */
  readonly flush: () => Promise<Result<null, EvalLogCode>>;
  /** Writes summaries, reductions and header. Nothing can be added after it. */
  readonly finish: (
    end: LogEnd,
    reductions?: readonly LogReduction[],
  ) => Promise<Result<null, EvalLogCode>>;
}

/** The version of the log that Inspect 0.3.260 writes. */
const version = 2;
const encoder = new TextEncoder();

/**
 * Begins an `.eval` log in an empty file. The bytes follow from what is written and from the coder
 * alone: no time, no chance. Inspect wants the name `{created, ':' as '-'}_{task}_{task_id}.eval`.
 */
export async function beginEvalLog(
  sink: LogSink,
  codecs: WriteCodecs,
  start: LogStart,
): Promise<Result<LogWriter, EvalLogCode>> {
  return await guarded(async () => {
    const begun = shaped(LogStart, start, 'the start');
    const zip = new ZipWriter(sink, codecs, { members: [], start: 0 });
    const writer = new Writing(zip, begun);
    await zip.add('_journal/start.json', textOf({ version, ...begun }));
    await zip.writeDirectory();
    return writer;
  });
}

/**
 * Goes on with a log that was not finished. A file that was cut off while a member was written is
 * read up to there: a sample that is not whole is not in `done`, and is to be run again.
 */
export async function resumeEvalLog(
  file: LogSource & LogSink,
  codecs: WriteCodecs,
): Promise<Result<LogWriter, EvalLogCode>> {
  return await guarded(async () => {
    const directory = await readMembers(file, codecs);
    const log = await openMembers(directory, file, codecs);
    if (log.isFinished) {
      const todo = 'begin a new log';
      throw fault('out-of-order', {
        expected: 'a log without header',
        got: 'a finished one',
        todo,
      });
    }
    const zip = new ZipWriter(file, codecs, {
      members: directory.members.values(),
      start: directory.start,
    });
    const writing = new Writing(zip, log.header);
    const names = [...directory.members.keys()];
    for await (const summary of log.summaries()) {
      if (directory.members.has(`samples/${keyText(summary)}.json`)) writing.know(summary, 'told');
    }
    for (const name of names) {
      const found = /^samples\/(.+)_epoch_(\d{1,9})\.json$/su.exec(name);
      if (found === null || writing.knows(`${found[1]}_epoch_${found[2]}`)) continue;
      const key = { id: found[1] ?? '', epoch: Number(found[2]) };
      const { head, messageCount } = await log.sample(key);
      writing.know(summaryOf(head, messageCount), 'untold');
    }
    writing.journals = names.filter((name) => name.startsWith('_journal/summaries/')).length;
    return writing;
  });
}

class Writing implements LogWriter {
  readonly #zip: ZipWriter;
  readonly #start: z.infer<typeof LogStart>;
  /** By the sample's name. */
  readonly #summaries = new Map<string, SampleSummary>();
  #untold: string[] = [];
  #isFinished = false;
  /** Lists of summaries that are in the file. */
  journals = 0;

  constructor(zip: ZipWriter, start: z.infer<typeof LogStart>) {
    this.#zip = zip;
    this.#start = start;
  }

  done(): readonly SampleKey[] {
    return [...this.#summaries.values()].map(({ id, epoch }) => ({ id, epoch }));
  }

  knows(name: string): boolean {
    return this.#summaries.has(name);
  }

  know(summary: SampleSummary, told: 'told' | 'untold'): void {
    const name = keyText(summary);
    this.#summaries.set(name, summary);
    if (told === 'untold') this.#untold.push(name);
  }

  sample(sample: SampleToWrite, events: EventsToWrite): Promise<Result<null, EvalLogCode>> {
    return this.#step(async () => {
      const whole = shaped(CompleteSample, sample, 'a sample');
      await this.#zip.add(`samples/${keyText(whole)}.json`, textOfSample(whole, events));
      this.know(summaryOf(whole, whole.messages.length), 'untold');
    });
  }

  flush(): Promise<Result<null, EvalLogCode>> {
    return this.#step(async () => {
      await this.#journal();
      await this.#zip.writeDirectory();
    });
  }

  finish(
    end: LogEnd,
    reductions: readonly LogReduction[] = [],
  ): Promise<Result<null, EvalLogCode>> {
    return this.#step(async () => {
      const header = this.#header(shaped(LogEnd, end, 'the end'));
      const reduced = shaped(z.array(LogReduction), reductions, 'the reductions');
      await this.#journal();
      await this.#zip.add('summaries.json', textOf([...this.#summaries.values()]));
      if (reduced.length > 0) await this.#zip.add('reductions.json', textOf(reduced));
      await this.#zip.add('header.json', textOf(header));
      await this.#zip.writeDirectory();
      this.#isFinished = true;
    });
  }

  async #step(work: () => Promise<void>): Promise<Result<null, EvalLogCode>> {
    const done = await guarded(async () => {
      if (this.#isFinished) {
        const todo = 'begin a new log';
        throw fault('out-of-order', {
          expected: 'a log that is open',
          got: 'a finished one',
          todo,
        });
      }
      await work();
    });
    return done.ok ? ok(null) : done;
  }

  async #journal(): Promise<void> {
    const names = [...new Set(this.#untold)];
    if (names.length === 0) return;
    const summaries = names.flatMap((name) => this.#summaries.get(name) ?? []);
    await this.#zip.add(`_journal/summaries/${this.journals + 1}.json`, textOf(summaries));
    this.journals += 1;
    this.#untold = [];
  }

  /** Inspect's order of members, which is part of the format. */
  #header(end: z.infer<typeof LogEnd>): LogHeader {
    const { status, results, stats, error, invalidated = false, ...others } = end;
    const { eval: spec, plan } = this.#start;
    return {
      version,
      status,
      eval: spec,
      plan,
      ...(results !== undefined && { results }),
      stats: stats ?? {},
      ...(error !== undefined && { error }),
      invalidated,
      ...others,
    };
  }
}

async function* textOf(value: unknown): AsyncGenerator<Uint8Array> {
  yield encoder.encode(formatLogJson(value));
}
