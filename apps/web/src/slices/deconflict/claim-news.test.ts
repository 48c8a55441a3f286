import { type Claim, Claim as Form } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { newsOf } from './claim-news.ts';

const nowMs = Date.parse('2026-11-21T12:00:00.000Z');
const rules = { warningHours: 12 };
const claim: Claim = Form.parse({
  id: 'claim_01jd7r3xk0abcdefghjkmnpqrs',
  scope: {
    targets: ['pkg:npm/lodash'],
    places: [],
    except: [],
    methods: ['static'],
    weaknesses: [],
    exceptWeaknesses: [],
  },
  sharing: 'alone',
  state: 'live',
  from: '2026-11-20T12:00:00.000Z',
  until: '2026-11-22T12:00:00.000Z',
  usedAt: '2026-11-21T11:00:00.000Z',
  lapsesAt: '2026-11-23T11:00:00.000Z',
  renewalsLeft: 6,
  renewableUntil: '2027-01-19T12:00:00.000Z',
  listed: true,
  endedAt: null,
  reason: null,
  offered: false,
  holder: null,
});

test('what just went on is no news', () => {
  expect(newsOf(claim, rules, nowMs)).toBe(null);
});

test.each([
  [{ until: '2026-11-21T17:00:00.000Z' }, /^Ends in 5 hours: pkg:npm\/lodash: static analysis/],
  [{ lapsesAt: '2026-11-21T12:30:00.000Z' }, /^Lapses, unless you work with it, in 30 minutes: /],
  [{ state: 'stopped', endedAt: '2026-11-21T11:59:59.000Z' }, /^Stopped by the owner\. pkg:npm/],
  [{ state: 'lapsed', endedAt: '2026-11-21T11:59:59.000Z' }, /^Lapsed: not used\. /],
])('%o is told', (change, words) => {
  expect(newsOf(Form.parse({ ...claim, ...change }), rules, nowMs)).toMatch(words);
});

test.each([
  // A short one that just began ends soon, and its holder knows.
  { from: '2026-11-21T12:00:00.000Z', until: '2026-11-21T20:00:00.000Z', lapsesAt: null },
  { state: 'released', endedAt: '2026-11-21T11:59:59.000Z' },
  { state: 'stopped', endedAt: '2026-11-01T11:59:59.000Z' },
  {
    until: '2026-11-21T17:00:00.000Z',
    holder: { id: 'party_01jd7r3xk0abcdefghjkmnpqrs', name: 'Somebody else' },
  },
])('%o is not', (change) => {
  expect(newsOf(Form.parse({ ...claim, ...change }), rules, nowMs)).toBe(null);
});
