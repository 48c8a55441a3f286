import type { Claim } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { actsOf } from './hold.ts';

const of = (targets: readonly string[], methods: Claim['scope']['methods']) => {
  const nothing = { places: [], except: [], weaknesses: [], exceptWeaknesses: [] };
  const scope = { ...nothing, targets: [...targets], methods: [...methods] };
  // What needs leave is told by the scope alone.
  return actsOf({ scope } as unknown as Claim);
};

test('DCF-33 leave for a live system is asked for whatever is done to it, for code not for fuzzing it here', () => {
  expect(of(['https://www.example.org/'], ['read', 'fuzz'])).toEqual([
    { target: 'https://www.example.org/', method: 'read' },
    { target: 'https://www.example.org/', method: 'fuzz' },
  ]);
  expect(of(['192.0.2.0/24'], ['static'])).toHaveLength(1);
  expect(of(['pkg:npm/flat'], ['read', 'static', 'fuzz'])).toEqual([]);
  expect(of(['pkg:npm/flat'], ['fuzz', 'active'])).toEqual([
    { target: 'pkg:npm/flat', method: 'active' },
  ]);
});
