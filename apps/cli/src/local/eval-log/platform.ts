import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { filePart, logCodecs } from '@breakwater/evaluator/files';
import type { LogCodecs, LogSource } from '@breakwater/formats/eval-log';
import { Stop } from '../../stop.ts';

/** A log that lies in a file, and what Node lends for reading it. */
export interface LogFile extends AsyncDisposable {
  readonly source: LogSource;
  readonly codecs: LogCodecs;
}

/** Opens a file for reading. Unpacked samples go to nameless files that end with the command. */
export async function openLogFile(name: string): Promise<LogFile> {
  const file = await opened(name);
  const handles = [file];
  const scratch = async () => {
    const place = path.join(tmpdir(), `breakwater-log-${randomUUID()}`);
    const handle = await open(place, 'wx+', 0o600);
    handles.push(handle);
    await rm(place);
    return filePart(handle);
  };
  return {
    source: { size: (await file.stat()).size, read: filePart(file).read },
    codecs: { ...logCodecs, scratch },
    [Symbol.asyncDispose]: async () => {
      for (const handle of handles) await handle.close();
    },
  };
}

async function opened(name: string): Promise<FileHandle> {
  try {
    const file = await open(name, 'r');
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch {
    // told below
  }
  const todo = 'name a log that Inspect wrote';
  throw new Stop({ code: 'file-unreadable', expected: 'a file', got: name, todo });
}
