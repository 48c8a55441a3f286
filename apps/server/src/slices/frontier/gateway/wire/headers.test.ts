import { expect, test } from 'vitest';
import { contextAsked, tells } from './headers.ts';

test('GAT-30 a header that asks for a wider context is reserved for', () => {
  expect(contextAsked({}, 200_000)).toBe(200_000);
  expect(contextAsked({ 'anthropic-beta': 'files-api-2025-04-14' }, 200_000)).toBe(200_000);
  const wider = 'files-api-2025-04-14,context-1m-2025-08-07';
  expect(contextAsked({ 'anthropic-beta': wider }, 200_000)).toBe(1_000_000);
  expect(contextAsked({ 'anthropic-beta': wider }, 2_000_000)).toBe(2_000_000);
});

test('words that have the secret in them are not sent on; a word that stands for none is no secret', () => {
  const secret = 'sk-0123456789';
  expect(tells(Buffer.from(`{"error":"bad key ${secret}"}`), secret)).toBe(true);
  expect(tells(Buffer.from('{"error":"bad key"}'), secret)).toBe(false);
  expect(tells(Buffer.from('{"error":"none of these"}'), 'none')).toBe(false);
});
