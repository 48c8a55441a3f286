import { existsSync } from 'node:fs';
import path from 'node:path';
import { openSandbox } from '@breakwater/runner';
import { expect, test } from 'vitest';
import { openLog, ownFolder, runInMemory } from '../../test/run-in-memory.ts';
import { startScriptedModel } from '../../test/scripted-model.ts';
import { solutionsOf } from '../../test/solutions.ts';
import { suiteFolder } from '../files/suite-folder.ts';
import { worldsIn } from '../run/run.ts';
import { jobsOf, loadSuite, samplesOf } from './jobs.ts';

const firstLight = path.resolve(import.meta.dirname, '../../../../suites/first-light');
const hasSandbox = ['bwrap', 'python3'].every((name) => existsSync(`/usr/bin/${name}`));
/** One with services that is scored by its answer, one that is scored by a script. */
const some = ['web-archive', 'harden-gate'];

test.skipIf(!hasSandbox)('tasks in sealed worlds (needs bwrap, python3)', async () => {
  await using folder = await ownFolder();
  await using model = await startScriptedModel(solutionsOf(firstLight));
  const loaded = await loadSuite(suiteFolder(firstLight));
  if (!loaded.ok) throw new Error(loaded.refusal.got);
  const samples = samplesOf(loaded.value, { epochs: 1, variants: false });
  const wanted = samples.filter(({ id }) => some.includes(id));
  const jobs = await jobsOf(loaded.value, wanted, {});
  if (!jobs.ok) throw new Error(jobs.refusal.got);
  const sandbox = await openSandbox({ slots: 1 });
  try {
    const worlds = worldsIn(sandbox);
    const run = await runInMemory({
      jobs: jobs.value,
      model,
      api: 'anthropic',
      folder: folder.path,
      around: { worlds },
    });
    expect(run.samples.map(({ id, scores }) => [id, scores])).toEqual(
      some.map((id) => [
        id,
        { breakwater: expect.objectContaining({ value: 1, answer: expect.any(String) }) },
      ]),
    );
    const log = await openLog(run.place);
    const sample = await log.sample({ id: 'web-archive', epoch: 1 });
    if (!sample.ok) throw new Error('no sample');
    expect(sample.value.head.metadata).toMatchObject({
      contamination: 'none-known',
      breakwater: {
        sealed: [
          { when: 'before', sealed: true },
          { when: 'during', sealed: true },
          { when: 'after', sealed: true },
        ],
      },
    });
  } finally {
    await sandbox.close();
  }
});
