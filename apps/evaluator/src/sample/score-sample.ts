import { utf8 } from '@breakwater/kernel';
import type { RecordOf } from '../journal/records.ts';
import type { Standing } from '../journal/replay.ts';
import type { Surroundings, WorldMaker } from '../run/surroundings.ts';
import { nameOf, type SampleJob, type TaskJob } from './job.ts';
import { manifestOf, NoWorld } from './open-sample.ts';

/**
 * Judges what was handed in. Follows from the journal and the kept files alone, so a run that was
 * stopped before it was scored is scored the same. A sample that failed by no doing of the model
 * has no score; one that met a limit, or spoiled its world, is judged by what it left.
 */
export async function scoreSample(
  job: SampleJob,
  standing: Standing,
  around: Surroundings,
): Promise<RecordOf<'scored'>> {
  const judged = await judge(job, standing, around);
  return {
    type: 'scored',
    at: around.clock.now().toISOString(),
    ...judged,
    leaks: [...job.leaksIn(standing.messages)],
  };
}

export type Judged = Pick<RecordOf<'scored'>, 'score' | 'failure'>;

async function judge(job: SampleJob, standing: Standing, around: Surroundings): Promise<Judged> {
  const { end, submitted, world } = standing;
  const isLeft = end?.kind === 'failed' && end.code === 'world-spoiled';
  if (end?.kind === 'failed' && !isLeft) return { score: null, failure: end.code };
  return await judgeLeft(job, { answer: submitted ?? '', world }, around);
}

/** What was left: the answer, and the manifest of the files by its digest. */
export interface Left {
  readonly answer: string;
  readonly world: string | null;
}

/** Judges what was left by the task's scorer. Throws where this machine has no sandbox. */
export async function judgeLeft(
  job: TaskJob,
  { answer, world }: Left,
  around: WorldMaker,
): Promise<Judged> {
  switch (job.scorer.kind) {
    case 'answer': {
      const { score: value, reason } = job.scorer.judge(answer);
      return { score: { value, answer, explanation: reason } };
    }
    case 'script': {
      if (world === null) return { score: null, failure: 'no files were kept' };
      const { services, scorer } = job;
      const done = await around.worlds.score({
        name: nameOf(job),
        kept: { manifest: await manifestOf(around, world), store: around.blobs },
        scorer: scorer.script,
        answer: utf8(answer),
        ...(services !== undefined && { services }),
      });
      if (done.ok) {
        const { score, reason } = done.value;
        return { score: { value: score, answer, explanation: reason } };
      }
      const { code, got } = done.refusal;
      if (code === 'sandbox-unavailable') throw new NoWorld(done.refusal);
      return { score: null, failure: `${code}: ${got}` };
    }
  }
}
