import { expect, test } from 'vitest';
import { topFrame } from './top-frame.ts';

const frame = (name: string) => ({ function: name, file: null, line: null });

test('the top frame is the first of the target, not of the sanitizer', () => {
  const frames = [frame('__interceptor_memcpy'), frame('parse_string'), frame('main')];
  expect(topFrame({ state: ['parse_string', 'main'], frames })).toBe(1);
});

test('without a state that names a frame it is the innermost', () => {
  expect(topFrame({ state: [], frames: [frame('main')] })).toBe(0);
  expect(topFrame({ state: ['elsewhere'], frames: [frame('main')] })).toBe(0);
});
