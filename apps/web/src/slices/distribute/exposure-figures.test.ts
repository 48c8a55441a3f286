import { distribute } from '@breakwater/contract';
import { makeId } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { figuresOf, rowsFor } from './exposure-figures.ts';

const data = distribute.exposure.output.parse({
  inventories: 100,
  affected: 3,
  done: 1,
  helper: 1,
  items: ['done', 'helper', 'open'].map((status) => ({
    notice: makeId('notice', new Uint8Array(26)),
    operator: { id: makeId('party', new Uint8Array(26)), name: status },
    status,
    component: 'libcjson1',
    version: '1',
    dueAt: '2026-12-04T17:00:00.000Z',
  })),
});

test('every figure counts exactly the rows it shows', () => {
  for (const figure of figuresOf(data)) {
    expect(rowsFor(data.items, figure.key)).toHaveLength(figure.count);
  }
});
