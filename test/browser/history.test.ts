import { utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { checkSteps } from '../../apps/web/src/slices/record/check-steps.ts';
import { historyStep, withStep } from '../../apps/web/src/slices/record/history.ts';
import type { FixtureLog } from './fixture-log.ts';
import { createFixtureLog } from './fixture-log.ts';

const first = { act: 'first' };
const old = await createFixtureLog([first]);
const grown = await createFixtureLog([first, { act: 'second' }, { act: 'third' }], old.signer);
const rewritten = await createFixtureLog([{ act: 'other' }, { act: 'second' }], old.signer);

const before = { key: old.vkey, checkpoint: old.checkpoint };

async function step(log: FixtureLog, remembered = before) {
  const check = checkSteps({ disclosure: utf8(await log.disclose(0)), key: log.vkey });
  if (check.checkpoint === null) throw new Error('expected an opened checkpoint');
  const history = { before: remembered, now: check.checkpoint, key: log.vkey, read: log.read };
  return withStep(check, await historyStep(history));
}

test('a log that grew holds, and says from where to where', async () => {
  const check = await step(grown);
  expect(check.holds).toBe(true);
  expect(check.steps.at(-1)?.words).toBe('From 1038 to 1040 entries; nothing before was changed.');
});

test('a log that stands still holds', async () => {
  expect((await step(old)).steps.at(-1)?.words).toBe(
    'Then as now: 1038 entries with the same root.',
  );
});

test('a rewritten history fails although the new entry itself holds', async () => {
  const check = await step(rewritten);
  expect(check.steps.map((one) => one.state)).toEqual([
    'holds',
    'holds',
    'holds',
    'holds',
    'fails',
  ]);
  expect(check.holds).toBe(false);
  expect(check.steps.at(-1)?.words).toContain('the history was rewritten');
});

test('a log of the same size with another root is a fork', async () => {
  const fork = await createFixtureLog([{ act: 'other' }], old.signer);
  expect((await step(fork)).steps.at(-1)?.words).toContain('its history was forked');
});

test('a shorter log had entries taken back', async () => {
  const check = await step(old, { key: grown.vkey, checkpoint: grown.checkpoint });
  expect(check.steps.at(-1)?.words).toContain('entries were taken back');
});

test('another log’s memory, or a damaged one, is not compared', async () => {
  const other = await createFixtureLog([first]);
  for (const checkpoint of [other.checkpoint, 'damaged']) {
    const check = await step(grown, { key: other.vkey, checkpoint });
    expect(check.steps.at(-1)?.state).toBe('cannot-tell');
  }
});
