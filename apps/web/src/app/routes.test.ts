import { makeId } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { routeOf } from './routes.ts';

const id = makeId('case', new Uint8Array(26));

test.each([
  ['/', { page: 'cases' }],
  ['/notices', { page: 'notices' }],
  [`/cases/${id}`, { page: 'case', id }],
  [`/cases/${id}/x`, { page: 'unknown' }],
  [`/${id}`, { page: 'unknown' }],
  ['/cases/case_1', { page: 'unknown' }],
  ['/notices/', { page: 'unknown' }],
])('%s', (path, route) => {
  expect(routeOf(path)).toEqual(route);
});
