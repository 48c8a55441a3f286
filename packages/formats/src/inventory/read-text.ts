import { fromUtf8, ok, type Result, refuse } from '@breakwater/kernel';
import type { InventoryLimits } from './inventory.ts';

/** Tools print one package a line; nothing they print is longer. */
export const lineLengthMax = 4096;

/**
 * The text of a file in UTF-8, or in UTF-16 where its byte order mark says so, as the shell of
 * Windows writes what a program prints. A mark is taken off.
 */
export function readText(
  bytes: Uint8Array,
  limits: Pick<InventoryLimits, 'bytesMax'>,
): Result<string, 'too-large' | 'not-utf8'> {
  const todo = 'send the file unchanged, as the tool wrote it';
  if (bytes.length > limits.bytesMax) {
    const expected = `at most ${limits.bytesMax} bytes`;
    return refuse({ code: 'too-large', expected, got: `${bytes.length} bytes`, todo });
  }
  try {
    const text =
      bytes[0] === 0xff && bytes[1] === 0xfe
        ? new TextDecoder('utf-16le', { fatal: true }).decode(bytes)
        : fromUtf8(bytes);
    return ok(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch {
    const got = 'bytes that are not UTF-8';
    return refuse({ code: 'not-utf8', expected: 'UTF-8 text', got, todo });
  }
}

/** A line of a list and its number, counted from 1. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

/** The lines of a text, one at a time; the carriage return of Windows does not belong to a line. */
export function* linesOf(text: string): Generator<Line> {
  let at = 0;
  for (let number = 1; at <= text.length; number += 1) {
    const found = text.indexOf('\n', at);
    const end = found < 0 ? text.length : found;
    const line = text.slice(at, end);
    yield { text: line.endsWith('\r') ? line.slice(0, -1) : line, number };
    at = end + 1;
  }
}
