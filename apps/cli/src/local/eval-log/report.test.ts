import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writtenLog } from '../../../../../packages/formats/src/eval-log/testing/sample-log.ts';
import { runCli } from '../../../test/run-cli.ts';

let folder: string;
let log: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-cli-'));
  log = path.join(folder, 'log.eval');
  await writeFile(log, await writtenLog('whole'));
});
afterAll(async () => await rm(folder, { recursive: true }));

test('a log in words, and as a page', async () => {
  const page = path.join(folder, 'report.html');
  const { code, out, err } = await runCli(['benchmark', 'report', log, '--html', page]);
  expect([code, err]).toEqual([0, `page written to ${page}\n`]);
  expect(out).toContain('runs           4 at 2 tasks, epochs 1 to 2, 1 not scored\n');
  expect(out).toContain('accuracy       75 % (0 % to 100 %), n 2\n');
  expect(out).toContain(`log  ${log}: scores of match\n`);
  expect(await readFile(page, 'utf8')).toContain('<h2>scripted/one</h2>');
});

test('logs beside a table of runs, for a program', async () => {
  const table = path.join(folder, 'runs.csv');
  await writeFile(table, 'model,task,outcome\nother,capture/web,0\nother,capture/crypto,1\n');
  const words = ['benchmark', 'report', log, '--runs', table, '--json', '--replicates', '0'];
  const { code, json } = await runCli(words);
  expect(code).toBe(0);
  expect(json()).toMatchObject({
    format: 'breakwater-benchmark-report/1',
    models: [{ model: 'other' }, { model: 'scripted/one' }],
    pairs: [{ difference: { figure: { value: -0.25, n: 2 } } }],
    skipped: [{ scorer: 'match', samples: {} }],
  });
  expect((await runCli(['benchmark', 'report'])).err).toMatch(/no-runs/);
});
