import { ok, type Result, refuse } from '@breakwater/kernel';
import type { JsonPiece } from './split-json.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a piece as JSON; a fault is told with the byte the piece begins at. */
export function readPiece({ bytes, offset }: JsonPiece): Result<unknown, 'not-json' | 'not-utf8'> {
  let text: string;
  try {
    text = decoder.decode(bytes ?? new Uint8Array(0));
  } catch {
    return no('not-utf8', 'UTF-8 text', `bytes that are not, after byte ${offset}`);
  }
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    const why = error instanceof Error ? error.message : 'another text';
    return no('not-json', 'JSON', `after byte ${offset}: ${why.slice(0, 200)}`);
  }
}

function no(code: 'not-json' | 'not-utf8', expected: string, got: string) {
  const todo = 'send the file unchanged and whole, as the tool wrote it';
  return refuse({ code, expected, got, todo });
}
