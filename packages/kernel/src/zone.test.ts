import { expect, test } from 'vitest';
import { isZone } from './zone.ts';

test.each([
  ['America/New_York', true],
  ['America/Argentina/Buenos_Aires', true],
  ['Etc/GMT+5', true],
  ['UTC', true],
  ['Europe/Atlantis', false],
  ['+02:00', false],
  ['-0500', false],
  ['', false],
  ['UTC\u0000', false],
  [`A${'/a'.repeat(1_000_000)}`, false],
])('%.40s is a zone: %s', (name, expected) => {
  expect(isZone(name)).toBe(expected);
});
