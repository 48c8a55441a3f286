import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { operationsNeeded } from './tools.ts';

test('the page about agents makes a key that may do what the tools do, and nothing else', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/agents.md'), 'utf8');
  expect(/--scope (\S+)/.exec(page)?.[1]?.split(',')).toEqual(operationsNeeded);
});
