import type { Me } from '@breakwater/contract';
import { directory, operations } from '@breakwater/contract';
import { describe, expect, test } from 'vitest';
import { isHere, ways, waysOf } from './navigation.ts';
import { places } from './routes.ts';

function me(role: string): Me {
  return directory.whoAmI.output.parse({
    party: {
      id: `party_${'0'.repeat(26)}`,
      name: 'Somebody',
      role,
      createdAt: '2026-03-01T08:00:00.000Z',
    },
    member: null,
    permissions: operations.map(({ id }) => id),
  });
}

describe('one way to each page', () => {
  test.each([
    ['coordinator', 'Home', '/'],
    ['owner', 'Inbox', '/inbox'],
    ['finder', 'Your findings', '/findings'],
    ['operator', 'What to do', '/notices'],
    ['auditor', 'Record', '/record'],
    ['evaluator', 'Suites', '/suites'],
    ['developer', 'Engagements', '/engagements'],
    ['liaison', 'Engagements', '/engagements'],
    ['official', 'Files', '/files'],
    ['press-office', 'Record', '/record'],
  ])('the first page of %s is %s', (role, label, href) => {
    const ways = waysOf(me(role));
    expect(ways.filter((way) => isHere('/', way)).map((way) => way.label)).toEqual([label]);
    expect(ways.filter((way) => isHere(href, way)).map((way) => way.label)).toEqual([label]);
    expect(ways.some((way) => way.label === 'Home')).toBe(label === 'Home');
  });

  test('the pace belongs to the inbox, and what is below a page to the page', () => {
    const here = (role: string, path: string) =>
      waysOf(me(role))
        .filter((way) => isHere(path, way))
        .map((way) => way.label);
    expect(here('owner', '/pace')).toEqual(['Inbox']);
    expect(here('coordinator', '/cases/case_1')).toEqual(['Cases']);
    expect(here('coordinator', '/casesx')).toEqual([]);
    expect(here('developer', '/requests/request_1')).toEqual(['Gateway']);
    expect(here('operator', '/requests/request_1')).toEqual(['Keys to models']);
  });
});

test('what a page or a way needs is an operation', () => {
  const ids = new Set(operations.map(({ id }) => id));
  const needed = [...places, ...ways].flatMap(({ needs }) => (needs === null ? [] : [needs]));
  expect(needed.filter((id) => !ids.has(id))).toEqual([]);
});
