import { setTimeout as delay } from 'node:timers/promises';
import { addMilliseconds, bytesToHex, type Id, type Instant } from '@breakwater/kernel';
import { z } from 'zod';
import { sealed } from '../../../../platform/commands/audience.ts';
import { insertContents } from '../../../../platform/commands/rows.ts';
import type { Services } from '../../../../services.ts';
import type { Admitted } from '../model.ts';
import type { InsideCall, InsideEnd } from '../wire/inside.ts';
import { bodyOf, codeOf, textOf } from './ask.ts';
import { anyToDo, endJob, endLost, type JobRow, putBack, type Taken, takeJob } from './store.ts';
import { templateWords } from './templates.ts';

/** How long one job may take, in milliseconds. */
const jobMsMax = 600_000;
/** A job that was begun so long ago and did not end: its process died. */
const lostAfterMs = 2 * jobMsMax;
/** Jobs under way at one time in one process. */
const atOnceMax = 4;
/** Characters of a result that are kept. */
const resultCharsMax = 4_000_000;

/** What running jobs stands on. */
export interface JobParts extends Pick<Services, 'database' | 'content'> {
  readonly now: () => Instant;
  readonly process: () => string;
  /** The wire's own way on: a job is one call like any other. */
  readonly carryOut: (call: InsideCall) => Promise<InsideEnd | 'unknown' | 'cannot-tell'>;
  /** Told of faults; never of what was asked or answered. */
  readonly failed: (error: unknown) => void;
}

export interface Jobs {
  /** Takes no more; resolves once those under way are over. */
  close(): Promise<void>;
}

/** Runs jobs as they come, parties in turn, {@link atOnceMax} at one time. */
export function openJobs(parts: JobParts, { everyMs = 1_000 } = {}): Jobs {
  const stop = new AbortController();
  const lanes = Array.from({ length: atOnceMax }, async () => {
    while (!stop.signal.aborted) {
      const ran = await runNext(parts).catch((error: unknown) => {
        parts.failed(error);
        return false;
      });
      if (!ran) await delay(everyMs, null, { signal: stop.signal }).catch(() => {});
    }
  });
  return {
    async close() {
      stop.abort();
      await Promise.all(lanes);
    },
  };
}

/** Runs the next job; false where none waits. */
export async function runNext(parts: JobParts): Promise<boolean> {
  const { database } = parts;
  const now = parts.now();
  const lostBefore = addMilliseconds(now, -lostAfterMs);
  if (!(await database.read((r) => anyToDo(r, lostBefore)))) return false;
  const job = await database.write(async (tx) => {
    await endLost(tx, lostBefore, now);
    return await takeJob(tx, { process: parts.process(), now });
  });
  if (job === null) return false;
  const result = await resultOf(parts, job);
  // This process cannot tell at the moment which keys stand.
  if (result === null) await database.write((tx) => putBack(tx, job.id));
  else await end(parts, job, result);
  return result !== null;
}

interface Result extends Pick<JobRow, 'ended_as' | 'code' | 'request'> {
  readonly text: string | null;
}

const Inputs = z.record(z.string(), z.string());

/** GAT-52: the instructions are the developer's, the data the partner's, the way on the wire's. */
async function resultOf(parts: JobParts, job: Taken): Promise<Result | null> {
  const { content } = parts;
  const nothing = { request: null, text: null };
  if (job.withdrawn_at !== null) {
    return { ...nothing, ended_as: 'refused', code: 'template-withdrawn' };
  }
  const words = await templateWords({ content }, job);
  const inputs = await content.getText(job.inputs_content);
  if (words === null || inputs === null) {
    return { ...nothing, ended_as: 'refused', code: 'erased' };
  }
  const ask = {
    instructions: words.instructions,
    outputTokensMax: job.output_max,
    inputs: Inputs.parse(JSON.parse(inputs)),
  };
  let kind: 'openai' | 'anthropic' = 'openai';
  const done = await parts.carryOut({
    job: job.id,
    hash: bytesToHex(job.hash),
    msMax: jobMsMax,
    ask(admitted: Admitted) {
      const [model = ''] = admitted.names;
      kind = admitted.upstreams[0]?.kind ?? kind;
      const outputTokensMax = Math.min(ask.outputTokensMax, admitted.limits.outputTokensMax);
      const body = bodyOf(kind, { ...ask, model, outputTokensMax });
      return { kind: kind === 'anthropic' ? 'messages' : 'chat', body };
    },
  });
  if (done === 'cannot-tell') return null;
  if (done === 'unknown') return { ...nothing, ended_as: 'refused', code: 'key-not-taken' };
  const { status, body, request } = done;
  const text = status === 200 ? textOf(kind, body) : null;
  if (text !== null) {
    return { ended_as: 'answered', code: null, request, text: text.slice(0, resultCharsMax) };
  }
  const code = status >= 400 && status < 500 ? codeOf(body) : null;
  return { ended_as: code === null ? 'failed' : 'refused', code, request, text: null };
}

/** The result goes into the content store, for the partner alone. */
async function end(parts: JobParts, job: Taken, { text, ...ended }: Result): Promise<void> {
  const { database, content } = parts;
  const ref = text === null ? null : await content.putText(text, 'result.txt');
  await database.write(async (tx) => {
    const at = parts.now();
    const result_content: Id<'content'> | null = ref?.id ?? null;
    if ((await endJob(tx, job.id, { ...ended, result_content, at })) === 0) return;
    if (ref !== null) await insertContents(tx, [{ ref, subject: job.id, level: sealed }], at);
  });
}
