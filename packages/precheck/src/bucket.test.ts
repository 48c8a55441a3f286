import { randomBytes } from 'node:crypto';
import { concatBytes } from '@breakwater/kernel';
import { gcm } from '@noble/ciphers/aes.js';
import { expand } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketOf, bucketParameters, entryBytes, entryInfo, openBucket, rootOf } from './bucket.ts';

test('a bucket grows never, their number by four; none is more than five eighths full', () => {
  fc.assert(
    fc.property(fc.nat(3_000_000), (keys) => {
      const shape = bucketParameters(keys);
      const buckets = 2 ** shape.prefixBits;
      expect(keys / buckets).toBeLessThanOrEqual(shape.entriesPerBucket * 0.625);
      expect(shape.prefixBits % 2).toBe(0);
      expect(shape.bucketsPerRequest).toBe(Math.min(8, buckets));
      expect(buckets === 1 || keys > (buckets / 4) * 160).toBe(true);
    }),
  );
});

test.each([
  [0, 0, 1],
  [160, 0, 1],
  [161, 2, 4],
  [640, 2, 4],
  [641, 4, 8],
  [1_000_000, 14, 8],
])('%i keys: %i bits, %i buckets in a request', (keys, prefixBits, bucketsPerRequest) => {
  expect(bucketParameters(keys)).toEqual({ prefixBits, entriesPerBucket: 256, bucketsPerRequest });
});

test.each([
  ['ffffff', 0, 0],
  ['80ffff', 1, 1],
  ['7fffff', 2, 1],
  ['123456', 24, 0x123456],
  ['123456', 14, 0x48d],
])('output %s with %i bits falls into bucket %i', (start, prefixBits, bucket) => {
  const output = new Uint8Array(64);
  output.set(Buffer.from(start, 'hex'));
  expect(bucketOf(output, { prefixBits })).toBe(bucket);
});

test('an output opens its own entry wherever it stands, under its salt and epoch alone', () => {
  const [output, salt] = [new Uint8Array(randomBytes(64)), new Uint8Array(randomBytes(32))];
  const handle = new Uint8Array(randomBytes(32));
  const epoch = '0123456789abcdef';
  const key = expand(sha256, rootOf(output), entryInfo(epoch, salt), 32);
  const entry = gcm(key, new Uint8Array(12)).encrypt(handle);
  expect(entry).toHaveLength(entryBytes);
  const others = () => new Uint8Array(randomBytes(entryBytes * 5));
  const bucket = concatBytes(others(), entry, others());
  expect(openBucket(bucket, { output, epoch, salt })).toEqual(handle);
  expect(openBucket(bucket, { output, epoch: 'fedcba9876543210', salt })).toBeNull();
  expect(openBucket(bucket, { output, epoch, salt: salt.toReversed() })).toBeNull();
  expect(openBucket(bucket, { output: output.toReversed(), epoch, salt })).toBeNull();
  expect(openBucket(others(), { output, epoch, salt })).toBeNull();
});
