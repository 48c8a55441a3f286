import { parseId } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { type FirstOf, nextToReview } from './next-review.ts';

function idAt(at: number) {
  const id = parseId('sample', `sample_${String(at).padStart(26, '0')}`);
  if (id === null) throw new Error('expected an id');
  return id;
}

test('disputed ones come first, then all in the order of the log, behind one that was left out', async () => {
  const next = async (disputed: readonly number[], open: readonly number[], past?: number) => {
    const firstOf: FirstOf = async ({ review, after }) => {
      const all = (review === undefined ? [...disputed, ...open] : disputed).toSorted(
        (a, b) => a - b,
      );
      const behind = all.find((at) => after === undefined || idAt(at) > after);
      return behind === undefined ? undefined : { id: idAt(behind) };
    };
    return await nextToReview(firstOf, past === undefined ? null : idAt(past));
  };
  expect(await next([3], [0, 1])).toBe(idAt(3));
  expect(await next([], [0, 1])).toBe(idAt(0));
  expect(await next([3], [0, 1], 0)).toBe(idAt(1));
  expect(await next([3], [0, 1], 1)).toBe(idAt(3));
  expect(await next([3], [0, 1], 3)).toBeNull();
  expect(await next([], [])).toBeNull();
});
