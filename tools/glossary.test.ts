import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import {
  Attempt,
  Campaign,
  Embargo,
  Notice,
  roles,
  stages,
  standings,
  Verification,
  verdicts,
} from '@breakwater/contract';
import { idKinds } from '@breakwater/kernel';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const rows = readFileSync(join(root, 'docs/glossary.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| word |'));
const written = rows.flatMap((row) => codeOf(row.split('|').at(-2) ?? ''));

const sources = globSync(
  ['apps/*/src/**/*.{ts,tsx}', 'apps/*/migrations/*.sql', 'packages/*/src/**/*.ts'],
  {
    cwd: root,
    exclude: (path) => path.endsWith('.test.ts') || /vectors|fixtures|node_modules/.test(path),
  },
).map((path) => readFileSync(join(root, path), 'utf8'));
const code = sources.join('\n');

test('every word of the code column is in the code', () => {
  expect(written.length).toBeGreaterThan(100);
  const unknown = written.filter(
    (word) => !new RegExp(`(?<![\\w-])${escaped(word)}(?![\\w-])`).test(code),
  );
  expect(unknown).toEqual([]);
});

test('every slice, kind, role, stage, standing, verdict, outcome and status has its line', () => {
  const slices = globSync('apps/server/src/slices/*/*', { cwd: root })
    .map((path) => basename(path))
    .filter((name) => !name.includes('.'));
  const words = [
    ...slices,
    ...idKinds,
    ...roles,
    ...stages,
    ...standings,
    ...verdicts,
    ...Attempt.shape.outcome.options,
    ...Campaign.shape.status.options,
    ...Notice.shape.status.options,
    ...Verification.shape.verdict.unwrap().options,
    ...Embargo.options.map((option) => option.shape.state.value),
  ];
  expect(missing(words)).toEqual([]);
});

test('every act that is written into the log has its line', () => {
  const acts = [...code.matchAll(/\bact: '([a-z]+\.[a-z-]+)'/g)].map((match) => match[1] ?? '');
  expect(acts.length).toBeGreaterThan(20);
  expect(missing(acts)).toEqual([]);
});

function missing(words: readonly string[]): string[] {
  return [...new Set(words)].filter((word) => !written.includes(word)).toSorted();
}

function codeOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
