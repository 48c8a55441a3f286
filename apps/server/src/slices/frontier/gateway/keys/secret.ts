import { hashOf, makeSecret } from '../../../../platform/directory/secret.ts';

/** How every key of the gateway begins, so that whoever finds one knows what it is. */
export const keyPrefix = 'bwg_';

/** A key: `bwg_` and 256 random bits in base64url. Rows hold the SHA-256 of the whole of it. */
export function makeKeySecret(): { readonly secret: string; readonly hash: Buffer } {
  const secret = `${keyPrefix}${makeSecret().secret}`;
  return { secret, hash: hashOf(secret) };
}
