import { addMilliseconds, type Instant } from '@breakwater/kernel';
import { describe, expect, test } from 'vitest';
import { type DelegateFacts, decideDelegate, holds } from './decide.ts';

const now = '2026-03-01T08:00:00.000Z' as Instant; // spelled as kernel writes instants
const days = (n: number) => addMilliseconds(now, n * 86_400_000);
const link: DelegateFacts = { now, helpers: 0, role: undefined, self: false };
const party: DelegateFacts = { ...link, role: 'operator' };

describe('DIS-14 one notice goes to a helper, for at most thirty days', () => {
  test.each([
    ['a link', 'open', true, undefined, link, days(14)],
    ['beside another helper', 'helper', true, undefined, { ...link, helpers: 9 }, days(14)],
    ['until an hour', 'open', true, days(30), link, days(30)],
    ['too long', 'open', true, days(31), link, 'hour-out-of-range'],
    ['until now', 'open', true, now, link, 'hour-out-of-range'],
    ['without a name', 'open', false, undefined, link, 'helper-unnamed'],
    ['a party, without a name', 'open', false, undefined, party, days(14)],
    [
      'a party that is no operator',
      'open',
      false,
      undefined,
      { ...party, role: 'owner' },
      'no-such-helper',
    ],
    [
      'a party that is not here',
      'open',
      false,
      undefined,
      { ...party, role: null },
      'no-such-helper',
    ],
    ['oneself', 'open', false, undefined, { ...party, self: true }, 'no-such-helper'],
    ['one too many', 'open', true, undefined, { ...link, helpers: 10 }, 'too-many'],
    ['what is done', 'done', true, undefined, link, 'already-receipted'],
    ['what is resolved', 'resolved', true, undefined, link, 'already-receipted'],
  ] as const)('%s', (_, status, named, expiresAt, facts, outcome) => {
    const decided = decideDelegate(status, { named, expiresAt }, facts);
    expect(decided.ok ? decided.value : decided.refusal.code).toBe(outcome);
  });

  test.each([
    ['in time', days(1), null, true],
    ['at its last moment', now, null, false],
    ['taken back', days(1), now, false],
  ] as const)('a link holds %s', (_, expiresAt, revokedAt, expected) => {
    const id = 'helper_1' as Parameters<typeof holds>[0]['id']; // only compared
    expect(holds({ id, expiresAt, revokedAt }, now)).toBe(expected);
  });
});
