import { chmod, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ownFolder } from '../../test/run-in-memory.ts';
import { createRun, newLogId, type RunFile, readRun } from './run-file.ts';

function runFile(): RunFile {
  return {
    format: 'breakwater-run/1',
    run: newLogId(),
    eval: newLogId(),
    task: newLogId(),
    created: '2026-11-20T12:00:00.000Z',
    suite: { folder: '/nowhere', name: 'first-light', title: 'A', version: '1', digest: 'd' },
    model: 'scripted-1',
    api: 'openai',
    endpoint: 'http://127.0.0.1:9/v1',
    keyEnv: 'KEY',
    config: {},
    maxOutputTokens: 100,
    epochs: 1,
    workers: 1,
    limits: {},
    runLimits: {},
    prices: null,
    agent: null,
    samples: [{ id: 'web', epoch: 1, uuid: '8b0f5f3e-3d5c-4c53-9d5a-0f3b0a3c1d2e' }],
  };
}

test('of two that begin a run in one folder at once, one does, and nothing of the other stays', async () => {
  await using folder = await ownFolder();
  const runs = Array.from({ length: 4 }, runFile);
  const made = await Promise.all(runs.map((run) => createRun(folder.path, run)));
  expect(made.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await readRun(folder.path)).toEqual({
    ok: true,
    value: runs[made.findIndex(({ ok }) => ok)],
  });
  expect(await readdir(folder.path)).toEqual(['run.json']);
});

test('a run.json that others can write, or that is a link, is not read: it names programs and keys', async () => {
  await using folder = await ownFolder();
  await createRun(folder.path, runFile());
  const place = path.join(folder.path, 'run.json');
  for (const mode of [0o620, 0o602]) {
    await chmod(place, mode);
    expect(await readRun(folder.path)).toMatchObject({ refusal: { code: 'run-of-others' } });
  }
  await chmod(place, 0o600);
  expect(await readRun(folder.path)).toMatchObject({ ok: true });
  await rename(place, `${place}.there`);
  await symlink(`${place}.there`, place);
  expect(await readRun(folder.path)).toMatchObject({ refusal: { code: 'run-of-others' } });
});

test('a run.json whose names lead out of its folder is refused', async () => {
  await using folder = await ownFolder();
  const run = runFile();
  const [sample] = run.samples;
  const out = '/../../../elsewhere';
  for (const changed of [
    { ...run, task: out },
    { ...run, suite: { ...run.suite, name: out } },
    { ...run, samples: [{ ...sample, uuid: out }] },
  ]) {
    await writeFile(path.join(folder.path, 'run.json'), JSON.stringify(changed), { mode: 0o600 });
    expect(await readRun(folder.path)).toMatchObject({ refusal: { code: 'run-malformed' } });
  }
});
