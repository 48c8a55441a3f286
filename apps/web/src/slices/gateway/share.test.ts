import { expect, test } from 'vitest';
import { shareOf } from './share.ts';

test('a share is of every quota and of how many run at once; one request may be as large as before', () => {
  const left = {
    outputTokensMax: 4_096,
    concurrency: 5,
    minute: { requests: 3 },
    day: { outputTokens: 100_001, costMicros: 1 },
    grant: { inputTokens: 0 },
    currency: 'USD',
  };
  expect(shareOf(left, 2)).toEqual({
    outputTokensMax: 4_096,
    concurrency: 2,
    minute: { requests: 1 },
    day: { outputTokens: 50_000, costMicros: 1 },
    grant: { inputTokens: 0 },
    currency: 'USD',
  });
  expect(shareOf(left, 1)).toEqual(left);
});
