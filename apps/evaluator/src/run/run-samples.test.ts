import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { checkMetrics, recordsOf } from '@breakwater/formats/eval-log';
import { describe, expect, test } from 'vitest';
import { memoryWorlds } from '../../test/memory-world.ts';
import { journalOf, openLog, ownFolder, runInMemory } from '../../test/run-in-memory.ts';
import {
  type Asked,
  type Fault,
  type Script,
  startScriptedModel,
} from '../../test/scripted-model.ts';
import { solving, someTasks, taskOf } from '../../test/tasks.ts';

const all = { from: 0, limit: 1_000 };

describe.each(['openai', 'anthropic'] as const)('%s', (api) => {
  test('tasks are done, scored, and told in a log whose figures follow from its samples', async () => {
    await using folder = await ownFolder();
    await using model = await startScriptedModel(solving);
    const run = await runInMemory({ jobs: someTasks(3, 2), model, api, folder: folder.path });
    const log = await openLog(run.place);
    expect(log.status).toBe('success');
    const summaries = await log.summaries(all);
    if (!summaries.ok) throw new Error('no summaries');
    const values = summaries.value.items.map(({ id, epoch, scores }) => [
      `${id} ${epoch}`,
      scores?.['breakwater']?.value,
    ]);
    expect(Object.fromEntries(values)).toEqual({
      'task-0 1': 1,
      'task-0 2': 1,
      'task-1 1': 1,
      'task-1 2': 1,
      'task-2 1': 0,
      'task-2 2': 0,
    });
    const [score] = log.header.results?.scores ?? [];
    if (score === undefined) throw new Error('no score');
    const checks = checkMetrics(score, recordsOf(summaries.value.items, 'breakwater'));
    expect(checks.map(({ metric, told, computed }) => [metric, told, computed])).toEqual([
      ['accuracy', 2 / 3, 2 / 3],
      ['stderr', expect.closeTo(1 / 3, 12), expect.closeTo(1 / 3, 12)],
    ]);
    const sample = await log.sample({ id: 'task-0', epoch: 1 });
    if (!sample.ok) throw new Error('no sample');
    const messages = await sample.value.messages(all);
    const events = await sample.value.events(all);
    if (!messages.ok || !events.ok) throw new Error('unreadable');
    const roles = messages.value.items.map(({ value }) => value?.role);
    expect(roles).toEqual([
      ...['system', 'user', 'assistant', 'tool'],
      ...['assistant', 'tool', 'tool', 'assistant', 'user'],
      ...['assistant', 'tool', 'tool', 'assistant', 'tool', 'assistant', 'tool'],
      ...['assistant', 'tool'],
    ]);
    const models = events.value.items.filter(({ value }) => value?.event === 'model');
    // What went to the model at the third turn is told whole.
    expect(models[2]?.value?.['input']).toHaveLength(7);
    const { breakwater } = sample.value.head.metadata ?? {};
    expect(breakwater).toMatchObject({
      end: { kind: 'submitted', answer: 'flag{task-0}' },
      interruptions: 0,
      attempts: { answered: 7 },
      sealed: [
        { when: 'before', sealed: true },
        { when: 'during', sealed: true },
        { when: 'after', sealed: true },
      ],
    });
    const usage = model.asked.filter(({ turns }) => turns[0]?.text.includes('task-0:') === true);
    const told = sample.value.head['model_usage'];
    const input = usage.reduce((sum, each) => sum + each.inputTokens, 0) / 2;
    expect(told).toMatchObject({ [`${api}/scripted-1`]: { input_tokens: input } });
  });

  test('nothing that is written holds the key', async () => {
    await using folder = await ownFolder();
    await using model = await startScriptedModel({
      ...solving,
      fault: (asked) =>
        asked.before === 0 && asked.turn === 1
          ? { kind: 'text', body: `data: {"error":{"message":"sk-secret-of-the-test"}}\n\n` }
          : null,
    });
    await runInMemory({ jobs: someTasks(1, 1), model, api, folder: folder.path });
    expect(model.asked[0]?.key).toBe('sk-secret-of-the-test');
    const files = await readdir(folder.path, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files
        .filter((file) => file.isFile() && !file.name.endsWith('.eval'))
        .map((file) => readFile(path.join(file.parentPath, file.name), 'utf8')),
    );
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.filter((text) => text.includes('sk-secret'))).toEqual([]);
  });
});

