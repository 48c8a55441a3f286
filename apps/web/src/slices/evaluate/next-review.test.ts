import { RunSample } from '@breakwater/contract';
import { parseId } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { type Asking, nextToReview } from './next-review.ts';

const idAt = <K extends 'sample' | 'run'>(kind: K, at: number) => {
  const id = parseId(kind, `${kind}_${String(at).padStart(26, '0')}`);
  if (id === null) throw new Error('expected an id');
  return id;
};

function sampleAt(place: number, review: 'open' | 'disputed'): RunSample {
  return RunSample.parse({
    id: idAt('sample', place),
    run: idAt('run', 0),
    place,
    epoch: 1,
    item: null,
    commitment: null,
    score: 1,
    failed: false,
    limited: false,
    contamination: 'unknown',
    review,
  });
}

/** Two a page, as a server that keeps `all`; `mine` are reviewed. */
function asking(all: readonly RunSample[], mine: readonly number[]): Asking {
  return {
    page: async (review, after) => {
      const from = Number(after ?? 0);
      const some = all.filter((each) => each.review === review);
      const next = from + 2 < some.length ? String(from + 2) : null;
      return { items: some.slice(from, from + 2), next };
    },
    isReviewed: async ({ place }) => mine.includes(place),
  };
}

test('disputed ones come first, then those behind the place, and none that is reviewed', async () => {
  const all = [0, 1, 2, 3, 4].map((place) => sampleAt(place, place === 3 ? 'disputed' : 'open'));
  const next = async (mine: readonly number[], past = -1) =>
    (await nextToReview(asking(all, mine), past)).sample;
  expect(await next([])).toBe(idAt('sample', 3));
  expect(await next([3])).toBe(idAt('sample', 0));
  expect(await next([0, 3])).toBe(idAt('sample', 1));
  expect(await next([0, 3], 2)).toBe(idAt('sample', 4));
  expect(await next([0, 1, 2, 3, 4])).toBeNull();
});

test('it stops after a hundred and says from where to look on', async () => {
  const all = Array.from({ length: 130 }, (_, place) => sampleAt(place, 'open'));
  const mine = all.map(({ place }) => place).slice(0, 120);
  const first = await nextToReview(asking(all, mine), -1);
  expect(first).toEqual({ sample: null, past: 99 });
  expect((await nextToReview(asking(all, mine), first.past ?? 0)).sample).toBe(idAt('sample', 120));
});
