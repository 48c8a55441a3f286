import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decisionTable, lookup } from './decision-table.ts';
import bodJson from './tables/cisa-bod-26-04-1-0-0.json' with { type: 'json' };
import {
  bod2604Table,
  cisaCoordinatorTable,
  coordinatorPublishTable,
  coordinatorTriageTable,
} from './tables.ts';

describe.each([
  ['cisa-bod-26-04-1-0-0', bod2604Table, 16],
  ['cisa-coordinator-2-0-3', cisaCoordinatorTable, 36],
  ['coordinator-publish-1-0-0', coordinatorPublishTable, 27],
  ['coordinator-triage-1-0-0', coordinatorTriageTable, 192],
])('%s', (name, table, count) => {
  const file = path.join(import.meta.dirname, `vectors/${name}.csv`);
  const [header = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  // `Publish, Do Not Publish v1.0.0` is quoted in the header only.
  const points = (header.match(/"[^"]*"|[^,]+/g) ?? [])
    .slice(1)
    .map((cell) => cell.replaceAll('"', '').replace(/ v[\d.]+.*$/, ''));

  test(`answers all ${count} published rows alike, in capitals and by key too`, () => {
    expect(lines.length).toBe(count);
    for (const line of lines) {
      const [row, ...cells] = line.split(',');
      const inputs = Object.fromEntries(
        points.slice(0, -1).map((point, i) => [point, cells[i]?.toUpperCase() ?? '']),
      );
      const decision = lookup(table, inputs);
      expect(decision).toMatchObject({ ok: true, value: { row: `${table.id} row ${row}` } });
      if (!decision.ok) return;
      expect(decision.value.outcome.name.toLowerCase()).toBe(cells.at(-1));
      const byKey = Object.fromEntries(
        table.inputs.map((point) => [point.id, table.rows[Number(row)]?.[point.id] ?? '']),
      );
      expect(lookup(table, byKey)).toEqual(decision);
    }
  });

  test('refuses a missing, unknown or repeated input', () => {
    const full = Object.fromEntries(
      table.inputs.map((point) => [point.name, point.values[0]?.name ?? '']),
    );
    const [first] = table.inputs;
    if (first === undefined) throw new Error('a table without inputs');
    const { [first.name]: gone, ...rest } = full;
    expect(gone).toBeDefined();
    expect(lookup(table, rest)).toMatchObject({ refusal: { code: 'ssvc-input-missing' } });
    expect(lookup(table, { ...full, weather: 'fair' })).toMatchObject({
      refusal: { code: 'ssvc-input-unknown' },
    });
    expect(lookup(table, { ...full, [first.id]: first.values[1]?.name ?? '' })).toMatchObject({
      refusal: { code: 'ssvc-input-unknown' },
    });
    expect(lookup(table, { ...full, [first.name]: 'perhaps' })).toMatchObject({
      refusal: { code: 'ssvc-value-unknown' },
    });
  });
});

test('values of real assessments are understood', () => {
  const inputs = { Exploitation: 'poc', automatable: 'Yes', TI: 'total', MWI: 'HIGH' };
  expect(lookup(cisaCoordinatorTable, inputs)).toMatchObject({ value: { outcome: { key: 'AT' } } });
});

test('any names and values are answered or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (inputs) => {
      expect(lookup(bod2604Table, inputs).ok).toBe(false);
    }),
  );
});

test('an incomplete table does not load', () => {
  const cut = { ...bodJson, mapping: bodJson.mapping.slice(1) };
  expect(() => decisionTable(cut)).toThrow('has 15 rows for 16 combinations');
});
