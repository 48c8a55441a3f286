import { createHash } from 'node:crypto';
import { bytesToHex, type Digest } from '@breakwater/kernel';

/** SHA-256 by the machine's own library: for large files, and for many. */
export function sha256Here(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** The same as `sha256:` and hex digits. */
export function digestHere(bytes: Uint8Array): Digest {
  return `sha256:${bytesToHex(sha256Here(bytes))}`;
}
