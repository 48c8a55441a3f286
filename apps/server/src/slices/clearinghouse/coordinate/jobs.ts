import { ok, parseInstant } from '@breakwater/kernel';
import { z } from 'zod';
import type { Event, JobRequest } from '../../../platform/commands/commands.ts';
import type { JobHandler } from '../../../platform/queue/queue.ts';
import type { Services } from '../../../services.ts';
import { decideHourCome } from './decide.ts';
import { roomState } from './store.ts';

const HourCome = z.object({ case: z.string() });

/** Ends an embargo when its hour has come; does nothing where it was moved or has ended. */
export function embargoHour(services: Services): JobHandler {
  return async (job) => {
    const { case: caseId } = HourCome.parse(job.payload);
    await services.execute(
      {
        actor: { id: 'system', role: 'system' },
        operation: 'coordinate.embargo-hour',
        idempotencyKey: job.id,
        request: { case: caseId },
      },
      async (tx, now) => {
        const room = await roomState(tx, caseId);
        const event = room === null ? null : decideHourCome(room, now);
        return ok({ events: event === null ? [] : [event], response: null });
      },
    );
  };
}

const EmbargoSet = z.object({ endsAt: z.string() });

/** The job that waits for the hour of an embargo that was set. */
export function hourOf(event: Event): JobRequest {
  const endsAt = parseInstant(EmbargoSet.parse(event.data).endsAt);
  if (endsAt === null) throw new Error(`${event.act} carries no hour`);
  return { job: 'coordinate.embargo-hour', payload: { case: event.subject }, startAfter: endsAt };
}
