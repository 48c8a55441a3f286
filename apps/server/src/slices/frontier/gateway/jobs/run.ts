import { setTimeout as delay } from 'node:timers/promises';
import { addMilliseconds, bytesToHex, fromUtf8, type Id, type Instant } from '@breakwater/kernel';
import { z } from 'zod';
import { sealed } from '../../../../platform/commands/audience.ts';
import { insertContents } from '../../../../platform/commands/rows.ts';
import type { Services } from '../../../../services.ts';
import type { Admitted } from '../model.ts';
import type { InsideCall, InsideEnd, InsideRefusal } from '../wire/inside.ts';
import { bodyOf, type JobAsk, textOf } from './ask.ts';
import { Portion } from './repository.ts';
import {
  anyToDo,
  beginCall,
  type CallRow,
  callsOf,
  endCall,
  endJob,
  endLost,
  type JobRow,
  putBack,
  type Taken,
  takeJob,
} from './store.ts';
import { templateWords } from './templates.ts';

/** How long one call may take, in milliseconds. */
const callMsMax = 600_000;
/** A call that was begun so long ago and did not end: its process died. */
const lostAfterMs = 2 * callMsMax;
/** A job waits for what is short if it comes again within this time, and for no longer in all. */
const waits = { secondsMax: 300, msMax: 86_400_000 };
/** Jobs under way at one time in one process. */
const atOnceMax = 4;
/** Characters of the result of a call that are kept. */
const resultCharsMax = 4_000_000;

/** What running jobs stands on. */
export interface JobParts extends Pick<Services, 'database' | 'content'> {
  readonly now: () => Instant;
  readonly process: () => string;
  /** The wire's own way on: each call of a job is one like any other. */
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
      const ran = await runNext(parts, stop.signal).catch((error: unknown) => {
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

/**
 * Takes the next job up and makes its calls, until it is over, has to wait, or `stop` says so between
 * two calls: then it is put back, and goes on where it was. False where nothing can be done now.
 */
export async function runNext(parts: JobParts, stop: AbortSignal): Promise<boolean> {
  const { database } = parts;
  const now = parts.now();
  const lostBefore = addMilliseconds(now, -lostAfterMs);
  if (!(await database.read((r) => anyToDo(r, { now, lostBefore })))) return false;
  const job = await database.write(async (tx) => {
    await endLost(tx, lostBefore, now);
    return await takeJob(tx, { process: parts.process(), now });
  });
  if (job === null) return false;
  const end = await endOf(parts, job, stop);
  await database.write(async (tx) => {
    const at = parts.now();
    if ('notBefore' in end) await putBack(tx, job.id, { ...end, now: at });
    else await endJob(tx, job.id, { ...end, at });
  });
  return !('notBefore' in end) || end.notBefore !== null;
}

/** A job goes on later: at once, or when what is short comes again. */
interface Later {
  readonly notBefore: Instant | null;
}

type Ended = Pick<JobRow, 'ended_as' | 'code'>;

const refused = (code: string): Ended => ({ ended_as: 'refused', code });

const Inputs = z.record(z.string(), z.string());

/** What all calls of a job have in common. */
type Asked = Pick<JobAsk, 'instructions' | 'inputs'>;

async function endOf(parts: JobParts, job: Taken, stop: AbortSignal): Promise<Ended | Later> {
  const { content, database } = parts;
  const words = await templateWords({ content }, job);
  const inputs = await content.getText(job.inputs_content);
  if (words === null || inputs === null) return refused('erased');
  const asked = { instructions: words.instructions, inputs: Inputs.parse(JSON.parse(inputs)) };
  const calls = await database.read((r) => callsOf(r, [job.id]));
  for (const call of calls.filter(({ ended_at }) => ended_at === null)) {
    if (stop.aborted) return { notBefore: null };
    const begun = await database.write((tx) => beginCall(tx, job.id, parts.now()));
    if (begun === null) return { notBefore: null };
    if (begun.withdrawn_at !== null) return refused('template-withdrawn');
    const end = await carryOut(parts, { job, call, asked });
    if (end !== 'answered') return end;
  }
  return { ended_as: 'answered', code: null };
}

interface OneCall {
  readonly job: Taken;
  readonly call: CallRow;
  readonly asked: Asked;
}

/** GAT-52: the instructions are the developer's, the data the partner's, the way on the wire's. */
async function carryOut(
  parts: JobParts,
  { job, call, asked }: OneCall,
): Promise<Ended | Later | 'answered'> {
  const portion = await portionOf(parts, call);
  if (portion === 'erased') return refused('erased');
  let kind: 'openai' | 'anthropic' = 'openai';
  const done = await parts.carryOut({
    job: job.id,
    hash: bytesToHex(job.hash),
    msMax: callMsMax,
    ask(admitted: Admitted) {
      const [model = ''] = admitted.names;
      kind = admitted.upstreams[0]?.kind ?? kind;
      const outputTokensMax = Math.min(job.output_max, admitted.limits.outputTokensMax);
      const body = bodyOf(kind, { ...asked, portion, model, outputTokensMax });
      return { kind: kind === 'anthropic' ? 'messages' : 'chat', body };
    },
  });
  // This process cannot tell at the moment which keys stand.
  if (done === 'cannot-tell') return { notBefore: null };
  if (done === 'unknown') return refused('key-not-taken');
  const { status, body, request, refusal } = done;
  const text = status === 200 ? textOf(kind, body) : null;
  const notBefore = refusal === null ? null : worthWaiting(job, refusal, parts.now());
  if (notBefore !== null) return { notBefore };
  await keep(parts, call, { request, text: text?.slice(0, resultCharsMax) ?? null });
  if (text !== null) return 'answered';
  if (refusal === null || refusal.code.startsWith('upstream-')) {
    return { ended_as: 'failed', code: refusal?.code ?? null };
  }
  return refused(refusal.code);
}

/**
 * GAT-54: when to try again what the gateway refused, if what was short comes soon; the longer a job
 * waited, the less often. What an endpoint failed at itself is not tried again: each try would cost.
 */
function worthWaiting(job: Taken, refusal: InsideRefusal, now: Instant): Instant | null {
  const { retryAfter } = refusal;
  if (retryAfter === null || retryAfter > waits.secondsMax) return null;
  const since = job.short_since ?? now;
  const waitedMs = Date.parse(now) - Date.parse(since);
  const again = addMilliseconds(now, Math.max(retryAfter * 1_000, waitedMs / 10));
  return again < addMilliseconds(since, waits.msMax) ? again : null;
}

async function portionOf(
  { content }: JobParts,
  { portion_content }: CallRow,
): Promise<Portion | null | 'erased'> {
  if (portion_content === null) return null;
  const bytes = await content.get(portion_content);
  return bytes === null ? 'erased' : Portion.parse(JSON.parse(fromUtf8(bytes)));
}

interface Came extends Pick<CallRow, 'request'> {
  readonly text: string | null;
}

/** The result goes into the content store, for the partner alone. */
async function keep(parts: JobParts, call: CallRow, { text, request }: Came): Promise<void> {
  const { database, content } = parts;
  const ref = text === null ? null : await content.putText(text, 'result.txt');
  await database.write(async (tx) => {
    const at = parts.now();
    const result_content: Id<'content'> | null = ref?.id ?? null;
    if ((await endCall(tx, call, { request, result_content, at })) === 0) return;
    if (ref !== null) await insertContents(tx, [{ ref, subject: call.job, level: sealed }], at);
  });
}
