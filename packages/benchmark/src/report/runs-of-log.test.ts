import { openEvalLog } from '@breakwater/formats/eval-log';
import { expect, test } from 'vitest';
import { memorySource, nodeCodecs } from '../../../formats/src/eval-log/testing/node-codecs.ts';
import { writtenLog } from '../../../formats/src/eval-log/testing/sample-log.ts';
import { runsOfLog } from './runs-of-log.ts';

async function logRuns(options?: Parameters<typeof runsOfLog>[1]) {
  const log = await openEvalLog(memorySource(await writtenLog('whole')), nodeCodecs);
  if (!log.ok) throw new Error(log.refusal.code);
  const read = await runsOfLog(log.value, options);
  if (!read.ok) throw new Error(read.refusal.code);
  return read.value;
}

test('a sample in one epoch is a run; one that was not scored stays, without an outcome', async () => {
  const { runs, scorer, skipped } = await logRuns();
  expect([scorer, skipped]).toEqual(['match', {}]);
  expect(runs.map(({ task, epoch, outcome, end }) => [task, epoch, outcome, end])).toEqual([
    ['capture/web', 1, 1, 'solved'],
    ['capture/web', 2, 0, 'ended'],
    ['capture/crypto', 1, 1, 'solved'],
    ['capture/crypto', 2, Number.NaN, 'ended'],
  ]);
  expect(runs[0]).toMatchObject({
    model: 'scripted/one',
    family: 'web',
    tokens: 14,
    minutes: null,
  });
});

test('human times from elsewhere; samples without a score of the scorer are counted', async () => {
  const humanTimes = new Map([['web', { minutes: 7, source: 'completion' as const }]]);
  const { runs } = await logRuns({ humanTimes });
  expect(runs.map(({ minutes }) => minutes)).toEqual([7, 7, null, null]);
  expect(await logRuns({ scorer: 'other' })).toEqual({
    runs: [],
    places: [],
    scorer: 'other',
    otherScorers: ['match'],
    skipped: { 'score-missing': 4 },
  });
});

test('where each task keeps its limits, the budget says so, and no other words of a log', async () => {
  const log = await openEvalLog(memorySource(await writtenLog('whole')), nodeCodecs);
  if (!log.ok) throw new Error(log.refusal.code);
  const { header } = log.value;
  const budgetFor = async (said: string) => {
    const own = { ...header.eval, config: {}, metadata: { breakwater_budget: said } };
    const read = await runsOfLog({ ...log.value, header: { ...header, eval: own } });
    return read.ok ? read.value.runs[0]?.budget : read.refusal.code;
  };
  expect(await budgetFor('as each task states')).toBe('as each task states');
  expect(await budgetFor('<b>without end</b>')).toBe(null);
});
