import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { actsBySlice, forAgents } from './key-scope.ts';

test('an agent is given what the page about agents says, and nothing else', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../../docs/agents.md'), 'utf8');
  expect(/--scope (\S+)/.exec(page)?.[1]?.split(',')).toEqual(forAgents);
});

test('acts are offered by slice, and none that the role may not', () => {
  const offered = actsBySlice(['collect.submit', 'directory.who-am-i', 'no.such-act']);
  expect(offered.map(([slice, acts]) => [slice, acts.map(({ id }) => id)])).toEqual([
    ['directory', ['directory.who-am-i']],
    ['collect', ['collect.submit']],
  ]);
});
