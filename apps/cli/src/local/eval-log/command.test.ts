import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writtenLog } from '../../../../../packages/formats/src/eval-log/testing/sample-log.ts';
import { runCli } from '../../../test/run-cli.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-cli-'));
  file = path.join(folder, 'log.eval');
  await writeFile(file, await writtenLog('whole'));
});
afterAll(async () => await rm(folder, { recursive: true }));

test('a log for a person: its figures beside those that follow from its samples', async () => {
  const { code, out, err } = await runCli(['benchmark', 'log', file, '--limit', '2']);
  expect([code, err]).toEqual([0, 'there is more: --from 2\n']);
  expect(out).toBe(`task     capture
model    scripted/one
created  2026-11-20T12:00:00+00:00
status   success
samples  4
figure   match (mean) accuracy 0.75, and so it follows from the samples
figure   match (mean) stderr 0.25, and so it follows from the samples
  web epoch 1  match C
  web epoch 2  match I
`);
});

test('the transcript of a sample in pages', async () => {
  const words = ['benchmark', 'log', file, '--sample', 'crypto', '--epoch', '2', '--from', '2'];
  const { code, out, err } = await runCli([...words, '--limit', '1']);
  expect([code, err]).toEqual([0, 'there is more: --from 3\n']);
  expect(out).toBe(`sample   crypto epoch 2
events   5, messages 3
#2  2026-11-20T12:00:01+00:00  tool bash
  | flag.txt
`);
});

test('for a program', async () => {
  const log = await runCli(['benchmark', 'log', file, '--json']);
  expect(log.json()).toMatchObject({
    status: 'success',
    isFinished: true,
    figures: [{ told: 0.75, computed: 0.75 }, { metric: 'stderr' }],
    samples: { total: 4, next: null },
  });
  const sample = await runCli(['benchmark', 'log', file, '--sample', 'web', '--json']);
  expect(sample.json()).toMatchObject({ sample: { id: 'web', epoch: 1 }, events: { total: 5 } });
});

test('what is no log, and no sample of it, is refused', async () => {
  const other = path.join(folder, 'other.eval');
  await writeFile(other, 'hello');
  expect((await runCli(['benchmark', 'log', other])).err).toMatch(/a log of Inspect/);
  expect((await runCli(['benchmark', 'log', folder])).err).toMatch(/file-unreadable/);
  const missing = await runCli(['benchmark', 'log', file, '--sample', 'none']);
  expect(missing.err).toMatch(/none_epoch_1/);
});
