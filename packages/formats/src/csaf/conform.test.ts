import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { conformCsaf, csafFaults, mandatoryTests } from './conform.ts';
import { compareMoments, parseMoment } from './moment.ts';

const data = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data');
const suite = resolve(data, 'conformance/csaf/csaf_2.0/test/validator/data');

const Cases = z.object({
  tests: z.array(
    z.object({
      id: z.string(),
      group: z.enum(['mandatory', 'optional', 'informative']),
      failures: z.array(z.object({ name: z.string(), valid: z.boolean() })).default([]),
      valid: z.array(z.object({ name: z.string(), valid: z.boolean() })).default([]),
    }),
  ),
});

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function casesIn(folder: string) {
  if (!existsSync(folder)) return [];
  return Cases.parse(read(resolve(folder, 'testcases.json'))).tests.flatMap((test) => [
    ...test.failures.map((each) => ({ ...each, test })),
    ...test.valid.map((each) => ({ ...each, test })),
  ]);
}

const cases = casesIn(suite);

/** Documents the suite calls valid, though they name one algorithm twice, which 6.1.25 forbids. */
const contested: ReadonlyMap<string, readonly string[]> = new Map([
  ['optional/oasis_csaf_tc-csaf_2_0-2021-6-2-08-02.json', ['6.1.25']],
  ['optional/oasis_csaf_tc-csaf_2_0-2021-6-2-09-02.json', ['6.1.25']],
]);

describe.skipIf(cases.length === 0)('the test documents of the CSAF committee', () => {
  it('are all there, for every mandatory test', () => {
    expect(cases.length).toBe(239);
    const mandatory = cases.filter(({ test }) => test.group === 'mandatory');
    expect(new Set(mandatory.map(({ test }) => test.id))).toEqual(
      new Set(Object.keys(mandatoryTests)),
    );
  });

  it.each(cases.filter(({ valid }) => valid))('$name is valid', ({ name }) => {
    const failed = csafFaults(read(resolve(suite, name))).map(({ test }) => test);
    expect(failed).toEqual(contested.get(name) ?? []);
  });

  it.each(cases.filter(({ valid }) => !valid))('$name fails $test.id', ({ name, test }) => {
    const failed = csafFaults(read(resolve(suite, name))).map((fault) => fault.test);
    expect(failed).toContain(test.id);
  });
});

const schemas = resolve(data, 'conformance/csaf/csaf_2.0');
const published = resolve(data, 'csaf-real/cisa');

/** The official schema, from the data beside the repository: its license lets nobody copy it. */
function officialSchema() {
  const ajv = new Ajv2020({ strict: false, validateFormats: true });
  formats.default(ajv);
  for (const version of ['2.0', '3.0', '3.1']) {
    const cvss = z
      .record(z.string(), z.unknown())
      .parse(read(resolve(schemas, `referenced_schema/first/cvss-v${version}.json`)));
    const { $schema: _, id: __, $id: ___, ...rest } = cvss;
    ajv.addSchema(rest, `https://www.first.org/cvss/cvss-v${version}.json`);
  }
  const schema = read(resolve(schemas, 'json_schema/csaf_json_schema.json'));
  return ajv.compile(z.record(z.string(), z.unknown()).parse(schema));
}

/** Everything inside a document that can be changed: its holder and the key. */
function placesIn(value: unknown): { holder: Record<string, unknown>; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>; // pays: arrays and objects both take text keys
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

describe.skipIf(cases.length === 0)('the shape', () => {
  const isShaped = (value: unknown): boolean =>
    csafFaults(value).every(({ test }) => test !== 'schema' && test !== '6.1.8');

  it('agrees with the official schema on every document and on what is broken in them', () => {
    const official = officialSchema();
    const texts = cases
      .filter((_, i) => i % 4 === 0)
      .map(({ name }) => readFileSync(resolve(suite, name), 'utf8'));
    const broken = fc.constantFrom<unknown>('', 'x', 7, -1, null, [], {}, [''], undefined, true);
    const mutation = fc.record({ text: fc.constantFrom(...texts), at: fc.nat(), broken });
    fc.assert(
      fc.property(mutation, ({ text, at, broken: value }) => {
        const document: unknown = JSON.parse(text);
        const places = placesIn(document);
        const place = places[at % places.length];
        if (place !== undefined && value === undefined)
          Reflect.deleteProperty(place.holder, place.key);
        else if (place !== undefined) place.holder[place.key] = value;
        const changed: unknown = JSON.parse(JSON.stringify(document));
        expect([isShaped(changed), place?.key, value]).toEqual([
          official(changed),
          place?.key,
          value,
        ]);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe.skipIf(!existsSync(published))('what CISA published', () => {
  it('is valid', () => {
    const files = globSync('**/*.json', { cwd: published });
    const faults = files.flatMap((file) => csafFaults(read(resolve(published, file))));
    expect(files.length).toBeGreaterThan(50);
    expect(faults).toEqual([]);
  });
});

describe('a moment', () => {
  it.each([
    ['2026-02-28T12:00:00Z', true],
    ['2024-02-29T12:00:00+01:00', true],
    ['2016-12-31T23:59:60Z', true],
    ['2026-02-29T12:00:00Z', false],
    ['2026-00-10T12:00:00Z', false],
    ['2026-02-10T24:00:00Z', false],
    ['2026-02-10T12:00:60Z', false],
    ['2026-02-10T12:00:00', false],
    ['2026-02-10', false],
  ])('%s is one: %s', (text, isOne) => {
    expect(parseMoment(text) !== null).toBe(isOne);
  });

  it('is ordered beyond milliseconds and across zones', () => {
    expect(compareMoments('2026-01-01T00:00:00.0000001Z', '2026-01-01T00:00:00Z')).toBe(1);
    expect(compareMoments('2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00.000Z')).toBe(0);
    expect(compareMoments('2026-01-01T00:30:00+01:00', '2026-01-01T00:00:00Z')).toBeLessThan(0);
  });
});

it('says what a document breaks and where, and no more than it can bear', () => {
  expect(conformCsaf({ document: {} })).toMatchObject({
    ok: false,
    refusal: { code: 'csaf-nonconforming', pointer: '/document/category' },
  });
  const many = Array.from({ length: 5_000 }, () => ({}));
  expect(csafFaults({ vulnerabilities: many }).length).toBe(1_000);
});
