import { addMilliseconds, type Instant, ok } from '@breakwater/kernel';
import { parseTarget } from '@breakwater/scope';
import { z } from 'zod';
import type { JobRequest } from '../../../../platform/commands/commands.ts';
import { jobEnvelope } from '../../../../platform/queue/job-envelope.ts';
import type { Job, JobHandler } from '../../../../platform/queue/queue.ts';
import type { Services } from '../../../../services.ts';
import { contestsBy } from './contested.ts';
import { challengeOf, lookFor } from './control.ts';
import { type ControlRow, findControl, noteLook } from './control-store.ts';

const hourMs = 60 * 60 * 1_000;
/** DCF-31: looked for once a day; an answer older than three counts for nothing. */
const lookMs = 24 * hourMs;
const validMs = 72 * hourMs;
/** Servers that do not answer are asked again sooner, and long gone proofs no longer. */
const againMs = hourMs;
const givenUpMs = 30 * 24 * hourMs;

const jobName = 'deconflict.prove-again';
const Payload = z.object({ control: z.string(), at: z.string() });

/** What is noted of a proof that was found. */
export function foundAt(now: Instant) {
  return {
    proven_at: now,
    valid_until: addMilliseconds(now, validMs),
    next_at: addMilliseconds(now, lookMs),
    failure: null,
  };
}

/** The next look at a proof. */
export function proveAgain(control: string, at: Instant): JobRequest {
  return { job: jobName, payload: { control, at }, startAfter: at };
}

/**
 * DCF-31: looks for a proof again. What is answered to be gone, or to say something else, lapses at
 * once; a server that does not answer leaves it as it is until its time is over.
 */
export function proveAgainJob(services: Services): JobHandler {
  return async (job) => {
    const { control, at } = Payload.parse(job.payload);
    const row = await services.database.read((r) => findControl(r, control));
    // Proven by hand meanwhile: that look has a next one of its own.
    if (row === null || row.ended_at !== null || row.next_at !== at) return;
    const target = parseTarget(row.target);
    const challenge = target.ok ? challengeOf(target.value, row.way, row.token) : target;
    if (!challenge.ok || challenge.value === null) return;
    const found = await lookFor(services.outbound, challenge.value);
    await note(services, job, { row, failure: found.ok ? null : found.refusal.code });
  };
}

async function note(
  services: Services,
  job: Job,
  { row, failure }: { readonly row: ControlRow; readonly failure: string | null },
): Promise<void> {
  await services.execute<null>(jobEnvelope(job, jobName), async (tx, now) => {
    const look = failure === null ? foundAt(now) : missedAt(row, failure, now);
    if ((await noteLook(tx, row.id, look)) === 0) return ok({ events: [], response: null });
    const held = row.valid_until !== null && row.valid_until > now;
    const holds = look.valid_until !== null && look.valid_until > now;
    const act =
      held && !holds
        ? 'deconflict.control-lapsed'
        : !held && holds
          ? 'deconflict.control-proven'
          : null;
    const data = { control: row.id, failure };
    const contests = act === 'deconflict.control-proven' ? await contestsBy(tx, row, now) : [];
    return ok({
      events: [...(act === null ? [] : [{ act, subject: row.id, data }]), ...contests],
      jobs: look.next_at === null ? [] : [proveAgain(row.id, look.next_at)],
      response: null,
    });
  });
}

function missedAt(row: ControlRow, failure: string, now: Instant) {
  const { proven_at, valid_until } = row;
  const silent = failure === 'proof-unreachable';
  const until = silent || valid_until === null || valid_until < now ? valid_until : now;
  const given = proven_at === null || addMilliseconds(proven_at, givenUpMs) < now;
  const holds = until !== null && until > now;
  const next_at = given ? null : addMilliseconds(now, holds ? againMs : lookMs);
  return { proven_at, valid_until: until, next_at, failure };
}
