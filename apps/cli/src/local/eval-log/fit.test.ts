import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writtenLog } from '../../../../../packages/formats/src/eval-log/testing/sample-log.ts';
import { numberOf, realFile, rowsOf } from '../../../../../packages/statistics/test/real-runs.ts';
import { runCli } from '../../../test/run-cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-cli-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

interface Fits {
  readonly fits: readonly { readonly model: string; readonly p50: number; readonly p80: number }[];
}

const sets = [
  ['v2', 16, 0.002],
  ['june2025', 9, 0.0025],
] as const;

for (const [set, models, within] of sets) {
  const runs = realFile(`cyber-horizons/${set}_runs.csv`);
  const published = realFile(`cyber-horizons/${set}_published_fits.csv`);
  test.skipIf(!runs || !published)(`the ${models} published horizons of ${set}`, async () => {
    const words = ['benchmark', 'fit', '--runs', runs ?? '', '--replicates', '20', '--json'];
    const { code, json } = await runCli(words);
    expect(code).toBe(0);
    const { fits } = json() as Fits; // what the command prints, asked below for each figure
    const rows = rowsOf(published ?? '');
    expect(new Set(fits.map(({ model }) => model))).toEqual(
      new Set(rows.map((row) => row.get('agent'))),
    );
    for (const row of rows) {
      const fit = fits.find(({ model }) => model === row.get('agent'));
      const off = Math.abs((fit?.p50 ?? 0) / numberOf(row, 'p50') - 1);
      expect(off, fit?.model).toBeLessThan(within);
      expect(fit).toMatchObject({
        p80: expect.any(Number),
        p50Interval: { level: 0.95 },
        replicates: 20,
        circumstances: { contamination: 'unknown' },
      });
    }
  });
}

test('for a person: λ, weights, replicates, seed and the source of human times are told', async () => {
  const head = 'model,task,family,outcome,human_minutes,human_time_source\n';
  const rows = [1, 2, 4, 8].map((minutes) => `a,t${minutes},f,${minutes < 3 ? 1 : 0},${minutes},x`);
  const words = ['benchmark', 'fit', '--runs', '-', '--replicates', '0'];
  const { code, out } = await runCli(words, { stdin: `${head}${rows.join('\n')}\n` });
  expect(code).toBe(0);
  expect(out).toBe(`model       p50  interval                p80  interval           tasks   runs
a         2.828  none                  2.651  none                   4      4

p50, p80       human minutes of tasks that succeed half, four fifths of the time
fit            weighted logistic, λ 0.00001, weights by task and family
interval       none: no bootstrap was asked for
human time     source unknown 4
budget         not told
contamination  unknown
runs           4, columns breakwater
`);
});

test('a malformed table is refused, with its line', async () => {
  const file = path.join(folder, 'wrong.csv');
  await writeFile(file, 'model,task,outcome\na,b,yes\n');
  const { code, err } = await runCli(['benchmark', 'fit', '--runs', file]);
  expect(code).toBe(2);
  expect(err).toMatch(/row-malformed[\s\S]*outcome: a number from 0 to 1[\s\S]*yes at line 2/);
});

test('logs become a table, once each, with what was skipped and why', async () => {
  const logs = path.join(folder, 'logs', 'deep');
  await mkdir(logs, { recursive: true });
  await writeFile(path.join(logs, 'one.eval'), await writtenLog('whole'));
  await copyFile(path.join(logs, 'one.eval'), path.join(logs, 'two.eval'));
  await writeFile(path.join(logs, 'zero.eval'), 'hello');
  const table = path.join(folder, 'runs.csv');
  const words = ['benchmark', 'import', path.join(folder, 'logs'), '--to', table];
  const { code, json } = await runCli([...words, '--json']);
  expect(code).toBe(0);
  expect(json()).toMatchObject({
    logs: 1,
    runs: 4,
    scorers: { match: 1 },
    unread: [{ code: 'same-evaluation' }, { code: 'not-a-log' }],
  });
  expect((await readFile(table, 'utf8')).split('\r\n')).toHaveLength(6);
  expect((await runCli(words)).err).toMatch(/file-not-written/);
  const other = [...words.slice(0, 4), path.join(folder, 'other.csv'), '--scorer', 'none'];
  expect((await runCli(other)).err).toMatch(/4 samples without such a score/);
  await expect(readFile(path.join(folder, 'other.csv'))).rejects.toThrow('ENOENT');
});
