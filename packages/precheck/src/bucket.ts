import { concatBytes, utf8 } from '@breakwater/kernel';
import { gcm } from '@noble/ciphers/aes.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** A handle: random, of one key in one epoch. */
export const handleBytes = 32;
/** A handle sealed by AES-256-GCM: as long as itself and the tag. */
export const entryBytes: number = handleBytes + 16;

/** What the buckets of an epoch look like; fixed when it begins, and in its commitment. */
export interface BucketShape {
  readonly prefixBits: number;
  readonly entriesPerBucket: number;
  readonly bucketsPerRequest: number;
}

/** The most leading bits of an output that a request tells. */
const prefixBitsMax = 24;
const entriesPerBucket = 256;
/** Five of eight, so that chance fills no bucket: of 16,384 one in 50 million times, by Poisson. */
const load = 160;
const bucketsPerRequestMax = 8;

/**
 * The shape that takes `keys` known keys. It grows by four times at a step, so that it tells their
 * number no closer than that; up to 640 keys every request asks for all there is.
 */
export function bucketParameters(keys: number): BucketShape {
  let prefixBits = 0;
  while (prefixBits < prefixBitsMax && keys > load * 2 ** prefixBits) prefixBits += 2;
  const bucketsPerRequest = Math.min(bucketsPerRequestMax, 2 ** prefixBits);
  return { prefixBits, entriesPerBucket, bucketsPerRequest };
}

/**
 * True of a shape that {@link bucketParameters} makes. A server that says another could have an asker
 * tell more of its outputs than is known to be told, or look for buckets that there are not for ever.
 */
export function isShape(shape: BucketShape): boolean {
  const { prefixBits, bucketsPerRequest } = shape;
  return (
    prefixBits >= 0 &&
    prefixBits <= prefixBitsMax &&
    prefixBits % 2 === 0 &&
    shape.entriesPerBucket === entriesPerBucket &&
    bucketsPerRequest === Math.min(bucketsPerRequestMax, 2 ** prefixBits)
  );
}

/** The bucket an output falls into: its first bits as a number, the first bit the highest. */
export function bucketOf(output: Uint8Array, { prefixBits }: Pick<BucketShape, 'prefixBits'>) {
  const [a = 0, b = 0, c = 0] = output;
  return ((a << 16) | (b << 8) | c) >>> (24 - prefixBits);
}

/** What entries for an output are sealed under: HKDF-Extract (RFC 5869, 2.2) without salt. */
export function rootOf(output: Uint8Array): Uint8Array {
  return extract(sha256, output, new Uint8Array(32));
}

/** The name by which a server tells two equal outputs, and which opens nothing. */
export function nameOf(output: Uint8Array): Uint8Array {
  return expand(sha256, rootOf(output), utf8('breakwater precheck name v1'), 32);
}

/** The info of HKDF-Expand that gives the key of an entry in an answer with this salt. */
export function entryInfo(epoch: string, salt: Uint8Array): Uint8Array {
  return concatBytes(utf8(`breakwater precheck entry v1\n${epoch}\n`), salt);
}

/**
 * Looks for an output's entry among all of a bucket and opens it: the handle, or null where there is
 * none. The nonce is zero, because no key seals twice: each answer has a salt of its own.
 */
export function openBucket(
  bucket: Uint8Array,
  of: { readonly output: Uint8Array; readonly epoch: string; readonly salt: Uint8Array },
): Uint8Array | null {
  const key = expand(sha256, rootOf(of.output), entryInfo(of.epoch, of.salt), 32);
  let handle: Uint8Array | null = null;
  for (let at = 0; at + entryBytes <= bucket.length; at += entryBytes) {
    try {
      handle = gcm(key, new Uint8Array(12)).decrypt(bucket.subarray(at, at + entryBytes));
    } catch {
      // Somebody else's entry, or nobody's: they cannot be told apart.
    }
  }
  return handle;
}
