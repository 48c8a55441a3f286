import { isDeeperThan } from '../json/read-json.ts';
import { fault } from './fault.ts';
import { evalLogLimits as limits } from './limits.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads JSON as Python writes it: NaN, Infinity and -Infinity, which RFC 8259 does not know, are
 * numbers. `NaN` says in a log that a sample was not scored, so it may not become null.
 *
 * Integers beyond 2^53 lose digits, as everywhere in JavaScript.
 */
export function parseLogJson(bytes: Uint8Array, named: string): unknown {
  if (bytes.length > limits.documentBytesMax) {
    const expected = `documents of at most ${limits.documentBytesMax} bytes`;
    throw fault('too-large', { expected, got: `${named} of ${bytes.length}` });
  }
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw fault('not-json', { expected: 'UTF-8', got: `${named}, which is not` });
  }
  if (isDeeperThan(text, limits.depthMax)) {
    const expected = `at most ${limits.depthMax} levels of nesting`;
    throw fault('too-deep', { expected, got: `more, in ${named}` });
  }
  const strict = parsed(text);
  if ('value' in strict) return strict.value;
  if (!/NaN|Infinity/.test(text)) throw notJson(named, strict.why);
  const mark = unusedMark(text);
  const again = parsed(withConstants(text, mark), (_, value) =>
    value === mark ? Number.NaN : value,
  );
  if ('value' in again) return again.value;
  throw notJson(named, again.why);
}

/** Writes JSON that `parseLogJson` and Inspect read back as it was, numbers without value too. */
export function formatLogJson(value: unknown): string {
  let constants = false;
  const strict = JSON.stringify(value, (_, each) => {
    if (typeof each === 'number' && !Number.isFinite(each)) constants = true;
    return each;
  });
  if (!constants) return strict;
  const mark = unusedMark(strict);
  return JSON.stringify(value, (_, each) =>
    typeof each === 'number' && !Number.isFinite(each) ? `${mark}${each}` : each,
  ).replaceAll(new RegExp(`"${mark}(NaN|-?Infinity)"`, 'g'), '$1');
}

function parsed(
  text: string,
  revive?: (key: string, value: unknown) => unknown,
): { value: unknown } | { why: string } {
  try {
    return { value: JSON.parse(text, revive) };
  } catch (error) {
    return { why: error instanceof Error ? error.message : 'another text' };
  }
}

/** A text of which no part can be in a document, so that no document can pretend to be a number. */
function unusedMark(text: string): string {
  for (let i = 0; ; i += 1) {
    const mark = `number:${i}:`;
    if (!text.includes(mark)) return mark;
  }
}

/** Puts texts that JSON knows in place of the constants, outside of strings alone. */
function withConstants(text: string, mark: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gs, (token) => {
    if (token.startsWith('"')) return token;
    // A double that overflows is read as infinite.
    if (token === 'NaN') return `"${mark}"`;
    return token === 'Infinity' ? '1e999' : '-1e999';
  });
}

function notJson(named: string, why: string) {
  return fault('not-json', { expected: 'JSON', got: `${named}: ${why}` });
}
