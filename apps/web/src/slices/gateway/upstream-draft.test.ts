import { expect, test } from 'vitest';
import {
  blankUpstream,
  draftOfUpstream,
  microsOf,
  priceText,
  upstreamOf,
  wholeOf,
} from './upstream-draft.ts';

test.each([
  ['2.5', 2_500_000],
  ['0', 0],
  ['0.000001', 1],
  ['12', 12_000_000],
  ['1.0000001', Number.NaN],
  ['', Number.NaN],
  ['-1', Number.NaN],
  ['2,50', Number.NaN],
])('the price %j', (text, micros) => {
  expect(microsOf(text)).toBe(micros);
  if (!Number.isNaN(micros)) expect(microsOf(priceText(micros))).toBe(micros);
});

test('whole numbers may be typed with their commas', () => {
  expect(['1,000,000', '50', '1.5', 'x'].map(wholeOf)).toEqual([
    1_000_000,
    50,
    Number.NaN,
    Number.NaN,
  ]);
});

const draft = {
  ...blankUpstream,
  baseUrl: 'https://models.example.org/',
  modelName: 'harbor-1',
  contextTokens: '200,000',
  outputMax: '8192',
  inputPrice: '2.5',
  outputPrice: '10',
};

test('a draft is read whole or not at all', () => {
  expect(upstreamOf(draft)).toEqual({
    kind: 'openai',
    baseUrl: 'https://models.example.org',
    modelName: 'harbor-1',
    contextTokens: 200_000,
    outputMax: 8_192,
    concurrent: 50,
    place: 0,
    prices: { currency: 'USD', inputMicros: 2_500_000, outputMicros: 10_000_000 },
  });
  for (const wrong of [
    { baseUrl: 'http://models.example.org' },
    { modelName: '' },
    { outputMax: '0' },
    { inputPrice: '' },
    { cacheReadPrice: 'cheap' },
  ]) {
    expect(upstreamOf({ ...draft, ...wrong })).toBeNull();
  }
});

test('what stands there is written anew as it was, and its secret is not in it', () => {
  const limitName = 'max_tokens';
  const wish = upstreamOf({ ...draft, limitName, secret: 'sk-1', cacheReadPrice: '0.25' });
  expect(wish).toMatchObject({ secret: 'sk-1', prices: { cacheReadMicros: 250_000 } });
  if (wish === null) return;
  const { secret: _, ...rest } = wish;
  expect(rest.limitName).toBe(limitName);
  const shown = draftOfUpstream({
    ...rest,
    limitName,
    id: `upstream_${'0'.repeat(26)}` as never, // an id of the right form; nobody asks the server
    model: `model_${'0'.repeat(26)}` as never,
    addedAt: '2026-11-22T00:00:00.000Z' as never,
    removedAt: null,
    revision: 1,
  });
  expect(shown.secret).toBe('');
  expect(upstreamOf(shown)).toEqual(rest);
});
