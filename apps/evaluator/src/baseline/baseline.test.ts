import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readSuite, sealedCommitments, sealSuite } from '@breakwater/benchmark';
import { readBaselines } from '@breakwater/benchmark/baseline';
import { expect, test } from 'vitest';
import { HandClock } from '../../test/hand-clock.ts';
import { memoryWorlds } from '../../test/memory-world.ts';
import { ownFolder } from '../../test/run-in-memory.ts';
import { smallSuite } from '../../test/small-suite.ts';
import { suiteFolder } from '../files/suite-folder.ts';
import { type BaselineAsked, type BaselineWork, playBaseline } from './open-baseline.ts';

async function desk(folder: string) {
  const clock = new HandClock();
  const given = { worlds: memoryWorlds(), clock, attemptsIn: path.join(folder, 'own') };
  const suite = await smallSuite(folder);
  const play = async (name: string, work: BaselineWork, more: Partial<BaselineAsked> = {}) => {
    const asked = { suite, task: 'task-0', person: 'p-1', ...more };
    return await playBaseline(path.join(folder, name), { asked, given }, work);
  };
  return { clock, suite, play };
}

const noWork: BaselineWork = async () => await Promise.reject(new Error('there is work'));

test('a session: pauses apart, files counted, left and gone on with, told again, on the disk', async () => {
  await using folder = await ownFolder();
  const { clock, play } = await desk(folder.path);
  const left = await play('one', async (session) => {
    const shown = await session.sit();
    expect(shown).toMatchObject({ ok: true, value: expect.stringContaining('Task task-0') });
    await clock.pass(60_000);
    expect(await session.run('echo hello >> /work/mine')).toMatchObject({ ok: true });
    await session.pause();
    await clock.pass(120_000);
    expect(await session.run('echo x')).toMatchObject({ refusal: { code: 'clock-paused' } });
    await session.go();
    await clock.pass(30_000);
    return null;
  });
  expect(left).toEqual({ ok: true, value: null });
  clock.jump(3_600_000);
  const done = await play('one', async (session, { isAgain }) => {
    expect(isAgain).toBe(true);
    await session.sit();
    expect(await session.run('cat /work/mine')).toMatchObject({ ok: true, value: 'hello' });
    expect(await session.take('/work/mine')).toMatchObject({ ok: true });
    expect(await session.put('/work/other', new Uint8Array([1]))).toMatchObject({ ok: true });
    await clock.pass(30_000);
    return await session.finish('submitted', 'flag{task-0}');
  });
  const record = {
    ...{ suite: 'small', task: 'task-0', person: 'p-1', outcome: 'solved', score: 1 },
    ...{ minutes_worked: 2, minutes_paused: 2, pauses: [2], minutes_away: 60 },
    interruptions: [{ kind: 'closed', minutes: 60 }],
    ...{ lines: 2, files_out: 1, files_in: 1, attempt: 1, first_attempt: true },
  };
  expect(done).toMatchObject({ ok: true, value: record });
  const written = readBaselines(await readFile(path.join(folder.path, 'one/record.jsonl'), 'utf8'));
  expect(written).toMatchObject({ ok: true, value: [record] });
  expect(await play('one', noWork)).toEqual(done);
});

test("the task's limit ends it, at the limit and not before, pauses left out", async () => {
  await using folder = await ownFolder();
  const { clock, play } = await desk(folder.path);
  const done = await play(
    'one',
    async (session) => {
      await session.sit();
      await clock.pass(59_000, session.over);
      await session.pause();
      await clock.pass(600_000, session.over);
      await session.go();
      const before = clock.passedMs();
      await clock.pass(600_000, session.over);
      expect(clock.passedMs() - before).toBe(1_000);
      expect(await session.run('echo x')).toMatchObject({ refusal: { code: 'time-over' } });
      return await session.finish('submitted', 'flag{task-0}');
    },
    { limitMs: 60_000 },
  );
  expect(done).toMatchObject({
    ok: true,
    value: { outcome: 'time-over', minutes_worked: 1, limit_minutes: 1 },
  });
});

test('who saw a task makes a later attempt of it, whatever came of the first', async () => {
  await using folder = await ownFolder();
  const { play, suite } = await desk(folder.path);
  const giveUp: BaselineWork = async (session) => {
    await session.sit();
    return await session.finish('gave-up', '');
  };
  const look: BaselineWork = async (session) => {
    await session.sit();
    return null;
  };
  expect(await play('one', look)).toEqual({ ok: true, value: null });
  const again = { attempt: 2, first_attempt: false, outcome: 'gave-up', score: null };
  expect(await play('two', giveUp)).toMatchObject({ ok: true, value: again });
  const read = await readSuite(suiteFolder(suite));
  if (!read.ok) throw new Error(read.refusal.got);
  const salts = read.value.items.map((_, i) => new Uint8Array(32).fill(i));
  const sealed = sealSuite(read.value.items, salts);
  const other = await play('three', giveUp, { person: 'p-2', sealed });
  const commitments = sealedCommitments(sealed, read.value.items);
  if (!commitments.ok) throw new Error(commitments.refusal.got);
  const [item_commitment] = commitments.value;
  expect(other).toMatchObject({ ok: true, value: { attempt: 1, item_commitment } });
  expect(await play('one', noWork, { task: 'task-1' })).toMatchObject({
    refusal: { code: 'baseline-differs' },
  });
  expect(await play('four', noWork, { task: 'task-9' })).toMatchObject({
    refusal: { code: 'task-unknown' },
  });
  await writeFile(path.join(suite, 'tasks/task-2/files/hint.txt'), 'changed');
  expect(await play('one', noWork)).toMatchObject({ refusal: { code: 'baseline-differs' } });
});