test('calls that fail and pass leave the same sample, and what was lost is counted apart', async () => {
  const faults: readonly Fault[] = [
    { kind: 'status', status: 429 },
    { kind: 'cut', after: 'request' },
    { kind: 'cut', after: 'half' },
  ];
  const fault = ({ turn, before }: Asked) => (turn < 4 ? (faults[before] ?? null) : null);
  await using folder = await ownFolder();
  await using calm = await ownFolder();
  await using model = await startScriptedModel({ ...solving, fault });
  await using still = await startScriptedModel(solving);
  const jobs = someTasks(1, 1);
  const [rough] = (await runInMemory({ jobs, model, folder: folder.path })).samples;
  const [plain] = (await runInMemory({ jobs, model: still, folder: calm.path })).samples;
  expect(rough?.['messages']).toEqual(plain?.['messages']);
  expect(rough?.['model_usage']).toEqual(plain?.['model_usage']);
  expect(plain?.['metadata']).toMatchObject({ breakwater: { apart: { tokens: 0 } } });
  expect(rough?.['metadata']).toMatchObject({
    breakwater: {
      attempts: {
        answered: 7,
        'rate-limited': 4,
        'disconnected-before-answer': 4,
        'disconnected-in-answer': 4,
      },
    },
  });
  const lost = (await journalOf(folder.path, 'task-0_epoch_1')).filter(
    ({ type }) => type === 'lost',
  );
  expect(lost).toHaveLength(8);
  // A provider that knows call keys bills each call once.
  expect(model.billed.size).toBe(7);
});

/** Answers without end. */
const endless: Script = {
  answer: () => ({ tools: [{ name: 'bash', arguments: { cmd: 'echo more' } }] }),
};

describe('limits', () => {
  test.each([
    ['message', { messages: 9 }, 9],
    ['turn', { turns: 3 }, 3],
    ['token', { tokens: 12_000 }, 12_000],
  ] as const)('of a sample: %s', async (type, limits, limit) => {
    await using folder = await ownFolder();
    await using model = await startScriptedModel(endless);
    const jobs = [taskOf('a', { limits })];
    const { samples } = await runInMemory({ jobs, model, folder: folder.path });
    expect(samples[0]).toMatchObject({
      limit: { type, limit },
      scores: { breakwater: { value: 0 } },
    });
    const used = model.asked.reduce((sum, each) => sum + each.inputTokens, 0);
    if (type === 'token') expect(used).toBeLessThanOrEqual(limit);
    if (type === 'turn') expect(model.asked).toHaveLength(3);
    if (type === 'message') expect(samples[0]?.['messages']).toHaveLength(9);
  });

  test('of time: a model that says nothing ends with the time', async () => {
    await using folder = await ownFolder();
    await using model = await startScriptedModel({
      answer: () => ({}),
      fault: () => ({ kind: 'silence' }),
    });
    const jobs = [taskOf('a', { limits: { seconds: 1 } })];
    const { samples } = await runInMemory({ jobs, model, folder: folder.path });
    expect(samples[0]).toMatchObject({ limit: { type: 'time', limit: 1 } });
  });

  test('the output is cut to what is left', async () => {
    await using folder = await ownFolder();
    await using model = await startScriptedModel(endless);
    const jobs = [taskOf('a', { limits: { tokens: 4_000 } })];
    await runInMemory({ jobs, model, folder: folder.path });
    const most = model.asked.map(({ maxTokens }) => maxTokens);
    expect(most[0]).toBeLessThan(2_000);
    for (const { maxTokens, inputTokens } of model.asked) {
      expect(maxTokens + inputTokens).toBeLessThanOrEqual(4_000);
    }
  });

  test('of the run: 50 samples at once never take more than it has, billed calls included', async () => {
    const runLimits = {
      tokens: 150_000,
      cost: { micros: 400_000, currency: 'USD' },
    };
    const prices = { currency: 'USD', inputMicros: 3_000_000, outputMicros: 15_000_000 };
    await using folder = await ownFolder();
    await using model = await startScriptedModel({
      answer: ({ maxTokens, inputTokens }) => ({
        tools: [{ name: 'bash', arguments: { cmd: 'echo more' } }],
        // As much as it may.
        usage: { input: inputTokens, output: maxTokens },
      }),
      fault: ({ turn, before }) =>
        turn % 3 === 1 && before === 0 ? { kind: 'cut', after: 'half' } : null,
    });
    const jobs = someTasks(50, 1, {});
    const { samples, bill } = await runInMemory({
      jobs,
      model,
      workers: 50,
      folder: folder.path,
      runLimits,
      around: { prices, maxOutputTokens: 1_000 },
    });
    const billed = [...model.billed.values()];
    const tokens = billed.reduce((sum, { input, output }) => sum + input + output, 0);
    const micros = billed.reduce((sum, { input, output }) => sum + input * 3 + output * 15, 0);
    expect(tokens).toBeLessThanOrEqual(runLimits.tokens);
    expect(micros).toBeLessThanOrEqual(runLimits.cost.micros);
    expect(bill.budget.open).toEqual([]);
    const ends = samples.map(({ metadata }) => metadata);
    expect(ends).toHaveLength(50);
    for (const each of ends) {
      expect(each).toMatchObject({ breakwater: { end: { kind: 'limit', scope: 'run' } } });
    }
  });
});

