import { expect, test } from 'vitest';
import { journalOf, openLog, ownFolder, runInMemory } from '../../test/run-in-memory.ts';
import { startScriptedModel } from '../../test/scripted-model.ts';
import { solving, someTasks, taskOf } from '../../test/tasks.ts';
import { Access, type AccessAnswer } from './access.ts';

/** A port that answers by a script: the answer to the nth question. */
function portOf(answer: (n: number, calls: number) => AccessAnswer) {
  const asked: number[] = [];
  const ask = async (calls: number) => {
    asked.push(calls);
    return answer(asked.length, calls);
  };
  return { asked, access: new Access({ ask, everyMs: 5 }) };
}

const holds: AccessAnswer = { holds: true, forMs: 60_000 };
const revoked: AccessAnswer = { holds: false, why: 'it was revoked' };
const all = { from: 0, limit: 100 };

test('EAR-17 every call of the model is asked for before it is made', async () => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel(solving);
  const { asked, access } = portOf(() => holds);
  const jobs = someTasks(2, 1);
  await runInMemory({ jobs, model, folder: folder.path, workers: 1, around: { access } });
  expect(model.asked).toHaveLength(14);
  expect(Math.max(...asked)).toBe(14);
});

test('EAR-17 once access is over no call is made, and the log of the run says why', async () => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel(solving);
  const { access } = portOf((_, calls) => (calls < 4 ? holds : revoked));
  const jobs = someTasks(3, 1);
  const run = await runInMemory({
    jobs,
    model,
    folder: folder.path,
    workers: 1,
    around: { access },
  });
  expect(model.asked).toHaveLength(3);
  expect(run.samples.map(({ scores }) => scores)).toEqual([undefined, undefined, undefined]);
  const log = await openLog(run.place);
  for (const id of ['task-0', 'task-1', 'task-2']) {
    const sample = await log.sample({ id, epoch: 1 });
    if (!sample.ok) throw new Error('no sample');
    expect(sample.value.head.metadata?.['breakwater']).toMatchObject({
      end: { code: 'access-over', message: 'it was revoked' },
    });
    const events = await sample.value.events(all);
    const errors = events.ok
      ? events.value.items.filter(({ value }) => value?.event === 'error')
      : [];
    expect(errors).toHaveLength(1);
  }
});

test('EAR-17 a call that is under way is cut off when access ends', async () => {
  await using folder = await ownFolder();
  // Says a piece, and the next long after.
  await using model = await startScriptedModel({
    answer: () => ({ text: 'so '.repeat(1_000), pieceMs: 20_000 }),
  });
  const { access } = portOf(() => (model.asked.length > 0 ? revoked : holds));
  await runInMemory({ jobs: [taskOf('task-0')], model, folder: folder.path, around: { access } });
  const records = await journalOf(folder.path, 'task-0_epoch_1');
  expect(records.at(-2)).toMatchObject({ type: 'ended', end: { code: 'access-over' } });
  expect(records.filter(({ type }) => type === 'lost')).toHaveLength(1);
});

test('EAR-17 the last answer holds for its time alone, and what cannot be asked does not hold', async () => {
  const never = new AbortController().signal;
  const forMs = 20;
  const brief = new Access({
    ask: async (_, signal) =>
      await new Promise((answer, stop) => {
        if (brief.why === null && asked === 0) answer({ holds: true, forMs });
        else signal.addEventListener('abort', () => stop(signal.reason), { once: true });
        asked += 1;
      }),
    everyMs: 1,
  });
  let asked = 0;
  await brief.ask(never);
  const over = new Promise((resolve) => brief.over.addEventListener('abort', resolve));
  const unwatch = brief.watch();
  await over;
  expect(brief.why).toBe('the time of access is over');
  unwatch();

  const broken = new Access({
    ask: async () => {
      throw new Error('no way there');
    },
    everyMs: 1,
  });
  const cut = new Promise((resolve) => broken.over.addEventListener('abort', resolve));
  const stop = broken.watch();
  await cut;
  expect(broken.why).toMatch('no way there');
  stop();
});
