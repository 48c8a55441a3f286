import { expect, test } from 'vitest';
import { boundOf, type Cell } from './lease.ts';
import { admittedBy, idBy, start, wishOf } from './meters.fixture.ts';
import { callOf, Purse, type Slot } from './purse.ts';
import { fromsAt } from './spans.ts';

const row = { free: 1_000_000_000, isElsewhere: false, isUnanswered: false };
const by = { free: row.free, processes: 1, isScarce: false };

/** Fetches what is missing of every cell, as a lane does under the key's lock. */
function fetch(purse: Purse, slots: readonly Slot[]): void {
  for (const cell of purse.cells(slots, () => row)) {
    const target = purse.target(cell, by);
    const { span, from, kind, own } = cell;
    purse.lease([{ span, from, kind, amount: Math.max(0, target - own) }], 1);
    purse.seen(cell, { free: row.free, target });
  }
  purse.paced();
}

test('a kind that had enough when another was fetched is fetched before it is used up', () => {
  const limits = { requests: 1_000_000, inputTokens: 1_000_000_000 };
  const admitted = admittedBy(1, { minute: limits });
  const purse = new Purse(idBy('gkey', 1), admitted.limits, fromsAt(start));
  const slots = purse.current();
  const call = callOf(admitted, wishOf(1, 1));
  if (call === null) throw new Error('expected a call in its currency');
  purse.need = boundOf(call, 1);
  fetch(purse, slots);
  const unused = (kind: Cell['kind']) =>
    purse.cells(slots, () => row).find((cell) => cell.kind === kind)?.own ?? 0;
  const full = unused('requests');
  expect(full).toBeGreaterThan(4);
  // Nothing was used, so that it brings nothing.
  fetch(purse, slots);
  let taken = 0;
  while (!purse.isLow()) {
    const fit = purse.fit(call);
    if (fit === null) throw new Error(`used up after ${taken}, and nobody was told`);
    purse.hold(fit, slots);
    taken += 1;
  }
  expect(unused('requests')).toBeGreaterThan(full / 4);
});
