import path from 'node:path';
import type { EvalLogCode } from '@breakwater/formats/eval-log';
import { ok, type Result } from '@breakwater/kernel';
import { openBudget, plus } from '@breakwater/meter';
import { type OwnAgent, runBridged } from '../bridge/run-bridged.ts';
import type { SharedAccount } from '../budget/purse.ts';
import { Journal, type JournalRefusal } from '../journal/journal.ts';
import { JournalRecord, type SampleEnd } from '../journal/records.ts';
import { billOf, replay } from '../journal/replay.ts';
import { wordsOf } from '../log/events.ts';
import type { LogFile } from '../log/log-file.ts';
import { type LoggedSample, sampleOf } from '../log/sample-of.ts';
import { nameOf, type SampleJob } from '../sample/job.ts';
import { openSample } from '../sample/open-sample.ts';
import { runLoop } from '../sample/own-loop.ts';
import { scoreSample } from '../sample/score-sample.ts';
import { accessEnd } from '../sample/step.ts';
import type { Surroundings } from './surroundings.ts';

/** What is run: every sample once, as many at a time as there are workers. */
export interface SamplesToRun {
  readonly jobs: readonly SampleJob[];
  readonly workers: number;
  readonly folder: string;
  readonly around: Surroundings;
  readonly log: LogFile;
  /** null: our loop. */
  readonly agent: OwnAgent | null;
}

type Code = JournalRefusal | EvalLogCode;

/**
 * Runs what is not finished of the samples of a run. A failure of one sample is written into it
 * and the others go on; where the run itself cannot go on, all stop where they are.
 */
export async function runSamples(
  run: SamplesToRun,
): Promise<Result<readonly LoggedSample['sample'][], Code>> {
  const billed = await billEarlier(run);
  if (!billed.ok) return billed;
  const stop = new AbortController();
  const around = { ...run.around, signal: AbortSignal.any([run.around.signal, stop.signal]) };
  const samples: LoggedSample['sample'][] = [];
  let next = 0;
  const refusals: Result<never, Code>[] = [];
  const work = async () => {
    for (;;) {
      const at = next;
      next += 1;
      const job = run.jobs[at];
      if (job === undefined || stop.signal.aborted) return;
      const done = await withJournal(run.folder, job, (journal) =>
        runSample({ ...run, around }, job, journal),
      );
      if (!done.ok) {
        refusals.push(done);
        stop.abort(new Error(done.refusal.got));
        return;
      }
      samples[at] = done.value;
    }
  };
  const workers = Array.from({ length: Math.min(run.workers, run.jobs.length) }, work);
  const settled = await Promise.allSettled(
    workers.map(async (worker) => {
      try {
        await worker;
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    }),
  );
  const [refusal] = refusals;
  if (refusal !== undefined) return refusal;
  for (const each of settled) if (each.status === 'rejected') throw each.reason;
  return ok(samples);
}

/** Opens the journal of a sample for as long as it is worked on: a run may have very many. */
async function withJournal<T, C extends string>(
  folder: string,
  job: SampleJob,
  work: (journal: Journal) => Promise<Result<T, C>>,
): Promise<Result<T, C | JournalRefusal>> {
  const place = path.join(folder, 'samples', nameOf(job), 'journal.jsonl');
  const journal = await Journal.open(place, JournalRecord);
  if (!journal.ok) return journal;
  try {
    return await work(journal.value);
  } finally {
    await journal.value.close();
  }
}

/** What earlier processes of this run may have to pay for. */
async function billEarlier({
  jobs,
  folder,
  around: { bill },
}: SamplesToRun): Promise<Result<null, JournalRefusal>> {
  for (const job of jobs) {
    const counted = await withJournal<null, never>(folder, job, async ({ records }) => {
      const { budget } = bill;
      bill.budget = { ...budget, used: plus(budget.used, billOf(replay(records))) };
      return ok(null);
    });
    if (!counted.ok) return counted;
  }
  return ok(null);
}

async function runSample(
  run: SamplesToRun,
  job: SampleJob,
  journal: Journal,
): Promise<Result<LoggedSample['sample'], Code>> {
  const { around, log, agent } = run;
  if (replay(journal.records).end === null) await playSample(run, job, journal);
  const standing = replay(journal.records);
  if (standing.scored === null) await journal.append(await scoreSample(job, standing, around));
  const { scored, turn } = replay(journal.records);
  const told = { sample: nameOf(job), turn };
  const value = scored?.score?.value;
  const words = value === undefined ? `not scored: ${scored?.failure ?? ''}` : `score ${value}`;
  around.onProgress({ ...told, what: 'scored', detail: words });
  const { model } = around.endpoint;
  const logged = sampleOf(job, journal.records, {
    model: `${around.endpoint.api}/${model}`,
    config: around.config,
    prices: around.prices,
    agent: agent === null ? 'ours' : 'own',
  });
  const added = await log.add(logged);
  if (!added.ok) return added;
  around.onProgress({ ...told, what: 'written', detail: '' });
  return ok(logged.sample);
}

/** From where its journal ends to the end of the sample. */
async function playSample(run: SamplesToRun, job: SampleJob, journal: Journal): Promise<void> {
  const { around, agent } = run;
  const kind = agent === null ? 'ours' : 'own';
  const over = accessEnd(around.access);
  const opened =
    over === null ? await openSample({ job, around, journal, agent: kind }) : { end: over };
  if ('end' in opened) {
    const at = around.clock.now().toISOString();
    await journal.append({ type: 'ended', at, end: opened.end });
    return;
  }
  const sample = opened.done;
  try {
    const played = agent === null ? await runLoop(sample) : await runBridged(sample, agent);
    const sealing = sample.world.ended === null ? await sample.prove('after') : null;
    const end: SampleEnd = sealing !== null && 'end' in sealing ? sealing.end : played;
    const proof = sealing !== null && 'done' in sealing ? { sealing: sealing.done } : {};
    await sample.note({ type: 'ended', at: sample.now(), end, ...proof });
    sample.tell('ended', wordsOf(end));
  } finally {
    await sample.world.close();
  }
}

/** The budget that all samples of a run share. */
export function billFor(limits: Parameters<typeof openBudget>[0]): SharedAccount {
  return { budget: openBudget(limits), onChange: new Set() };
}
