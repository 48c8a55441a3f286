import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Passing } from './passing.ts';

const id = fc.constantFrom('a', 'b', '1', '0', 'constructor', '__proto__');
const step = fc.record({ does: fc.constantFrom('set', 'delete', 'clear'), id });

test('what is under way is what a map would have', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const passing = new Passing<{ readonly at: number }>();
      const model = new Map<string, { readonly at: number }>();
      for (const [at, { does, id: of }] of steps.entries()) {
        if (does === 'clear') {
          passing.clear();
          model.clear();
        } else if (does === 'delete') expect(passing.delete(of)).toBe(model.delete(of));
        else {
          passing.set(of, { at });
          model.set(of, { at });
        }
        expect([passing.size, passing.get(of)]).toEqual([model.size, model.get(of)]);
        expect(new Set(passing.values())).toEqual(new Set(model.values()));
      }
    }),
  );
});
