import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BenchmarkRun } from './run.ts';
import { readRuns } from './runs-table.ts';
import { csvRun, jsonRun, runsHead } from './write-runs.ts';

async function* inPieces(text: string, bytes = 7) {
  const all = utf8(text);
  for (let at = 0; at < all.length; at += bytes)
    yield await Promise.resolve(all.slice(at, at + bytes));
}

const study =
  'alias,task_id,task_family,best_available_minutes,best_available_source,score_binarized,total_tokens';
const june =
  'alias,task_id,task_family,task_source,human_minutes,score_binarized,equal_task_weight';

test('each column set is known by its names, with its λ and its weights', async () => {
  const first = await readRuns(
    inPieces(`\uFEFF${study}\r\n"A, b","t""1",f,1.5,first_blood,1,382\r\n`),
  );
  expect(first).toEqual({
    ok: true,
    value: {
      columns: 'cyber-horizons-2026',
      penalty: 1e-5,
      weights: 'task-and-family',
      runs: [
        {
          model: 'A, b',
          task: 't"1',
          family: 'f',
          outcome: 1,
          epoch: 1,
          minutes: 1.5,
          timeSource: 'first_blood',
          tokens: 382,
          end: null,
          budget: null,
          contamination: 'unknown',
          weight: null,
          evaluation: null,
        },
      ],
    },
  });
  const second = await readRuns(inPieces(`${june}\nA,t,f,s,0.5,0,0.25`));
  expect(second).toMatchObject({
    ok: true,
    value: {
      columns: 'cyber-horizons-2025',
      penalty: 0.1,
      weights: 'table',
      runs: [{ weight: 0.25 }],
    },
  });
});

test.each([
  ['no table', 'hello', 'columns-unknown', /missing/],
  ['nothing', ' \n', 'no-runs', /none/],
  ['a header alone', study, 'no-runs', /none/],
  ['a row too short', `${study}\na,b,c\n`, 'row-malformed', /3 at line 2/],
  ['an outcome beyond 1', `${study}\na,b,c,1,x,2,3\n`, 'row-malformed', /2 at line 2/],
  ['a time of zero', `${study}\na,b,c,0,x,1,3\n`, 'row-malformed', /minutes above 0.*line 2/s],
  ['a time in words', `${study}\na,b,c,0x10,x,1,3\n`, 'row-malformed', /0x10/],
  ['a row without a model', `${study}\n,b,c,1,x,1,3\n`, 'row-malformed', /alias/],
  ['an open quote', `${study}\n"a,b,c,1,x,1,3\n`, 'row-malformed', /line 2/],
  ['a quote within', `${study}\na"b,b,c,1,x,1,3\n`, 'row-malformed', /line 2/],
  ['a broken line of JSON', '{"model":"a"\n', 'row-malformed', /line 1/],
  ['bytes of another kind', '\u0000', 'columns-unknown', /./],
])('%s is refused', async (_, text, code, words) => {
  const read = await readRuns(inPieces(text));
  if (read.ok) throw new Error('read');
  expect(read.refusal.code).toBe(code);
  expect(Object.values(read.refusal).join('\n')).toMatch(words);
});

test('a record without an end is not gathered for ever', async () => {
  async function* endless() {
    yield utf8('"');
    for (;;) yield await Promise.resolve(utf8('a'.repeat(65_536)));
  }
  expect(await readRuns(endless())).toMatchObject({
    ok: false,
    refusal: { code: 'table-too-large' },
  });
});

const name = fc
  .string({ minLength: 1, unit: 'grapheme' })
  .filter((text) => !/^['\s]|\s$|^[=+\-@|%＝＋－＠\uFEFF]/u.test(text));
const run: fc.Arbitrary<BenchmarkRun> = fc.record({
  model: name,
  task: name,
  family: name,
  outcome: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(Number.NaN)),
  epoch: fc.nat(),
  minutes: fc.option(fc.double({ min: 1e-3, max: 1e6, noNaN: true })),
  timeSource: fc.constant(null),
  tokens: fc.option(fc.nat()),
  end: fc.constantFrom('solved', 'censored', 'ended', null),
  budget: fc.option(name),
  contamination: fc.constantFrom('none-known', 'unknown', 'suspected', 'confirmed'),
  weight: fc.constant(null),
  evaluation: fc.option(name),
});

test('what is written is read, as CSV and as lines of JSON', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 5 }), async (runs) => {
      const timed = runs.map((each) => ({
        ...each,
        timeSource: each.minutes === null ? null : ('completion' as const),
      }));
      const csv = await readRuns(inPieces(runsHead + timed.map(csvRun).join('')));
      const json = await readRuns(inPieces(timed.map(jsonRun).join('')));
      expect(json).toEqual({ ok: true, value: expect.objectContaining({ runs: timed }) });
      expect(csv).toEqual(json);
    }),
    { numRuns: 50 },
  );
});
