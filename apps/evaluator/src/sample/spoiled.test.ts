import { refuse } from '@breakwater/kernel';
import type { World } from '@breakwater/runner';
import { expect, test } from 'vitest';
import { memoryWorlds } from '../../test/memory-world.ts';
import { ownFolder, runInMemory } from '../../test/run-in-memory.ts';
import { startScriptedModel } from '../../test/scripted-model.ts';
import { someTasks } from '../../test/tasks.ts';
import { runTool } from './tools.ts';

const call = { id: '1', function: 'bash', type: 'function' } as const;

test('who leaves more than can be kept is scored as well', async () => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel({
    answer: () => ({ tools: [{ name: 'bash', arguments: { cmd: 'echo much >> /work/much' } }] }),
  });
  const worlds = memoryWorlds();
  const open: typeof worlds.open = async (options) => {
    const opened = await worlds.open(options);
    if (!opened.ok) return opened;
    const { value: world } = opened;
    const keep: World['keep'] = async (store) => {
      const isMuch = (await world.readFile('/work/much', 100)).ok;
      const said = { expected: 'fewer', got: 'over 10 files', todo: 'nothing' };
      return isMuch ? refuse({ code: 'too-much-to-keep', ...said }) : await world.keep(store);
    };
    return { ok: true, value: { ...world, keep } };
  };
  const { samples } = await runInMemory({
    jobs: someTasks(1, 1),
    model,
    folder: folder.path,
    around: { worlds: { ...worlds, open } },
  });
  expect(samples).toMatchObject([
    {
      scores: { breakwater: { value: 0 } },
      error: { message: expect.stringContaining('world-spoiled: too-much-to-keep') },
    },
  ]);
});

test.each([
  ['end-world', 'world-spoiled', { breakwater: { value: 0 } }],
  ['freeze-world', 'world-unresponsive', undefined],
] as const)('a world after %s is told as %s', async (cmd, code, scores) => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel({
    answer: () => ({ tools: [{ name: 'bash', arguments: { cmd } }] }),
  });
  const jobs = someTasks(1, 1);
  const { samples } = await runInMemory({ jobs, model, folder: folder.path });
  const [sample] = samples;
  expect(sample?.['error']).toMatchObject({ message: expect.stringMatching(`^${code}: `) });
  expect(sample?.['scores']).toEqual(
    scores === undefined ? undefined : expect.objectContaining({}),
  );
});

test('who ends its world while the walls are tried is scored as well', async () => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel({
    answer: () => ({ tools: [{ name: 'submit', arguments: { answer: 'none' } }] }),
  });
  const worlds = memoryWorlds();
  const open: typeof worlds.open = async (options) => {
    const opened = await worlds.open(options);
    if (!opened.ok) return opened;
    const { value: world } = opened;
    let proofs = 0;
    const proveSealed: World['proveSealed'] = async () => {
      proofs += 1;
      if (proofs === 1) return await world.proveSealed();
      await world.exec({ argv: ['bash', '-c', 'end-world'], wallMs: 1, outputBytes: 1 });
      const said = { expected: 'a world', got: 'init was killed', todo: 'nothing' };
      return refuse({ code: 'world-ended', ...said });
    };
    return {
      ok: true,
      value: Object.defineProperties(
        { ...world, proveSealed },
        {
          ended: { get: () => world.ended },
        },
      ),
    };
  };
  const { samples } = await runInMemory({
    jobs: someTasks(1, 1),
    model,
    folder: folder.path,
    around: { worlds: { ...worlds, open } },
  });
  expect(samples).toMatchObject([
    {
      scores: { breakwater: { value: 0 } },
      error: { message: expect.stringContaining('world-spoiled') },
    },
  ]);
});

test('an output that is cut through a character ends with none of its halves', async () => {
  const worlds = memoryWorlds();
  const opened = await worlds.open({ name: 'one' });
  if (!opened.ok) throw new Error(opened.refusal.got);
  const cmd = `echo x${'🌊'.repeat(20_000)}`;
  const { content } = await runTool(opened.value, { ...call, arguments: { cmd } }, 1_000);
  expect(content).toContain('characters left out');
  expect(content.isWellFormed()).toBe(true);
});
