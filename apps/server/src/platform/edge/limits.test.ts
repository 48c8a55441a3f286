import { readFileSync } from 'node:fs';
import path from 'node:path';
import { operations } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { failedCodes, limitOf, limits, speciallyLimited } from './limits.ts';

const ids = operations.map((operation) => operation.id);

test('every operation that the table names exists, and every code is somebody’s', () => {
  expect(speciallyLimited.filter((id) => !ids.includes(id))).toEqual([]);
  const codes = new Set(operations.flatMap((operation) => Object.keys(operation.refusals)));
  expect(failedCodes.filter((code) => !codes.has(code))).toEqual([]);
});

test('files, searches, links and strangers are counted by limits of their own', () => {
  const of = (id: string, signedIn: boolean) => {
    const operation = operations.find((o) => o.id === id);
    if (operation === undefined) throw new Error(`no operation ${id}`);
    return limitOf(operation, signedIn);
  };
  expect([
    of('collect.submit', true),
    of('coordinate.say', true),
    of('coordinate.list', true),
    of('search.find', true),
    of('deconflict.prove-control', true),
    of('distribute.advisory', false),
    of('session.redeem', false),
    of('session.request-link', false),
    of('session.request-link', true),
  ]).toEqual([
    'upload',
    'write',
    'read',
    'search',
    'look-outside',
    'anonymous',
    'anonymous',
    'sign-in-request',
    'sign-in-request',
  ]);
});

test('the page for operators shows the table', () => {
  const page = readFileSync(
    path.join(import.meta.dirname, '../../../../../docs/operate/edge.md'),
    'utf8',
  );
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| ([a-z ]+) \| (\d+) \| (\d+) \|/gm)];
  expect(
    rows.map(([, name, counts, burst, perMinute]) => [name, counts, burst, perMinute]),
  ).toEqual(
    Object.entries(limits).map(([name, limit]) => [
      name,
      limit.counts,
      String(limit.burst),
      String(limit.perMinute),
    ]),
  );
});
