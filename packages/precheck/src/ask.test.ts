import { refuse } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { type AskedEpoch, ask } from './ask.ts';
import { type BucketShape, bucketParameters, isShape } from './bucket.ts';

const shape: BucketShape = { prefixBits: 4, entriesPerBucket: 256, bucketsPerRequest: 8 };

test('every shape that an epoch is begun with is one to ask under', () => {
  for (let keys = 1; keys < 2 ** 32; keys *= 2) expect(isShape(bucketParameters(keys))).toBe(true);
});

test.each([
  ['more buckets at a time than there are', { prefixBits: 0, bucketsPerRequest: 2 }],
  ['fewer at a time, which tells more', { bucketsPerRequest: 1 }],
  ['more bits than an output is looked at', { prefixBits: 26 }],
  ['half a bit', { prefixBits: 2.5 }],
  ['fewer bits than none', { prefixBits: -2, bucketsPerRequest: 0.25 }],
  ['buckets without end', { entriesPerBucket: 1e12 }],
  ['no number', { prefixBits: Number.NaN, bucketsPerRequest: Number.NaN }],
])('asks nothing under an epoch that says %s', async (_, other) => {
  const epoch: AskedEpoch = {
    ...shape,
    ...other,
    epoch: '0123456789abcdef',
    publicKey: new Uint8Array(32),
  };
  let requests = 0;
  const request = async () => {
    requests += 1;
    return refuse({ code: 'asked', expected: 'no request', got: 'one', todo: 'none' });
  };
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const told = await ask(
    [new Uint8Array(1)],
    { epoch, elementsPerRequest: 8 },
    { evaluate: request, buckets: request, random },
  );
  expect([told, requests]).toMatchObject([{ refusal: { code: 'epoch-misshapen' } }, 0]);
});
