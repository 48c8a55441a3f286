import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { renew } from './renew.ts';

test('what is read anew is everything but a list that was followed far', () => {
  const queries = new QueryClient();
  const page = { items: [], next: null };
  queries.setQueryData(['one'], { id: 'case_1' });
  queries.setQueryData(['short'], { pages: [page, page, page], pageParams: [] });
  queries.setQueryData(['long'], { pages: [page, page, page, page], pageParams: [] });
  renew(queries);
  const stale = queries.getQueryCache().findAll({ stale: true });
  expect(
    stale.filter(({ state }) => state.isInvalidated).map(({ queryKey }) => queryKey[0]),
  ).toEqual(['one', 'short']);
  queries.clear();
});
