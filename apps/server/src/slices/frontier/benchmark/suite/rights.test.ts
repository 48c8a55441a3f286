import { suiteRights } from '@breakwater/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Allowance,
  bothOf,
  isWithin,
  knownTo,
  reachOf,
  runLevel,
  suiteLevel,
} from './rights.ts';

const parties = ['keeper', 'one', 'two'];
const items = ['a', 'b', 'c'];
const allowance: fc.Arbitrary<Allowance> = fc.record({
  party: fc.constantFrom(...parties),
  may: fc.constantFrom(...suiteRights),
  item: fc.constantFrom('', ...items),
});
const allowances = fc.array(allowance, { maxLength: 8 });
const run = fc.record({
  party: fc.constantFrom(...parties),
  items: fc.subarray(items).map((some): ReadonlySet<string> => new Set(some)),
});

test('BEN-2 BEN-3 what was not given reaches nothing, and nobody knows more by what others were given', () => {
  fc.assert(
    fc.property(allowances, fc.constantFrom('one', 'two'), run, (all, party, of) => {
      const own = all.filter((each) => each.party === party);
      for (const may of suiteRights) {
        expect(reachOf(all, party, may)).toEqual(reachOf(own, party, may));
        for (const item of items) {
          const given = own.some((a) => a.may === may && (a.item === '' || a.item === item));
          expect(isWithin(reachOf(all, party, may), item)).toBe(given);
          if (given) expect(isWithin(knownTo(all, party), item)).toBe(true);
        }
      }
      const keeper = 'keeper';
      expect(suiteLevel(all, { party, keeper })).toBe(suiteLevel(own, { party, keeper }));
      expect(runLevel(all, party, of)).toBe(runLevel(own, party, of));
      if (own.length === 0) {
        expect([suiteLevel(all, { party, keeper }), runLevel(all, party, of)]).toEqual([0, 0]);
      }
    }),
  );
});

test('BEN-4 a run is seen by whoever may see a result in it, and by whoever brought it', () => {
  fc.assert(
    fc.property(allowances, run, (all, of) => {
      const results = reachOf(all, 'one', 'results');
      const sees = results === 'all' || [...of.items].some((item) => results.has(item));
      const brought = of.party === 'one' && all.some(({ party }) => party === 'one');
      expect(runLevel(all, 'one', of) > 0).toBe(sees || brought);
    }),
  );
});

test('BEN-11 what two rights reach together is what each reaches', () => {
  const reach = fc.oneof(
    fc.constant('all' as const),
    fc.subarray(items).map((some): ReadonlySet<string> => new Set(some)),
  );
  fc.assert(
    fc.property(reach, reach, fc.constantFrom(...items), (one, other, item) => {
      expect(isWithin(bothOf(one, other), item)).toBe(isWithin(one, item) && isWithin(other, item));
    }),
  );
});
