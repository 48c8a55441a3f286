import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';

export { bytesToHex, concatBytes, hexToBytes };

/** SHA-256 (FIPS 180-4) of `data`: 32 bytes. Runs in a browser too. */
export function sha256(data: Uint8Array): Uint8Array {
  return nobleSha256(data);
}

/** A digest as the trade writes it: `sha256:` and 64 lower-case hex digits. */
export type Digest = `sha256:${string}`;

/** SHA-256 of `data` in the `sha256:<hex>` form. */
export function digestOf(data: Uint8Array): Digest {
  return `sha256:${bytesToHex(sha256(data))}`;
}

const utf8Encoder = new TextEncoder();

/** The UTF-8 bytes of `text`. */
export function utf8(text: string): Uint8Array {
  return utf8Encoder.encode(text);
}

const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of well-formed UTF-8 `bytes`; throws TypeError on anything else. */
export function fromUtf8(bytes: Uint8Array): string {
  return utf8Decoder.decode(bytes);
}

const base64Codes = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const padding = 61;
const noDigit = 64;
const base64Values = new Uint8Array(128).fill(noDigit);
for (const [value, code] of base64Codes.entries()) base64Values[code] = value;

/** Standard base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const rest = bytes.length - from;
    const three = (byteAt(bytes, from) << 16) | (byteAt(bytes, from + 1) << 8);
    const bits = three | byteAt(bytes, from + 2);
    out[to] = byteAt(base64Codes, bits >> 18);
    out[to + 1] = byteAt(base64Codes, (bits >> 12) & 63);
    out[to + 2] = rest > 1 ? byteAt(base64Codes, (bits >> 6) & 63) : padding;
    out[to + 3] = rest > 2 ? byteAt(base64Codes, bits & 63) : padding;
  }
  return fromUtf8(out);
}

/** Strict inverse of {@link toBase64}: canonical padding and bits, or null. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const pads = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - pads;
  const bytes = new Uint8Array((text.length / 4) * 3 - pads);
  let [bits, seen] = [0, 0];
  for (let from = 0, to = 0; from < text.length; from += 4, to += 3) {
    bits = 0;
    for (let at = from; at < from + 4; at += 1) {
      const value = at < digits ? (base64Values[text.charCodeAt(at)] ?? noDigit) : 0;
      seen |= value;
      bits = (bits << 6) | value;
    }
    // What stands behind the end of an array is not written.
    bytes[to] = bits >> 16;
    bytes[to + 1] = bits >> 8;
    bytes[to + 2] = bits;
  }
  // Bits to spare stand in the last four characters alone.
  const spare = bits & ((1 << (pads * 8)) - 1);
  return seen < noDigit && spare === 0 ? bytes : null;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
