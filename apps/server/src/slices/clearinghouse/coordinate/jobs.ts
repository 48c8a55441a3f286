import { type Instant, ok, parseInstant } from '@breakwater/kernel';
import { z } from 'zod';
import { system } from '../../../platform/commands/audience.ts';
import type { Event, JobRequest } from '../../../platform/commands/commands.ts';
import type { JobHandler } from '../../../platform/queue/queue.ts';
import type { Services } from '../../../services.ts';
import { decideHourCome } from './decide.ts';
import { roomState } from './store.ts';

const HourCome = z.object({ case: z.string(), hour: z.string() });

/** Ends an embargo when its hour has come; does nothing where it was moved or has ended. */
export function embargoHour(services: Services): JobHandler {
  return async (job) => {
    const given = HourCome.parse(job.payload);
    const { case: caseId } = given;
    const hour = hourFrom(given.hour);
    await services.execute(
      {
        actor: system,
        operation: 'coordinate.embargo-hour',
        idempotencyKey: job.id,
        request: job.payload,
      },
      async (tx, now) => {
        const room = await roomState(tx, caseId);
        const event = room === null ? null : decideHourCome(room, hour, now);
        // Throwing keeps nothing, also not the key, so that the next try decides anew.
        if (event === 'too-early') throw new Error(`it is not yet ${hour} here`);
        return ok({ events: event === null ? [] : [event], response: null });
      },
    );
  };
}

const EmbargoSet = z.object({ endsAt: z.string() });

/** The job that waits for the hour of an embargo that was set. */
export function hourOf(event: Event): JobRequest {
  const hour = hourFrom(EmbargoSet.parse(event.data).endsAt);
  const payload = { case: event.subject, hour };
  return { job: 'coordinate.embargo-hour', payload, startAfter: hour };
}

function hourFrom(text: string): Instant {
  const hour = parseInstant(text);
  if (hour === null) throw new Error(`expected an hour, got ${text}`);
  return hour;
}
