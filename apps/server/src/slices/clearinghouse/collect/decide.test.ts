import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FindingSubmission } from '@breakwater/contract';
import { readCrash } from '@breakwater/correlation';
import { refuse } from '@breakwater/kernel';
import { describe, expect, test } from 'vitest';
import { decideSubmission, type SubmissionFacts } from './decide.ts';

const runtimes = path.join(
  import.meta.dirname,
  '../../../../../../packages/correlation/src/vectors/runtimes',
);
const native: FindingSubmission = {
  kind: 'native',
  package: 'pkg:npm/ini',
  version: '1.3.5',
  title: 'Prototype pollution',
  marking: 'AMBER',
  description: 'told at length',
  weakness: 'CWE-1321',
  location: { path: 'ini.js', function: 'decode' },
  identifiers: ['CVE-2020-7788'],
};
const crash: FindingSubmission = {
  kind: 'crash',
  package: 'pkg:deb/debian/cjson',
  version: '1.7.15-1',
  title: 'Overflow',
  marking: 'AMBER',
  report: '==1==ERROR',
  input: 'AA==',
};
const fine: SubmissionFacts = {
  crash: null,
  recipePackage: null,
  package: 'pkg:npm/ini',
  cvssValid: true,
};
const report = `==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000011 at pc 0x1
READ of size 1 at 0x602000000011 thread T0
    #0 0x1 in parse_string /src/cJSON.c:786:10
    #1 0x2 in parse_value /src/cJSON.c:1300:5
`;

describe('COL-1 a submission is accepted whole, or refused with the field to mend', () => {
  test.each([
    ['package-malformed', '/package', native, { ...fine, package: null }],
    ['recipe-unknown', '/recipe', { ...native, recipe: 'ini' }, fine],
    [
      'recipe-unknown',
      '/recipe',
      { ...native, recipe: 'ini' },
      { ...fine, recipePackage: 'pkg:npm/qs' },
    ],
    ['cvss-malformed', '/cvss', { ...native, cvss: 'CVSS:9' }, { ...fine, cvssValid: false }],
    [
      'report-unreadable',
      '/report',
      crash,
      {
        ...fine,
        crash: refuse({ code: 'no-report', expected: 'a report', got: 'none', todo: 'send one' }),
      },
    ],
  ] as const)('%s at %s', (code, pointer, submission, world) => {
    expect(decideSubmission(submission, world)).toMatchObject({
      ok: false,
      refusal: { code, pointer },
    });
  });
});

test('COL-2 what a person wrote is kept as written, and its identity keys are made of it', () => {
  const decided = decideSubmission(native, fine);
  expect(decided).toMatchObject({
    ok: true,
    value: {
      facts: {
        crash: null,
        description: 'told at length',
        location: { path: 'ini.js', function: 'decode' },
        weakness: 'CWE-1321',
        identifiers: ['CVE-2020-7788'],
        cvss: null,
      },
    },
  });
  const kinds = decided.ok ? decided.value.keys.map((key) => key.kind) : [];
  expect(new Set(kinds)).toEqual(new Set(['identifier', 'location-and-weakness']));
});

test('COL-3 a crash is read out of its report: type, state and named frames', () => {
  const world = {
    ...fine,
    package: 'pkg:deb/debian/cjson',
    crash: readCrash(report),
  };
  const decided = decideSubmission(crash, world);
  expect(decided.ok ? decided.value.facts : decided.refusal).toMatchObject({
    crash: {
      security: true,
      state: ['parse_string', 'parse_value'],
      frames: [
        { function: 'parse_string', line: 786 },
        { function: 'parse_value', line: 1300 },
      ],
    },
    description: null,
    weakness: 'CWE-125',
  });
  expect(decided.ok && decided.value.keys.some((key) => key.kind === 'crash-signature')).toBe(true);
});

test.each([
  ['asan-u.txt', 'Heap-use-after-free READ 1', 'CWE-416', 1],
  ['ubsan-i.txt', 'Integer-overflow', 'CWE-190', 1],
  ['msan-m.txt', 'Use-of-uninitialized-value', 'CWE-908', 1],
  ['tsan-t.txt', 'Data race WRITE 4', 'CWE-362', 1],
  ['asan-l.txt', 'Direct-leak', 'CWE-401', 1],
  ['libfuzzer-m.txt', 'Out-of-memory', 'CWE-770', 0],
  ['go-i.txt', 'Index out of range', 'CWE-129', 1],
  ['rust-i.txt', 'ASSERT', 'CWE-617', 1],
  ['java-i.txt', 'Uncaught exception', 'CWE-248', 1],
  ['python-k.txt', 'Uncaught exception', 'CWE-248', 1],
  ['node-t.txt', 'Uncaught exception', 'CWE-248', 1],
])('COL-3 the crash %s is a finding of the kind %s, %s', (input, type, weakness, signatures) => {
  const text = readFileSync(path.join(runtimes, input), 'utf8');
  const decided = decideSubmission(crash, { ...fine, crash: readCrash(text) });
  if (!decided.ok) throw new Error(decided.refusal.code);
  expect(decided.value.facts).toMatchObject({ crash: { type }, weakness });
  const keys = decided.value.keys.filter(({ kind }) => kind === 'crash-signature');
  expect(keys.length).toBe(signatures);
});
