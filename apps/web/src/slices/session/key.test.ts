import { expect, test } from 'vitest';
import { takeKeyFromFragment } from './key.ts';

function visit(hash: string) {
  const stored = new Map<string, string>();
  const addresses: string[] = [];
  const taken = takeKeyFromFragment({
    location: { hash, pathname: '/cases/case_1', search: '?a=b' },
    history: { replaceState: (_data, _unused, url) => void addresses.push(String(url)) },
    storage: { setItem: (name, value) => void stored.set(name, value) },
  });
  return { taken, stored: [...stored.values()], addresses };
}

test('a key in the fragment is kept and removed from the address bar', () => {
  expect(visit('#key=bw_abc%2Bd')).toEqual({
    taken: true,
    stored: ['bw_abc+d'],
    addresses: ['/cases/case_1?a=b'],
  });
});

test('an empty key is removed from the address bar and not kept', () => {
  expect(visit('#key=')).toEqual({ taken: true, stored: [], addresses: ['/cases/case_1?a=b'] });
});

test('any other fragment stays as it is', () => {
  expect(visit('#evidence')).toEqual({ taken: false, stored: [], addresses: [] });
});
