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

/** Standard base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary);
}

/** Strict inverse of {@link toBase64}: canonical padding and bits, or null. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const binary = atob(text);
  // Uint8Array.from would go by the iterator of the string, which takes far longer.
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = binary.charCodeAt(i);
  // Bits to spare stand in the last four characters alone.
  const last = Math.max(0, bytes.length - (bytes.length % 3 || 3));
  return toBase64(bytes.subarray(last)) === text.slice(-4) ? bytes : null;
}
