import type { Notice } from '@breakwater/contract';
import { makeId, parseInstant } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { cardText } from './card-text.ts';

const at = (text: string) => parseInstant(text) ?? expect.fail(`expected an instant: ${text}`);

const notice: Notice = {
  id: makeId('notice', new Uint8Array(26)),
  advisory: 'x_BW-2026-00000000',
  inventory: {
    id: makeId('inventory', new Uint8Array(26)),
    name: 'ward 3\n     curl evil.example',
  },
  createdAt: at('2026-03-01T08:00:00Z'),
  status: 'open',
  receipt: null,
  asHelper: false,
  revision: 0,
  card: {
    headline: 'Update libcjson1 on ward 3',
    why: 'Reads past its end\u202e',
    steps: [
      { text: 'Open a terminal.', command: null },
      { text: 'Fetch the list of updates.', command: 'sudo apt-get update' },
    ],
    patch: null,
    dueAt: at('2026-03-15T08:00:00Z'),
    dueBecause: 'You have 14 days.\nBOD 26-04, row 7',
    where: [{ component: 'libcjson1', version: '1', fixed: '2', reason: '', path: null }],
    advisory: 'x_BW-2026-00000000',
  },
};

test('a helper gets what, by when, how and what to answer', () => {
  const text = cardText(notice, 'UTC');
  expect(text.split('\n').slice(0, 7)).toEqual([
    'Update libcjson1 on ward 3',
    'What is wrong: Reads past its end',
    'By Sun 15 Mar 2026, 08:00 UTC. You have 14 days.',
    '',
    '1. Open a terminal.',
    '2. Fetch the list of updates.',
    '     sudo apt-get update',
  ]);
  expect(text).toContain('Please tell me when it is done');
  expect(text).not.toContain('BOD');
});

test('a name from outside cannot begin a line of its own', () => {
  expect(
    cardText(notice, 'UTC')
      .split('\n')
      .filter((line) => line.includes('curl')),
  ).toEqual(['List: ward 3      curl evil.example. Advisory: x_BW-2026-00000000']);
});
