import { expect, test } from 'vitest';
import { parseException } from './exceptions.ts';
import { parseExtent } from './extent.ts';

const texts = (text: string) => {
  const parsed = parseException(text);
  return parsed.ok ? parsed.value.map((target) => target.text) : parsed.refusal.code;
};

test('one exception names several schemes and ports of a host', () => {
  expect(texts('*://www.example.org/admin')).toEqual([
    'http://www.example.org/admin/',
    'https://www.example.org/admin/',
  ]);
  expect(texts('https://www.example.org:443,8443/a')).toEqual([
    'https://www.example.org/a/',
    'https://www.example.org:8443/a/',
  ]);
  expect(texts('*://[2001:db8::1]:80,8080')).toHaveLength(4);
  // Anything else is one target, or refused as one.
  expect(texts('https://www.example.org:8443/a')).toEqual(['https://www.example.org:8443/a/']);
  expect(texts('pkg:npm/lodash')).toEqual(['pkg:npm/lodash']);
  expect(texts('*.example.org')).toEqual(['*.example.org']);
});

test.each([
  ['*://user@www.example.org/'],
  ['*://www.example.org/a?b'],
  ['*://www.example.org:0,80/'],
  ['*://www.example.org:80,99999/'],
  ['*:///admin'],
  [`https://www.example.org:${Array.from({ length: 11 }, (_, i) => i + 1).join(',')}/`],
])('refused: %s', (text) => expect(texts(text)).toMatch(/-malformed$/));

test('what is left out of a host by any scheme is left out under each', () => {
  const extent = parseExtent({
    targets: ['www.example.org'],
    except: ['*://www.example.org/admin'],
    methods: ['active'],
    from: '2026-01-01T00:00:00Z',
    until: null,
  });
  if (!extent.ok) throw new Error(extent.refusal.got);
  expect(extent.value.except.map(({ text }) => text)).toEqual([
    'http://www.example.org/admin/',
    'https://www.example.org/admin/',
  ]);
});
