import { createHash, randomBytes } from 'node:crypto';

/** Makes a secret of 256 random bits in base64url. Rows keep its hash alone. */
export function makeSecret(): { readonly secret: string; readonly hash: Buffer } {
  const secret = randomBytes(32).toString('base64url');
  return { secret, hash: hashOf(secret) };
}

/** SHA-256: nothing of 256 random bits can be guessed, so it needs no slow hash. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
