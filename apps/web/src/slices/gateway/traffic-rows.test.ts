import { gateway } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { groupings, rowsBy } from './traffic-rows.ts';

const id = (kind: string, digit: string) => `${kind}_${digit.repeat(26)}`;
const alder = { id: id('party', '1'), name: 'Port of Alder' };

const line = (day: string, key: string, more: object = {}) => ({
  day,
  key: id('gkey', key),
  name: `key ${key}`,
  holder: { id: id('member', '1'), name: 'Pat Lind', party: alder },
  party: alder,
  model: 'harbor-1',
  requests: 2,
  inputTokens: 10,
  outputTokens: 5,
  costMicros: 7,
  currency: 'USD',
  ...more,
});

const { items } = gateway.traffic.output.parse({
  items: [
    line('2026-11-22', '1'),
    line('2026-11-22', '2', { model: 'harbor-2', currency: 'EUR', requests: 9 }),
    line('2026-11-21', '1', { requests: 1 }),
    line('2026-11-21', '3', { model: null, currency: null, costMicros: 0 }),
  ],
  isCut: false,
  from: '2026-11-20',
  asOf: '2026-11-22T01:00:00.000Z',
});

test('lines are added up by each thing, the most requests first, days the newest first', () => {
  const told = Object.fromEntries(
    groupings.map((by) => [by, rowsBy(by, items).map((row) => [row.label, row.requests])]),
  );
  expect(told).toEqual({
    model: [
      ['harbor-2', 9],
      ['harbor-1', 3],
      ['name erased', 2],
    ],
    party: [['Port of Alder', 14]],
    person: [['Pat Lind, Port of Alder', 14]],
    key: [
      ['key 2, Port of Alder', 9],
      ['key 1, Port of Alder', 3],
      ['key 3, Port of Alder', 2],
    ],
    day: [
      ['2026-11-22', 11],
      ['2026-11-21', 3],
    ],
  });
});

test('nothing is lost by adding up, and no money is converted', () => {
  for (const by of groupings) {
    const rows = rowsBy(by, items);
    const sum = (pick: (row: (typeof rows)[number]) => number) =>
      rows.reduce((total, row) => total + pick(row), 0);
    expect([sum((row) => row.inputTokens), sum((row) => row.outputTokens)]).toEqual([40, 20]);
    const money = rows.flatMap((row) => row.money);
    const of = (currency: string) =>
      money
        .filter((each) => each.currency === currency)
        .reduce((all, { micros }) => all + micros, 0);
    expect([of('USD'), of('EUR')]).toEqual([14, 7]);
  }
});
