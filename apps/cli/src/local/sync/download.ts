import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { reasonOf } from '../../files.ts';
import { addressOf, type GetRefusal, get, unreachable } from './http-get.ts';

/** What tells one state of a file at an address from the next (RFC 9110, 8.8). */
export const Validators = z.object({
  etag: z.string().max(1_000).optional(),
  lastModified: z.string().max(100).optional(),
});
export type Validators = z.infer<typeof Validators>;

export interface Download {
  readonly address: string;
  /** Where what has come is kept; a `.json` beside it says what it is a part of. */
  readonly partial: string;
  /** Of what is kept already: where the source still has it, nothing is fetched. */
  readonly kept: Validators | null;
  readonly bytesMax: number;
  readonly signal: AbortSignal;
  readonly progress: (bytes: number, total: number | null) => void;
}

/** A whole file in the place of `partial`, or nothing new. */
export type Downloaded = ({ readonly sha256: string; readonly bytes: number } & Validators) | null;

export type DownloadRefusal =
  | GetRefusal
  | 'source-refused'
  | 'source-too-large'
  | 'download-interrupted';

/** Times that a broken connection is taken up again before the person is asked. */
const triesMax = 4;

const PartialNote = Validators.extend({ address: z.string() });

/**
 * Fetches one file, going on where an earlier try stopped.
 *
 * A part is continued only if the source says by `If-Range` that it is still part of the same file
 * (RFC 9110, 13.1.5 and 14.2); otherwise the file is fetched from the start. The part stays after
 * a failure, for the next run.
 */
export async function download(task: Download): Promise<Result<Downloaded, DownloadRefusal>> {
  const url = addressOf(task.address);
  if (!url.ok) return url;
  for (let tries = 1; ; tries++) {
    const step = await fetchOnce(url.value, task);
    if (!step.ok) return step;
    if (step.value !== 'cut') return ok(step.value);
    if (tries === triesMax) {
      const { size } = await stat(task.partial).catch(() => ({ size: 0 }));
      return interrupted(size);
    }
    await delay(100 * 2 ** tries, undefined, { signal: task.signal });
  }
}

async function fetchOnce(
  url: URL,
  task: Download,
): Promise<Result<Downloaded | 'cut', DownloadRefusal>> {
  const part = await partOf(task);
  const answer = await get(url, headersFor(part, task.kept), task.signal);
  if (!answer.ok) return answer;
  const { statusCode = 0, headers } = answer.value;
  if (statusCode === 304 && task.kept !== null) {
    answer.value.destroy();
    return ok(null);
  }
  if (statusCode === 416 && part !== null) {
    // The file is not so long any more: it is another.
    answer.value.destroy();
    await dropPart(task.partial);
    return ok('cut');
  }
  const from = statusCode === 206 ? continuedAt(headers['content-range'], part) : 0;
  if ((statusCode !== 200 && statusCode !== 206) || from === null) {
    answer.value.destroy();
    return sourceRefused(`status ${statusCode}`);
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    answer.value.destroy();
    return sourceRefused('an answer in an encoding that was not asked for');
  }
  const validators = validatorsOf(headers);
  if (from === 0) {
    await rm(task.partial, { force: true });
    await writeFile(noteOf(task.partial), JSON.stringify({ address: task.address, ...validators }));
  }
  const total = totalOf(headers['content-length'], from);
  if (total !== null && total > task.bytesMax) {
    answer.value.destroy();
    return tooLarge(task.bytesMax);
  }
  return await receive(answer.value, { task, url, from, total, validators });
}

interface Part extends Validators {
  readonly size: number;
}

/** What is there of the same address and can be asked for by a strong validator; else null. */
async function partOf({ partial, address }: Download): Promise<Part | null> {
  try {
    const note = PartialNote.parse(JSON.parse(await readFile(noteOf(partial), 'utf8')));
    const { size } = await stat(partial);
    const strong = note.etag !== undefined && !note.etag.startsWith('W/');
    if (note.address !== address || size === 0 || !(strong || note.lastModified)) return null;
    return { ...note, size };
  } catch {
    return null;
  }
}