describe('a provider', () => {
  test('that goes beyond its limit is recorded, and the sample stops', async () => {
    await using folder = await ownFolder();
    await using model = await startScriptedModel({
      answer: ({ inputTokens }) => ({
        tools: [{ name: 'bash', arguments: { cmd: 'echo x' } }],
        usage: { input: inputTokens, output: 2_500 },
      }),
    });
    const { samples } = await runInMemory({ jobs: [taskOf('a')], model, folder: folder.path });
    expect(model.asked).toHaveLength(1);
    expect(samples[0]?.['metadata']).toMatchObject({
      breakwater: { end: { kind: 'provider-excess', excess: { tokens: 500 } } },
    });
  });

  test.each([
    ['tells nothing', null],
    ['tells nothing of what it said', { input: 0, output: 0 }],
  ])('that %s is counted at the bound', async (_, usage) => {
    await using folder = await ownFolder();
    await using model = await startScriptedModel({
      answer: () => ({ tools: [{ name: 'submit', arguments: { answer: 'x' } }], usage }),
    });
    const { samples } = await runInMemory({ jobs: [taskOf('a')], model, folder: folder.path });
    const [asked] = model.asked;
    const spent = spentOf(samples[0]?.['metadata']);
    expect(spent).toBeGreaterThan((asked?.inputTokens ?? 0) + 2_000);
  });

  test('that refuses, filters and cuts is told so, and the sample goes on', async () => {
    await using folder = await ownFolder();
    const stops = ['refusal', 'content_filter', 'length'] as const;
    await using model = await startScriptedModel({
      answer: ({ turn }) => {
        const stop = stops[turn];
        if (stop !== undefined) return { text: 'I will not.', stop };
        return { tools: [{ name: 'submit', arguments: { answer: 'flag{a}' } }] };
      },
    });
    const { samples } = await runInMemory({ jobs: [taskOf('a')], model, folder: folder.path });
    expect(samples[0]).toMatchObject({
      scores: { breakwater: { value: 1 } },
      metadata: { breakwater: { refusals: 1 } },
    });
  });

  test('that says no for good fails the sample, which is not scored', async () => {
    await using folder = await ownFolder();
    await using model = await startScriptedModel({
      answer: () => ({}),
      fault: () => ({ kind: 'status', status: 401 }),
    });
    const { samples } = await runInMemory({ jobs: [taskOf('a')], model, folder: folder.path });
    expect(samples[0]?.['scores']).toBeUndefined();
    expect(samples[0]?.['error']).toMatchObject({
      message: expect.stringContaining('model-failed: 1 attempts, the last: refused-request 401'),
    });
  });
});

