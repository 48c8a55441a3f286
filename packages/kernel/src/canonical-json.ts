import canonicalize from 'canonicalize';
import { utf8 } from './bytes.ts';

/** A JSON value; what may be put under a commitment or a signature. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * Canonical bytes of a JSON value (RFC 8785, JCS).
 *
 * Throws on what JCS cannot say (lone surrogates, NaN, infinity).
 */
export function canonicalJson(value: Json): Uint8Array {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('canonical JSON needs a JSON value, got undefined');
  return utf8(text);
}
