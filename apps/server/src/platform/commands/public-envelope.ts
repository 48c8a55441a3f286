import type { Json } from '@breakwater/kernel';
import { system } from './audience.ts';
import type { Envelope } from './commands.ts';

/**
 * The envelope of what somebody does whom nobody knows yet. The space keeps its idempotency keys
 * apart from those of jobs, which the system uses too: no header can hold one.
 */
export function publicEnvelope(operation: string, idempotencyKey: string, request: Json): Envelope {
  return { actor: system, operation, idempotencyKey: `public ${idempotencyKey}`, request };
}
