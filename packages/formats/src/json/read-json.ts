import { fromUtf8, ok, type Result, refuse } from '@breakwater/kernel';

/** What a reader of JSON takes at most. */
export interface JsonLimits {
  readonly bytesMax: number;
  /** Objects and arrays inside each other. */
  readonly depthMax: number;
}

/** Refusals every reader of JSON shares. */
export type JsonRefusal = 'too-large' | 'too-deep' | 'not-utf8' | 'not-json';

/**
 * Reads one JSON text (RFC 8259) from UTF-8 bytes; a leading byte order mark is ignored (§8.1).
 *
 * Depth is bounded before anything is built, so that no later walk can exhaust the stack.
 */
export function readJson(bytes: Uint8Array, limits: JsonLimits): Result<unknown, JsonRefusal> {
  if (bytes.length > limits.bytesMax) {
    return no('too-large', `at most ${limits.bytesMax} bytes`, `${bytes.length} bytes`);
  }
  let text: string;
  try {
    text = fromUtf8(bytes);
  } catch {
    return no('not-utf8', 'UTF-8 text', 'bytes that are not UTF-8');
  }
  if (text.startsWith('\uFEFF')) text = text.slice(1);
  if (isDeeperThan(text, limits.depthMax)) {
    return no('too-deep', `at most ${limits.depthMax} levels of nesting`, 'more');
  }
  try {
    const value: unknown = JSON.parse(text);
    return ok(value);
  } catch (error) {
    return no(
      'not-json',
      'JSON',
      error instanceof Error ? error.message.slice(0, 200) : 'not JSON',
    );
  }
}

/** The members of a JSON object, or null for anything else. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return value as Record<string, unknown>; // pays: an object that came from JSON.parse
}

/** The text, or undefined for anything else, the empty text included. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whether a text of JSON, well formed or not, nests deeper; nothing is built for it. */
export function isDeeperThan(text: string, depthMax: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}

function no(code: JsonRefusal, expected: string, got: string) {
  return refuse({ code, expected, got, todo: 'send the file unchanged, as the tool wrote it' });
}
