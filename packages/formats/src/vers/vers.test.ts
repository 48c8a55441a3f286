import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Interval, readVers, writeVers } from './vers.ts';

const between = (introduced: string | null, fixed: string | null): Interval => ({
  introduced,
  fixed,
  lastAffected: null,
});
const until = (introduced: string | null, lastAffected: string): Interval => ({
  introduced,
  fixed: null,
  lastAffected,
});

it.each([
  ['vers:npm/>=1.0.0|<1.2.0', 'npm', [between('1.0.0', '1.2.0')]],
  ['vers:npm/<1.2.0', 'npm', [between(null, '1.2.0')]],
  ['vers:npm/*', 'npm', [between(null, null)]],
  ['vers:npm/>=1.0.0', 'npm', [between('1.0.0', null)]],
  ['vers:deb/>=1%3A2.0~rc1-1|<=1%3A2.0-3%2Bb1', 'deb', [until('1:2.0~rc1-1', '1:2.0-3+b1')]],
  ['vers:pypi/<1|>=2|<2.1|3', 'pypi', [between(null, '1'), between('2', '2.1'), until('3', '3')]],
])('%s', (text, type, intervals) => {
  expect(writeVers(type, intervals)).toBe(text);
  expect(readVers(text)).toEqual({ type, intervals });
});

it.each([
  'vers:npm/',
  'vers:npm',
  'npm/>=1',
  'vers:npm/>1.0',
  'vers:npm/!=1.0',
  'vers:npm/>=1|>=2',
  'vers:npm/>=1|2',
  'vers:npm/<1|<2',
  'vers:npm/%zz',
  'vers:npm/1,2',
  'vers:npm/*|1',
])('%s says nothing we understand', (text) => {
  expect(readVers(text)).toBeNull();
});

it('says again what was said, whatever a version is made of', () => {
  const version = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(version, version, (introduced, fixed) => {
      const intervals = [between(introduced, fixed)];
      expect(readVers(writeVers('npm', intervals))?.intervals).toEqual(intervals);
    }),
  );
});
