import { expect, test } from 'vitest';
import type { Attempt } from './attempts.ts';
import { attemptWords, networkWords, rowsOf } from './attempts.ts';

const run: Attempt = {
  build: 'vulnerable',
  input: 'proof',
  number: 1,
  outcome: 'fired',
  reason: 'exit 1',
  signature: null,
  wallMs: 41,
  peakMemoryBytes: null,
  networkDenied: true,
};

test('runs stand by build and input, in their order, with what fired', () => {
  const rows = rowsOf([
    { ...run, build: 'control', outcome: 'quiet' },
    { ...run, number: 2, outcome: 'crashed' },
    run,
    { ...run, input: 'benign', outcome: 'quiet' },
  ]);
  const told = rows.map(({ label, expected, fired, attempts }) => ({
    label,
    expected,
    fired,
    numbers: attempts.map((attempt) => attempt.number),
  }));
  expect(told).toEqual([
    { label: 'Vulnerable build', expected: 'fires', fired: 1, numbers: [1, 2] },
    { label: 'Control build', expected: 'quiet', fired: 0, numbers: [1] },
    { label: 'Benign input', expected: 'quiet', fired: 0, numbers: [1] },
  ]);
});

test('no run of any build and input is left out', () => {
  const builds = ['vulnerable', 'control', 'patched', 'unpatched'] as const;
  const inputs = ['proof', 'benign', 'tests'] as const;
  const all = builds.flatMap((build) => inputs.map((input) => ({ ...run, build, input })));
  expect(rowsOf(all).flatMap((row) => row.attempts)).toHaveLength(all.length);
});

test('an attempt in words', () => {
  expect(attemptWords({ ...run, number: 3, outcome: 'cut-short', reason: 'wall clock' })).toBe(
    'run 3: was cut short, wall clock, 41 ms',
  );
});

test('a single run without proof of denial is told', () => {
  expect(networkWords([])).toBe(null);
  expect(networkWords([run, run])).toBe('denied, and proven so inside every run');
  expect(networkWords([run, { ...run, networkDenied: false }])).toBe(
    'not proven denied in 1 of 2 runs',
  );
});