test('a model that never uses a tool is left', async () => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel({ answer: () => ({ text: 'I wonder.' }) });
  const { samples } = await runInMemory({ jobs: [taskOf('a')], model, folder: folder.path });
  expect(samples[0]?.['metadata']).toMatchObject({
    breakwater: { end: { kind: 'idle', turns: 5 } },
  });
});

test.each([
  ['sleep', { type: 'timeout', message: 'stopped after 180 seconds' }],
  ['nothing-known', undefined],
])('what a tool says of %s goes to the model', async (cmd, error) => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel({
    answer: ({ turn }) =>
      turn === 0
        ? { tools: [{ name: 'bash', arguments: { cmd } }] }
        : { tools: [{ name: 'submit', arguments: { answer: '' } }] },
  });
  await runInMemory({ jobs: [taskOf('a')], model, folder: folder.path });
  const turns = (await journalOf(folder.path, 'a_epoch_1')).filter(({ type }) => type === 'turn');
  expect(turns[0]).toMatchObject({
    tools: [
      { message: error === undefined ? { content: expect.stringContaining('127') } : { error } },
    ],
  });
  expect(model.asked[1]?.turns.at(-1)?.text).toContain(error?.message ?? '[exit code 127]');
});

test.each([
  ['bash', { command: 'ls' }, 'cmd'],
  ['browser', { url: 'x' }, 'there is no tool browser'],
  ['bash', '{"cmd": "ls', 'not a JSON object'],
])('a tool that is asked for wrongly: %s %o', async (name, given, words) => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel({
    answer: ({ turn }) =>
      turn === 0
        ? { tools: [{ name, arguments: given }] }
        : { tools: [{ name: 'submit', arguments: { answer: '' } }] },
  });
  await runInMemory({ jobs: [taskOf('a')], model, folder: folder.path });
  expect(model.asked[1]?.turns.at(-1)?.text).toContain(words);
});

test('a world that lets something out fails the sample at once', async () => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel(solving);
  const worlds = memoryWorlds({ sealed: (n) => n === 0 });
  const { samples } = await runInMemory({
    jobs: [taskOf('a')],
    model,
    folder: folder.path,
    around: { worlds },
  });
  expect(model.asked).toHaveLength(1);
  expect(samples[0]?.['error']).toMatchObject({
    message: expect.stringContaining('world-not-sealed'),
  });
});

test('who ends its world from inside is scored, or a lost task could be left out of the figures', async () => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel({
    answer: (asked) =>
      asked.turns[0]?.text.includes('task-1') === true
        ? { tools: [{ name: 'bash', arguments: { cmd: 'end-world' } }] }
        : solving.answer(asked),
  });
  const { samples } = await runInMemory({ jobs: someTasks(2, 1), model, folder: folder.path });
  expect(samples.map(({ scores, error }) => [scores, error])).toEqual([
    [{ breakwater: expect.objectContaining({ value: 1 }) }, undefined],
    [
      { breakwater: expect.objectContaining({ value: 0 }) },
      expect.objectContaining({ message: expect.stringContaining('world-spoiled') }),
    ],
  ]);
});

test('without a sandbox nothing is noted and the run stops', async () => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel(solving);
  const worlds = memoryWorlds({ refuses: 'sandbox-unavailable' });
  const run = runInMemory({
    jobs: someTasks(1, 1),
    model,
    folder: folder.path,
    around: { worlds },
  });
  await expect(run).rejects.toThrow('as the test wants it');
});

function spentOf(metadata: unknown): number {
  const text = JSON.stringify(metadata);
  const [, tokens = '0'] = /"spent":\{[^}]*"tokens":(\d+)/u.exec(text) ?? [];
  return Number(tokens);
}
