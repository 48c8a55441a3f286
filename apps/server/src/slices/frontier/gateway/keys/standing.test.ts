import type { KeyCondition } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { type KeyFacts, missingOf } from './standing.ts';

const now = '2026-11-22T10:00:00.000Z' as Instant; // spelled as kernel writes instants
const whole: KeyFacts = {
  endedAt: null,
  expiresAt: '2026-11-22T10:00:00.001Z' as Instant, // alike
  proof: 'none',
  stand: { isActive: true },
  allotted: { demandsProof: false, names: 1 },
  cuts: 0,
  isHolderHere: true,
  upstreams: 1,
};

const table: readonly (readonly [string, Partial<KeyFacts>, readonly KeyCondition[]])[] = [
  ['everything holds', {}, []],
  ['it was ended', { endedAt: now }, ['ended']],
  ['its end is this very millisecond', { expiresAt: now }, ['expired']],
  ['somebody cut it off', { cuts: 1 }, ['cut-off']],
  ['its grant is not active', { stand: { isActive: false } }, ['grant-not-active']],
  ['it stands on nothing', { stand: null }, ['grant-not-active']],
  ['whoever holds it is gone', { isHolderHere: false }, ['holder-gone']],
  ['nothing is allotted', { allotted: null }, ['nothing-allotted']],
  ['names are erased', { allotted: { demandsProof: false, names: 0 } }, ['nothing-allotted']],
  ['a proof is demanded', { allotted: { demandsProof: true, names: 1 } }, ['proof-demanded']],
  ['and there is one', { allotted: { demandsProof: true, names: 1 }, proof: 'mtls' }, []],
  ['no endpoint', { upstreams: 0 }, ['no-upstream']],
];

test.each(table)('GAT-5 %s', (_, facts, missing) => {
  expect(missingOf({ ...whole, ...facts }, now)).toEqual(missing);
});
