import path from 'node:path';
import { expect, test } from 'vitest';
import { journalOf, ownFolder, runInMemory } from '../../test/run-in-memory.ts';
import { startScriptedModel } from '../../test/scripted-model.ts';
import { solving, taskOf } from '../../test/tasks.ts';
import type { OwnAgent } from './run-bridged.ts';

const program = path.resolve(import.meta.dirname, '../../test/own-agent.mjs');
const agentThat = (how: string): OwnAgent => ({
  argv: [process.execPath, program, how],
  env: { PATH: '/usr/bin:/bin' },
});

test('an agent of one’s own is metered, written and scored as ours is', async () => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel(solving);
  const jobs = [taskOf('task-0')];
  const agent = agentThat('work');
  const { samples } = await runInMemory({ jobs, model, folder: folder.path, agent });
  expect(samples[0]).toMatchObject({
    scores: { breakwater: { value: 1, answer: 'flag{task-0}' } },
    metadata: { breakwater: { spent: { turns: 7 }, end: { kind: 'submitted' } } },
  });
  expect(model.asked).toHaveLength(7);
  // The key is the run's, and stays here.
  expect(new Set(model.asked.map(({ key }) => key))).toEqual(new Set(['sk-secret-of-the-test']));
  const records = await journalOf(folder.path, 'task-0_epoch_1');
  expect(records.filter(({ type }) => type === 'answered')).toHaveLength(7);
  expect(records.filter(({ type }) => type === 'turn')).toHaveLength(7);
  expect(samples[0]?.['messages']).toHaveLength(17);
});

test('a limit ends an agent of one’s own', async () => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel(solving);
  const jobs = [taskOf('task-0', { limits: { turns: 2 } })];
  const agent = agentThat('work');
  const { samples } = await runInMemory({ jobs, model, folder: folder.path, agent });
  expect(model.asked).toHaveLength(2);
  expect(samples[0]).toMatchObject({
    limit: { type: 'turn', limit: 2 },
    scores: { breakwater: { value: 0 } },
  });
});

test.each([
  ['leave', { kind: 'agent-left' }],
  ['fail', { code: 'agent-failed', message: 'it ended with exit code 3: out of ideas\n' }],
  ['wrong-token', { message: 'it ended with exit code 4: status 401\n' }],
  ['environment', { message: expect.not.stringContaining('HOME') }],
])('an agent that does this is told in the log: %s', async (how, end) => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel(solving);
  const jobs = [taskOf('task-0')];
  const agent = agentThat(how);
  const { samples } = await runInMemory({ jobs, model, folder: folder.path, agent });
  expect(samples[0]?.['metadata']).toMatchObject({ breakwater: { end } });
});
