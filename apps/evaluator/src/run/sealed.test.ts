import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  checkMembership,
  commitmentTo,
  proveMembership,
  readSuite,
  sealSuite,
} from '@breakwater/benchmark';
import { expect, test } from 'vitest';
import { memoryWorlds } from '../../test/memory-world.ts';
import { openLog, ownFolder } from '../../test/run-in-memory.ts';
import { startScriptedModel } from '../../test/scripted-model.ts';
import { suiteFolder } from '../files/suite-folder.ts';
import { beginRun, type RunAsked, type RunGiven } from './run.ts';

const task = {
  format: 'breakwater-task/1',
  version: '1',
  discipline: 'other',
  stance: 'defense',
  prompt: 'Say what is to be said.',
  files: [],
  scorer: { kind: 'answer', accept: ['said'], caseSensitive: true },
  humanTime: { minutes: 1, source: "author's estimate" },
  weight: 1,
  variants: [],
  limits: { turns: 3 },
};

async function writeSuite(place: string, names: readonly string[]) {
  const canary = 'BREAKWATER-CANARY 7d1f2d4e-5a0b-4c3d-9e8f-0123456789ab';
  const suite = { format: 'breakwater-suite/1', name: 'two', title: 'Two', version: '1', canary };
  for (const name of names) {
    await mkdir(path.join(place, 'tasks', name), { recursive: true });
    const text = JSON.stringify({ ...task, name, title: name });
    await writeFile(path.join(place, 'tasks', name, 'task.json'), text);
  }
  await writeFile(path.join(place, 'suite.json'), JSON.stringify({ ...suite, tasks: names }));
  const read = await readSuite(suiteFolder(place));
  if (!read.ok) throw new Error(read.refusal.got);
  return sealSuite(
    read.value.items,
    names.map((_, at) => new Uint8Array(32).fill(at + 1)),
  );
}

function asked(suite: string, endpoint: string): RunAsked {
  return {
    ...{ suite, variants: false, model: 'scripted-1', api: 'openai', endpoint, keyEnv: null },
    ...{ config: {}, maxOutputTokens: 500, epochs: 1, workers: 2, limits: {}, runLimits: {} },
    ...{ prices: null, agent: null },
  };
}

const given: RunGiven = {
  worlds: memoryWorlds(),
  variable: () => undefined,
  environment: {},
  clock: {
    now: () => new Date(),
    passedMs: () => performance.now(),
    sleep: async () => undefined,
    chance: () => 0.5,
  },
  onProgress: () => undefined,
  signal: new AbortController().signal,
};

test('a log names the sealed item of each sample, which can be proven to be of the suite', async () => {
  await using folder = await ownFolder();
  const suite = path.join(folder.path, 'suite');
  const sealed = await writeSuite(suite, ['first', 'second']);
  const call = { name: 'submit', arguments: { answer: 'said' } };
  await using model = await startScriptedModel({ answer: () => ({ tools: [call] }) });
  const out = path.join(folder.path, 'run');
  const done = await beginRun(out, { ...asked(suite, model.openai), sealed }, given);
  if (!done.ok) throw new Error(JSON.stringify(done.refusal));
  expect(done.value.accuracy).toBe(1);
  const log = await openLog(done.value.log);
  expect(log.header.eval['metadata']).toMatchObject({
    suite_root: sealed.root,
    breakwater_budget: 'as each task states',
  });
  const published = commitmentTo(sealed);
  for (const [place, id] of ['first', 'second'].entries()) {
    const sample = await log.sample({ id, epoch: 1 });
    if (!sample.ok) throw new Error(JSON.stringify(sample.refusal));
    const membership = await proveMembership(published, place);
    expect(sample.value.head.metadata).toMatchObject({ item_commitment: membership.commitment });
    expect(checkMembership(membership, published).ok).toBe(true);
  }
});

test('a suite that is not as it was sealed is not run under that seal', async () => {
  await using folder = await ownFolder();
  const suite = path.join(folder.path, 'suite');
  const sealed = await writeSuite(suite, ['first', 'second']);
  await writeFile(path.join(suite, 'tasks/second/README.md'), 'a later thought');
  const out = path.join(folder.path, 'run');
  const run = { ...asked(suite, 'http://127.0.0.1:9/v1'), sealed };
  expect(await beginRun(out, run, given)).toMatchObject({
    refusal: { code: 'commitment-differs', got: 'the task second, which is not' },
  });
  expect(existsSync(out)).toBe(false);
});
