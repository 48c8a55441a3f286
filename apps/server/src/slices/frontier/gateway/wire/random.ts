import { randomFillSync } from 'node:crypto';
import { type Id, makeId } from '@breakwater/kernel';

const idBytes = 26;
const saltBytes = 32;
const pool = Buffer.alloc((idBytes + saltBytes) * 256);
let at = pool.length;

/** A fresh id of a request and the salt of its record: drawn by hundreds, each is used once. */
export function newRequest(): { readonly id: Id<'request'>; readonly salt: string } {
  if (at >= pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  const id = makeId('request', pool.subarray(at, at + idBytes));
  const salt = pool.toString('hex', at + idBytes, at + idBytes + saltBytes);
  at += idBytes + saltBytes;
  return { id, salt };
}
