import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { attempts } from './attempts.ts';
import { page, withTable } from './page.ts';

const names = attempts.flatMap(({ attempts: ones }) => ones.map(({ name }) => name));

it('lists on the page what is tried, neither more nor less', () => {
  const text = readFileSync(page, 'utf8');
  expect(text, 'run "node test/hostile/attempts/page.ts --write"').toBe(withTable(text));
});

it('tries more than a hundred different things', () => {
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(100);
  const model = readFileSync(new URL('../../../docs/threat-model.md', import.meta.url), 'utf8');
  expect(/^\| (\d+) ways out/m.exec(model)?.[1]).toBe(String(names.length));
});
