import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { openEvalLog } from '@breakwater/formats/eval-log';
import type { Limits } from '@breakwater/meter';
import { openBlobs } from '@breakwater/runner';
import {
  MemoryFile,
  nodeCodecs,
} from '../../../packages/formats/src/eval-log/testing/node-codecs.ts';
import { scratch } from '../../server/test/scratch.ts';
import type { OwnAgent } from '../src/bridge/run-bridged.ts';
import { LogFile } from '../src/log/log-file.ts';
import { patience } from '../src/models/call-model.ts';
import type { ModelApi } from '../src/models/model.ts';
import { billFor, runSamples } from '../src/run/run-samples.ts';
import type { SampleProgress, Surroundings } from '../src/run/surroundings.ts';
import type { SampleJob } from '../src/sample/job.ts';
import { memoryWorlds } from './memory-world.ts';
import type { ScriptedModel } from './scripted-model.ts';

export interface RunInMemory {
  readonly jobs: readonly SampleJob[];
  readonly model: ScriptedModel;
  readonly api?: ModelApi;
  readonly workers?: number;
  readonly folder: string;
  readonly runLimits?: Limits;
  readonly agent?: OwnAgent | null;
  readonly around?: Partial<Surroundings>;
}

/** A folder of a test's own. */
export async function ownFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(path.join(scratch, 'breakwater-evaluator-'));
  return {
    path: folder,
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true, force: true }),
  };
}

/** Runs samples in worlds in memory, without waiting between attempts; with what was told. */
export async function runInMemory(run: RunInMemory) {
  const { api = 'openai', folder, runLimits = {} } = run;
  const told: SampleProgress[] = [];
  const bill = billFor(runLimits);
  const around: Surroundings = {
    endpoint: { api, url: run.model[api], model: 'scripted-1', key: 'sk-secret-of-the-test' },
    config: {},
    maxOutputTokens: 2_000,
    patience,
    stallMs: 20_000,
    prices: null,
    bill,
    worlds: memoryWorlds(),
    blobs: await openBlobs(path.join(folder, 'blobs')),
    clock: {
      now: () => new Date(),
      passedMs: () => performance.now(),
      sleep: async () => undefined,
      chance: () => 0.5,
    },
    onProgress: (progress) => told.push(progress),
    access: null,
    signal: new AbortController().signal,
    ...run.around,
  };
  const place = path.join(folder, 'run.eval');
  const log = await LogFile.open(place, {
    eval: {
      eval_id: 'ANtjxbtjkL8ffjYv7Cpmp3',
      run_id: 'KbGsW6fx2MKzWdB5SeUXbb',
      created: '2026-11-20T12:00:00+00:00',
      task: 'memory',
      task_id: 'SZ7VbAJhhnTiszQGLyyvRS',
      dataset: { name: 'memory' },
      model: 'openai/scripted-1',
      config: {},
    },
    plan: { name: 'plan' },
  });
  if (!log.ok) throw new Error(JSON.stringify(log.refusal));
  try {
    const done = await runSamples({
      jobs: run.jobs,
      workers: run.workers ?? 4,
      folder,
      around,
      log: log.value,
      agent: run.agent ?? null,
    });
    if (!done.ok) throw new Error(JSON.stringify(done.refusal));
    const times = { startedAt: '2026-11-20T12:00:00Z', completedAt: '2026-11-20T12:01:00Z' };
    const finished = await log.value.finish(done.value, times);
    if (!finished.ok) throw new Error(JSON.stringify(finished.refusal));
    return { samples: done.value, told, bill, place };
  } finally {
    await log.value.close();
  }
}

/** The records of a sample's journal. */
export async function journalOf(folder: string, name: string): Promise<readonly Journaled[]> {
  const text = await readFile(path.join(folder, 'samples', name, 'journal.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Journaled => JSON.parse(line));
}

interface Journaled {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** A log that was written, opened by our own reader. */
export async function openLog(place: string) {
  const file = new MemoryFile();
  await file.write(0, await readFile(place));
  const source = { size: file.size, read: (start: number, end: number) => file.read(start, end) };
  const log = await openEvalLog(source, nodeCodecs);
  if (!log.ok) throw new Error(JSON.stringify(log.refusal));
  return log.value;
}
