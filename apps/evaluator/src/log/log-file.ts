import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import {
  beginEvalLog,
  type EvalLogCode,
  type LogStart,
  type LogWriter,
  resumeEvalLog,
} from '@breakwater/formats/eval-log';
import { ok, type Result } from '@breakwater/kernel';
import { filePart, logCodecs } from '../files/log-file-parts.ts';
import { syncFolder } from '../journal/sync-folder.ts';
import { endOf } from './results.ts';
import type { LoggedSample } from './sample-of.ts';

/**
 * The log of a run while it grows: any reader of Inspect's logs opens it after each sample, as one
 * of a run that goes on. A log that was cut off while it was written goes on behind its last whole
 * sample; what is missing in it is still in the journals.
 */
export class LogFile {
  readonly #file: FileHandle;
  /** null: the log is finished already. */
  readonly #writer: LogWriter | null;
  /** One step at a time. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: FileHandle, writer: LogWriter | null) {
    this.#file = file;
    this.#writer = writer;
  }

  static async open(place: string, start: LogStart): Promise<Result<LogFile, EvalLogCode>> {
    // What is no log is begun anew: never behind a link, where other people's files are.
    const own = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
    const file = await open(place, own, 0o600);
    const { size } = await file.stat();
    const parts = { ...filePart(file), size };
    let writer = await (size === 0
      ? beginEvalLog(parts, logCodecs, start)
      : resumeEvalLog(parts, logCodecs));
    if (!writer.ok && writer.refusal.code !== 'out-of-order') {
      // Cut off before its first sample was whole: all of them are in the journals.
      await file.truncate(0);
      writer = await beginEvalLog(parts, logCodecs, start);
    }
    await syncFolder(path.dirname(place));
    if (writer.ok) return ok(new LogFile(file, writer.value));
    // A run that was stopped after its last word: nothing is left to write.
    if (writer.refusal.code === 'out-of-order') return ok(new LogFile(file, null));
    await file.close();
    return writer;
  }

  /** Adds a finished sample, unless it is there. */
  async add({ sample, events }: LoggedSample): Promise<Result<null, EvalLogCode>> {
    return await this.#step(async () => {
      if (this.#writer === null) return ok(null);
      const { id, epoch } = sample;
      const isThere = this.#writer.done().some((each) => each.id === id && each.epoch === epoch);
      if (isThere) return ok(null);
      const written = await this.#writer.sample(sample, events);
      if (!written.ok) return written;
      return await this.#writer.flush();
    });
  }

  /** Writes the figures of all samples. Nothing can be added after it. */
  async finish(
    samples: readonly LoggedSample['sample'][],
    times: { readonly startedAt: string; readonly completedAt: string },
  ): Promise<Result<null, EvalLogCode>> {
    return await this.#step(async () => {
      if (this.#writer === null) return ok(null);
      const { end, reductions } = endOf(samples, times);
      return await this.#writer.finish(end, reductions);
    });
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    await this.#file.close();
  }

  async #step(work: () => Promise<Result<null, EvalLogCode>>): Promise<Result<null, EvalLogCode>> {
    const mine = this.#last.then(async () => {
      const done = await work();
      await this.#file.datasync();
      return done;
    });
    this.#last = mine.catch(() => undefined);
    return await mine;
  }
}
