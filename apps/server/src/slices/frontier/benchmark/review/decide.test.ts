import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areShown, decideReview, type Given, stateOf } from './decide.ts';

const verdict = fc.constantFrom('valid' as const, 'invalid' as const);
const parties = ['a', 'b', 'c', 'd'];

test('BEN-13 BEN-14 two who agree decide, a third where they differ, each once', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...parties), verdict)), (tries) => {
      const given: Given[] = [];
      for (const [party, said] of tries) {
        const decided = decideReview(given, { party, verdict: said });
        if (decided.ok) given.push({ party, verdict: said });
        else if (decided.refusal.code === 'already-reviewed') {
          expect(given.some((each) => each.party === party)).toBe(true);
        } else expect(['valid', 'invalid']).toContain(stateOf(given));
        if (decided.ok) expect(decided.value).toBe(stateOf(given));
      }
      expect(given.length).toBeLessThanOrEqual(3);
      expect(areShown(given)).toBe(stateOf(given) !== 'open');
      const votes = (of: string) => given.filter((each) => each.verdict === of).length;
      const decided = votes('valid') >= 2 ? 'valid' : votes('invalid') >= 2 ? 'invalid' : null;
      if (decided !== null) expect(stateOf(given)).toBe(decided);
      else expect(stateOf(given)).toBe(given.length === 2 ? 'disputed' : 'open');
    }),
  );
});
