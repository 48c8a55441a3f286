import { isUtf8 } from 'node:buffer';
import { stringEnd } from './entries.ts';

/** Why a body is not parsed at all. */
export type ShapeFault = 'not-utf8' | 'too-deep' | 'too-many' | 'key-twice';

/** Deeper than any tool's schema; what writes a value anew needs a stack for each of these. */
export const depthMax = 100;
/** Values of one body: a parsed one takes some thirty times the three bytes that it is written with. */
export const valuesMax = 400_000;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * Looks at the bytes of a body before anything is made of them; null: it may be parsed. It says
 * nothing of whether they are JSON. Readers differ in which of two equal keys they obey, in objects
 * within a body too (of two contents of a message one may be an image), and in what they make of
 * bytes that are no UTF-8: some take a quote for a part of a sign.
 */
export function shapeFault(body: Buffer): ShapeFault | null {
  if (!isUtf8(body)) return 'not-utf8';
  /** The keys of each open object; null for a list. */
  const open: (Set<string> | null)[] = [];
  let values = 0;
  let at = 0;
  while (at < body.length) {
    const byte = body[at];
    if (byte === quote) {
      const end = stringEnd(body, at);
      const keys = open.at(-1) ?? null;
      if (keys !== null && isKey(body, end)) {
        const key = keyOf(body, at, end);
        if (keys.has(key)) return 'key-twice';
        keys.add(key);
      }
      at = end;
      continue;
    }
    if (byte === openBrace || byte === openBracket) {
      open.push(byte === openBrace ? new Set() : null);
      values += 1;
      if (open.length > depthMax) return 'too-deep';
    } else if (byte === closeBrace || byte === closeBracket) open.pop();
    else if (byte === comma) values += 1;
    if (values > valuesMax) return 'too-many';
    at += 1;
  }
  return null;
}

function isKey(body: Buffer, from: number): boolean {
  let at = from;
  while (at < body.length && (body[at] ?? 0) <= 0x20) at += 1;
  return body[at] === colon;
}

/** As it is read: two that are written differently may be one. */
function keyOf(body: Buffer, from: number, to: number): string {
  const text = body.toString('utf8', from, to);
  if (!text.includes('\\')) return text;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
