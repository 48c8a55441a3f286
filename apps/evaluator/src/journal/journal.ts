import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ok, type Result, refuse } from '@breakwater/kernel';
import type { z } from 'zod';
import type { JournalRecord } from './records.ts';
import { syncFolder } from './sync-folder.ts';

export type JournalRefusal = 'journal-damaged' | 'journal-too-large';

/** A journal is one sample's; one of more bytes was not written here. */
const bytesMax = 1024 * 1024 * 1024;

/**
 * An append-only journal, as of one sample: a line of JSON for each record. `append` resolves when
 * the record is on the disk. A last line that was cut off is dropped when the journal is opened;
 * damage before it is refused. One writer: the run's lock sees to it.
 */
export class Journal<R = JournalRecord> {
  readonly #file: FileHandle;
  readonly #records: R[];

  private constructor(file: FileHandle, records: readonly R[]) {
    this.#file = file;
    this.#records = [...records];
  }

  /** All that is on the disk. */
  get records(): readonly R[] {
    return this.#records;
  }

  /** Opens a journal of such records, or begins it. */
  static async open<R>(
    place: string,
    form: z.ZodType<R>,
  ): Promise<Result<Journal<R>, JournalRefusal>> {
    await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
    // What is no record is cut off: never behind a link, where other people's files are.
    const own = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
    const file = await open(place, own, 0o600);
    const { size } = await file.stat();
    if (size > bytesMax) {
      await file.close();
      return damaged('journal-too-large', `${place} of ${size} bytes`);
    }
    const bytes = await readFile(place);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    const records = recordsOf(bytes.subarray(0, whole).toString('utf8'), { place, form });
    if (!records.ok) {
      await file.close();
      return records;
    }
    await file.truncate(records.value.bytes);
    await file.sync();
    await syncFolder(path.dirname(place));
    return ok(new Journal(file, records.value.records));
  }

  async append(record: R): Promise<void> {
    await this.#file.appendFile(`${JSON.stringify(record)}\n`);
    await this.#file.datasync();
    this.#records.push(record);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

interface Whole<R> {
  readonly records: readonly R[];
  readonly bytes: number;
}

/** After a loss of power the last line may hold anything; every earlier one was synced. */
function recordsOf<R>(
  text: string,
  { place, form }: { readonly place: string; readonly form: z.ZodType<R> },
): Result<Whole<R>, JournalRefusal> {
  const lines = text.split('\n').slice(0, -1);
  const records: R[] = [];
  let bytes = 0;
  for (const [i, line] of lines.entries()) {
    const record = form.safeParse(jsonOf(line));
    if (record.success) {
      records.push(record.data);
      bytes += Buffer.byteLength(line) + 1;
    } else if (i + 1 < lines.length) {
      return damaged('journal-damaged', `${place}, line ${i + 1}`);
    }
  }
  return ok({ records, bytes });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function damaged(code: JournalRefusal, got: string) {
  return refuse({
    code,
    expected: 'a journal as it was written',
    got,
    todo: 'take the folder from a backup, or begin a new run',
  });
}
