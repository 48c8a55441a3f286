import type { Claim } from '@breakwater/contract';
import { claims } from '@breakwater/contract';
import { parseInstant } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { isLost, renewalHindrance, renewalOf } from './claim-time.ts';

const now = Date.parse('2026-11-21T12:00:00.000Z');
const rules = { termHoursMax: 336 };

function claim(part: Partial<Claim>): Claim {
  return claims.get.output.parse({
    id: `claim_${'0'.repeat(26)}`,
    scope: {
      targets: ['pkg:npm/a'],
      methods: ['read'],
      places: [],
      except: [],
      weaknesses: [],
      exceptWeaknesses: [],
    },
    sharing: 'beside',
    state: 'live',
    from: '2026-11-20T12:00:00.000Z',
    until: '2026-11-22T12:00:00.000Z',
    usedAt: null,
    lapsesAt: '2026-11-22T12:00:00.000Z',
    renewalsLeft: 6,
    renewableUntil: '2027-01-19T12:00:00.000Z',
    listed: true,
    endedAt: null,
    reason: null,
    offered: false,
    holder: null,
    ...part,
  });
}

test('a renewal lasts from now on as long as the claim was granted for', () => {
  expect(renewalOf(claim({}), rules, now)).toBe('2026-11-23T12:00:00.000Z');
});

test('a renewal goes no further than all of them may', () => {
  const last = parseInstant('2026-11-22T13:00:00.000Z') ?? undefined;
  const near = claim(last === undefined ? {} : { renewableUntil: last });
  expect(renewalOf(near, rules, now)).toBe('2026-11-22T13:00:00.000Z');
  expect(renewalHindrance(near, renewalOf(near, rules, now))).toBeNull();
});

test('why a claim is not renewed', () => {
  const spent = claim({ renewalsLeft: 0 });
  expect(renewalHindrance(spent, renewalOf(spent, rules, now))).toBe(
    'It was renewed as often as a claim may be.',
  );
  const young = Date.parse('2026-11-20T12:00:00.000Z');
  expect(renewalHindrance(claim({}), renewalOf(claim({}), rules, young))).toBe(
    'It would not end later yet.',
  );
});

test('lost is what somebody else or the clock ended, for four days', () => {
  const ended = parseInstant('2026-11-20T12:00:00.000Z');
  const lost = claim({ state: 'overridden', endedAt: ended });
  expect(isLost(lost, now)).toBe(true);
  expect(isLost(claim({ state: 'released', endedAt: ended }), now)).toBe(false);
  expect(isLost(lost, now + 4 * 86_400_000)).toBe(false);
});
