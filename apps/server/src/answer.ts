import { commonRefusals, type Operation, type Problem } from '@breakwater/contract';
import type { Refusal } from '@breakwater/kernel';
import type { Context } from 'hono';
import { chooseRange } from './byte-range.ts';
import type { FileAnswer, RangedAnswer, StreamAnswer } from './route.ts';

/** The status that an operation declares for a refusal. */
export function statusOf(operation: Operation, code: string): number {
  const known: Readonly<Record<string, number>> = { ...commonRefusals, ...operation.refusals };
  const status = known[code];
  if (status === undefined)
    throw new Error(`${operation.id} refused with ${code}, which it does not declare`);
  return status;
}

/** A refusal as an RFC 9457 problem; the status is that of the common refusals unless told. */
export function answerRefusal(c: Context, refusal: Refusal, status?: number): Response {
  const code = status ?? (commonRefusals as Readonly<Record<string, number>>)[refusal.code] ?? 500;
  const problem: Problem = {
    type: `urn:breakwater:problem:${refusal.code}`,
    title: refusal.code.replaceAll('-', ' '),
    status: code,
    detail: `Expected ${refusal.expected}; got ${refusal.got}. ${upper(refusal.todo)}.`,
    ...refusal,
  };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (code === 401) headers['www-authenticate'] = 'Bearer';
  return c.body(JSON.stringify(problem), code as 400, headers); // any status; the type lists a few
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A file to be kept. */
export function answerFile(file: FileAnswer, mediaType: string): Response {
  return new Response(new Uint8Array(file.bytes), { headers: fileHeaders(file, mediaType) });
}

function fileHeaders({ fileName }: { readonly fileName: string }, mediaType: string) {
  const safe = fileName.replace(/[^A-Za-z0-9._-]/g, '_');
  return {
    'content-type': mediaType,
    'content-disposition': `attachment; filename="${safe}"`,
  };
}

/** The whole file, or the one range that was asked for (RFC 9110, 14.2 and 15.3.7). */
export function answerRanged(c: Context, operation: Operation, file: RangedAnswer): Response {
  const { size } = file;
  // No answer carries a validator, so that none that a client holds can match (RFC 9110, 13.1.5).
  const asked = c.req.header('if-range') === undefined ? c.req.header('range') : undefined;
  const range = chooseRange(asked, size);
  if (range === 'not-there') {
    c.header('content-range', `bytes */${size}`);
    return answerRefusal(c, rangeNotThere(size), statusOf(operation, 'range-not-there'));
  }
  const { from, to } = range ?? { from: 0, to: size };
  return new Response(file.open(from, to), {
    status: range === null ? 200 : 206,
    headers: {
      ...fileHeaders(file, operation.file ?? 'application/octet-stream'),
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
      'content-length': String(to - from),
      ...(range === null ? {} : { 'content-range': `bytes ${from}-${to - 1}/${size}` }),
    },
  });
}

function rangeNotThere(size: number): Refusal {
  return {
    code: 'range-not-there',
    expected: `a range of bytes below ${size}`,
    got: 'one that begins beyond',
    todo: 'ask for bytes that are there',
  };
}

/** Server-sent events (HTML, 9.2); no proxy shall keep them until there are enough. */
export function answerStream({ events }: StreamAnswer): Response {
  return new Response(events, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    },
  });
}

/** Said to whoever asks too often. */
export function tooManyRequests(seconds: number): Refusal {
  return {
    code: 'too-many-requests',
    expected: 'no more requests than the limits of this installation',
    got: 'one more',
    todo: `wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then go on more slowly`,
  };
}