function headersFor(part: Part | null, kept: Validators | null): Record<string, string> {
  const headers: Record<string, string> = {
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'breakwater',
  };
  if (part !== null) {
    const strong = part.etag !== undefined && !part.etag.startsWith('W/') ? part.etag : undefined;
    headers['range'] = `bytes=${part.size}-`;
    headers['if-range'] = strong ?? part.lastModified ?? '';
  } else if (kept?.etag !== undefined) headers['if-none-match'] = kept.etag;
  else if (kept?.lastModified !== undefined) headers['if-modified-since'] = kept.lastModified;
  return headers;
}

/** The position a 206 goes on from, if it is where our part ends. */
function continuedAt(range: string | undefined, part: Part | null): number | null {
  const [, from] = /^bytes (\d{1,15})-\d{1,15}\/(?:\d{1,15}|\*)$/.exec(range ?? '') ?? [];
  return part !== null && Number(from) === part.size ? part.size : null;
}

function validatorsOf(headers: IncomingMessage['headers']): Validators {
  const { etag } = headers;
  const lastModified = headers['last-modified'];
  return {
    ...(etag === undefined || etag.length > 1_000 ? {} : { etag }),
    ...(lastModified === undefined || lastModified.length > 100 ? {} : { lastModified }),
  };
}

function totalOf(length: string | undefined, from: number): number | null {
  return length !== undefined && /^\d{1,15}$/.test(length) ? from + Number(length) : null;
}

interface Receipt {
  readonly task: Download;
  readonly url: URL;
  readonly from: number;
  readonly total: number | null;
  readonly validators: Validators;
}

async function receive(
  body: IncomingMessage,
  { task, url, from, total, validators }: Receipt,
): Promise<Result<Downloaded | 'cut', DownloadRefusal>> {
  let bytes = from;
  try {
    await using file = await open(task.partial, 'a', 0o600);
    for await (const chunk of body) {
      const part: Uint8Array = chunk; // the body of an answer without an encoding is bytes
      bytes += part.length;
      if (bytes > task.bytesMax) {
        body.destroy();
        return tooLarge(task.bytesMax);
      }
      await file.writeFile(part);
      task.progress(bytes, total);
    }
    await file.sync();
  } catch (error) {
    task.signal.throwIfAborted();
    if (!isBroken(error)) return unreachable(url, reasonOf(error));
    return ok('cut');
  }
  if (!body.complete || (total !== null && bytes < total)) return ok('cut');
  return ok({ sha256: await digestOfFile(task.partial), bytes, ...validators });
}

/** A connection that ended early, in the codes of Node. */
function isBroken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'EPIPE', 'ETIMEDOUT'].includes(code);
}

/** The SHA-256 of a file, as `sha256:` and hex digits. */
export async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part);
  return `sha256:${hash.digest('hex')}`;
}

/** Removes a part and what was noted about it. */
export async function dropPart(partial: string): Promise<void> {
  await rm(partial, { force: true });
  await rm(noteOf(partial), { force: true });
}

function noteOf(partial: string): string {
  return `${partial}.json`;
}

function sourceRefused(got: string): Result<never, 'source-refused'> {
  return refuse({
    code: 'source-refused' as const,
    expected: 'the data (200, or 206 for the rest of it)',
    got,
    todo: 'check the address, or fetch the file yourself and give its path',
  });
}

function tooLarge(bytesMax: number): Result<never, 'source-too-large'> {
  return refuse({
    code: 'source-too-large' as const,
    expected: `at most ${bytesMax} bytes`,
    got: 'more',
    todo: 'check the address: this is not the file that it should be',
  });
}

function interrupted(bytes: number): Result<never, 'download-interrupted'> {
  return refuse({
    code: 'download-interrupted' as const,
    expected: 'the whole file',
    got: `${bytes} bytes, the connection broken ${triesMax} times`,
    todo: 'run the same command again: it goes on where it stopped',
  });
}
