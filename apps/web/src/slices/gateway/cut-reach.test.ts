import { GatewayKey } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { cutOf, stoppedBy, targetsIn } from './cut-reach.ts';

const id = (kind: string, digit: string) => `${kind}_${digit.repeat(26)}`;
const partner = { id: id('party', '1'), name: 'Port of Alder' };
const at = '2026-11-22T01:00:00.000Z';

const gkey = (digit: string, more: object = {}) =>
  GatewayKey.parse({
    id: id('gkey', digit),
    name: `key ${digit}`,
    holder: { id: id('member', '1'), name: 'Pat Lind', party: partner },
    party: partner,
    developer: { id: id('party', '2'), name: 'Meridian Models' },
    standsOn: id('grant', '1'),
    of: id('window', '1'),
    gives: 'raw-access',
    model: id('model', '1'),
    names: ['harbor-1'],
    speaks: ['openai'],
    limits: {
      outputTokensMax: 100,
      concurrency: 1,
      minute: {},
      day: {},
      grant: {},
      currency: null,
    },
    proof: { kind: 'none' },
    keepsFor: [],
    usageInStreams: 'always',
    issuedAt: at,
    until: at,
    endedAt: null,
    active: true,
    missing: [],
    cuts: [],
    asOf: at,
    ...more,
  });

const other = { id: id('party', '3'), name: 'Valley Bank' };
const keys = [
  gkey('1'),
  gkey('2', { active: false, missing: ['cut-off'], cuts: [cutAt(id('gkey', '2'))] }),
  gkey('3', { active: false, missing: ['ended'], endedAt: at, party: other }),
  gkey('4', { holder: { id: id('member', '2'), name: null, party: other }, party: other }),
];

function cutAt(of: string) {
  return { id: id('cut', '1'), of, by: other, at, reason: 'Shared.', liftedAt: null };
}

test('everything that stands can be chosen once; what has ended by itself no more', () => {
  const targets = targetsIn(keys, (of) => `named ${of.slice(0, 6)}`);
  expect(targets.map(({ kind, label }) => `${kind} ${label}`).toSorted()).toEqual([
    'gkey key 1, Port of Alder',
    'gkey key 2, Port of Alder',
    'gkey key 4, Valley Bank',
    'member Pat Lind, Port of Alder',
    'member name erased, Valley Bank',
    'model named model_',
    'party Port of Alder',
    'party Valley Bank',
    'window named window',
  ]);
});

test.each([
  [id('gkey', '1'), ['1']],
  [id('gkey', '2'), []],
  [id('member', '1'), ['1']],
  [other.id, ['4']],
  [id('window', '1'), ['1', '4']],
  [id('model', '1'), ['1', '4']],
  [id('model', '2'), []],
])('a cut-off of %s stops the keys that work by it', (of, digits) => {
  expect(stoppedBy(of, keys).map((each) => each.id)).toEqual(
    digits.map((digit) => id('gkey', digit)),
  );
});

test('a cut-off that stands is told by the keys', () => {
  expect(cutOf(id('gkey', '2'), keys)?.reason).toBe('Shared.');
  expect(cutOf(id('gkey', '1'), keys)).toBeNull();
});
