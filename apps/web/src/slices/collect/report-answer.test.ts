import type { ReportRow } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { counted, foreseen, lackedBy, reasonsOf } from './report-answer.ts';

const row = (outcome: ReportRow['outcome'], why: string | null, where = '/0'): ReportRow => ({
  where,
  outcome,
  finding: null,
  why,
});

test('what became of a report is counted by outcome, without those of which there are none', () => {
  const rows = [row('new', null), row('known', null), row('known', null), row('refused', 'x')];
  expect(counted({ rows, gone: [] })).toEqual([
    ['New', 1],
    ['Handed in by you before', 2],
    ['Refused', 1],
  ]);
});

test('each reason stands once, with its place and the most frequent first', () => {
  const rows = [
    row('refused', 'no version', '/runs/0/results/4'),
    row('left-out', 'passed', '/runs/0/results/5'),
    row('left-out', 'passed', '/runs/0/results/9'),
    row('new', null),
  ];
  expect(reasonsOf(rows)).toEqual([
    { why: 'passed', count: 2, first: '/runs/0/results/5' },
    { why: 'no version', count: 1, first: '/runs/0/results/4' },
  ]);
});

test('what a report would come to is counted before, and what it lacks is asked for', () => {
  const counts = {
    results: 9,
    findings: 6,
    suppressed: 1,
    leftOut: 2,
    refused: 0,
    packages: [{ package: 'pkg:npm/ini', findings: 2 }],
    withoutPackage: 5,
    withoutVersion: 1,
  };
  expect(foreseen(counts)).toEqual([
    ['Results', 9],
    ['Findings', 6],
    ['Suppressed, kept', 1],
    ['Left out', 2],
  ]);
  expect(lackedBy(counts, { named: false, versioned: false })).toEqual([
    '5 name no package: refused unless you say it below',
    '1 names no version: refused unless you say it below',
  ]);
  expect(lackedBy(counts, { named: true, versioned: true })).toEqual([]);
});
