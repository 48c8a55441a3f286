import { createCipheriv, createHmac } from 'node:crypto';
import { concatBytes } from '@breakwater/kernel';
import { entryInfo, handleBytes } from '@breakwater/precheck';
import { slotBytes } from './keys.ts';

const rootBytes = slotBytes - handleBytes;
/** No key seals twice, since each answer has a salt of its own. */
const nonce = new Uint8Array(12);

/**
 * Seals every slot of a bucket for one answer: handles that are known and random bytes alike, so that
 * it takes the same work whatever it holds and nobody but who has an output can tell which is which.
 * Each is sealed by AES-256-GCM under HKDF-Expand of its root (RFC 5869, 2.3: one block is enough).
 */
export function sealBucket(
  slots: Uint8Array,
  { epoch, salt }: { readonly epoch: string; readonly salt: Uint8Array },
): Uint8Array {
  const info = concatBytes(entryInfo(epoch, salt), Uint8Array.of(1));
  const sealed: Uint8Array[] = [];
  for (let at = 0; at + slotBytes <= slots.length; at += slotBytes) {
    const key = createHmac('sha256', slots.subarray(at, at + rootBytes))
      .update(info)
      .digest();
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    sealed.push(cipher.update(slots.subarray(at + rootBytes, at + slotBytes)), cipher.final());
    sealed.push(cipher.getAuthTag());
  }
  return new Uint8Array(Buffer.concat(sealed));
}
