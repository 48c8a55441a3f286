import type { Json } from '@breakwater/kernel';
import { canonicalJson, fromBase64, fromUtf8 } from '@breakwater/kernel';
import { proofHashesMax } from './proof.ts';
import { hashBytes } from './tree.ts';

/** Objects and lists inside each other in what a file says. */
const contentDepthMax = 256;

/** The object that a file of JSON in UTF-8 holds; null for anything else. */
export function jsonObject(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(fromUtf8(bytes));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? Object.fromEntries(Object.entries(value)) : null;
  } catch {
    return null;
  }
}

/**
 * Whether JCS can say what JSON.parse gave: what is left to refuse is absence, depth and lone
 * surrogates.
 */
export function isJson(value: unknown): value is Json {
  if (value === undefined || isDeeperThan(value, contentDepthMax)) return false;
  try {
    canonicalJson(value as Json); // JSON.parse makes no other values
    return true;
  } catch {
    return false;
  }
}

/** Level by level, because what recurses into a hostile text has no end but that of the stack. */
function isDeeperThan(value: unknown, depthMax: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > depthMax) return true;
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? Object.values(each) : [],
    );
  }
  return false;
}

/** 32 bytes of base64; null for anything else. */
export function hashFrom(value: unknown): Uint8Array | null {
  const bytes = typeof value === 'string' && value.length <= 44 ? fromBase64(value) : null;
  return bytes?.length === hashBytes ? bytes : null;
}

/** The hashes of an inclusion proof; null for anything else. */
export function hashesFrom(value: unknown): Uint8Array[] | null {
  if (!Array.isArray(value) || value.length > proofHashesMax) return null;
  const hashes = value.map(hashFrom).filter((hash) => hash !== null);
  return hashes.length === value.length ? hashes : null;
}
