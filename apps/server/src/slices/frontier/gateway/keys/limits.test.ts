import { quotaKinds } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KeyLimits, Quota } from '../model.ts';
import { type DealtTo, deal, limitsFor } from './limits.ts';

const now = '2026-11-22T10:00:00.000Z' as Instant; // spelled as kernel writes instants
const earlierToday = '2026-11-22T00:00:00.000Z' as Instant; // alike
const yesterday = '2026-11-21T23:59:59.999Z' as Instant; // alike
const spans = ['minute', 'day', 'grant'] as const;

const quota: fc.Arbitrary<Quota> = fc.record(
  {
    requests: fc.nat(100),
    inputTokens: fc.nat(100),
    outputTokens: fc.nat(100),
    costMicros: fc.nat(100),
  },
  { requiredKeys: [] },
);
const limits: fc.Arbitrary<KeyLimits> = fc.record({
  outputTokensMax: fc.integer({ min: 1, max: 100 }),
  concurrency: fc.integer({ min: 1, max: 100 }),
  minute: quota,
  day: quota,
  grant: quota,
  currency: fc.constant('USD'),
});
const keys: fc.Arbitrary<readonly DealtTo[]> = fc
  .array(
    fc.record({
      limits,
      overAt: fc.constantFrom(null, earlierToday, yesterday),
      took: quota,
    }),
    { maxLength: 6 },
  )
  .map((all) => all.map((each, i) => ({ ...each, id: `key${i}` })));

test('GAT-8 all keys of a grant together never have more than was stated, whatever was issued', () => {
  fc.assert(
    fc.property(limits, keys, (allotted, issued) => {
      const { limits: has, left } = deal(allotted, issued, now);
      const each = issued.map(({ id }) => has.get(id) ?? allotted);
      for (const span of spans) {
        for (const kind of quotaKinds) {
          const stated = allotted[span][kind];
          if (stated === undefined) continue;
          const dealt = each.map((of) => of[span][kind] ?? 0).reduce((a, b) => a + b, 0);
          expect(dealt + (left[span][kind] ?? 0)).toBe(stated);
        }
      }
      const atOnce = each.map(({ concurrency }) => concurrency).reduce((a, b) => a + b, 0);
      expect(atOnce + left.concurrency).toBe(allotted.concurrency);
      for (const [i, { limits: own, overAt }] of issued.entries()) {
        if (overAt !== null) continue;
        for (const kind of quotaKinds) {
          expect(each[i]?.day[kind] ?? 0).toBeLessThanOrEqual(own.day[kind] ?? 100);
        }
      }
    }),
  );
});

test('GAT-8 what a new key is given is dealt to it in full', () => {
  fc.assert(
    fc.property(limits, keys, fc.option(limits, { nil: undefined }), (allotted, issued, wish) => {
      const { left } = deal(allotted, issued, now);
      const given = limitsFor(left, wish);
      if (!given.ok) return;
      const added = { id: 'new', limits: given.value, overAt: null, took: {} };
      const again = deal(allotted, [...issued, added], now).limits.get('new');
      expect(again).toEqual(given.value);
    }),
  );
});

test('GAT-8 a key that is over keeps its day until that is over, and of its life what it took', () => {
  const allotted: KeyLimits = {
    outputTokensMax: 10,
    concurrency: 2,
    minute: {},
    day: { requests: 100 },
    grant: { requests: 1_000 },
    currency: null,
  };
  const ended = (overAt: Instant): DealtTo => {
    const own = { ...allotted, day: { requests: 60 }, grant: { requests: 600 } };
    return { id: 'one', limits: own, overAt, took: { requests: 70 } };
  };
  const leftAfter = (overAt: Instant) => deal(allotted, [ended(overAt)], now).left;
  expect(leftAfter(earlierToday)).toMatchObject({
    concurrency: 2,
    day: { requests: 40 },
    grant: { requests: 930 },
  });
  expect(leftAfter(yesterday)).toMatchObject({ day: { requests: 100 }, grant: { requests: 930 } });
});
