import { isAscii } from 'node:buffer';
import type { Fields } from './fields.ts';

/** Beyond so many bytes it is not written anew: the bound then is far beyond what models read. */
const writtenMax = 1_048_576;
/** What one byte becomes at most: U+FDFA is three, and eighteen letters of two bytes with spaces. */
const growthMax = 11;

/**
 * The most bytes that a tokenizer may see of the text in a body. Some write it in another normal form
 * first (NFC as Qwen, NFKC as T5 and its kin), in which one sign may be a whole sentence; NFKD is
 * the longest of them.
 */
export function textBytesOf(body: Buffer, fields: Fields): number {
  if (isAscii(body) && !body.includes('\\u')) return body.length;
  if (body.length > writtenMax) return body.length * growthMax;
  const written = JSON.stringify(fields).normalize('NFKD');
  return Math.max(body.length, Buffer.byteLength(written));
}
