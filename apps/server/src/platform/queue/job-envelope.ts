import { system } from '../commands/audience.ts';
import type { Envelope } from '../commands/commands.ts';
import type { Job } from './queue.ts';

/**
 * The envelope in which the system brings a job's result back as `operation`. Its key is made of
 * the job's id, so that a job delivered twice is concluded once.
 */
export function jobEnvelope(job: Job, operation: string): Envelope {
  return {
    actor: system,
    operation,
    idempotencyKey: `${operation}:${job.id}`,
    request: job.payload,
  };
}
