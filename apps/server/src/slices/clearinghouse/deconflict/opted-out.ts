import { ancestorsOf } from '@breakwater/scope';
import { z } from 'zod';
import { system } from '../../../platform/commands/audience.ts';
import type { Event, JobRequest } from '../../../platform/commands/commands.ts';
import type { JobHandler } from '../../../platform/queue/queue.ts';
import type { Services } from '../../../services.ts';
import { lookOf } from './claim/extent.ts';
import { deskOf } from './claim/index.ts';
import { lookedBy } from './claim/objection.ts';
import { claimsAt } from './claim/store.ts';
import { isHeld } from './wishes/decide.ts';
import { objectionAmong } from './wishes/for-claims.ts';
import { findWishes } from './wishes/store.ts';

/** The work that follows from an opt-out: claims that are held there end. */
export function endsFor(event: Event): readonly JobRequest[] {
  const optedOut = event.act === 'deconflict.wishes-stated' && event.data['optedOut'] === true;
  if (!optedOut) return [];
  return [{ job: 'deconflict.end-opted-out', payload: { wishes: event.subject } }];
}

const Due = z.object({ wishes: z.string() });

/** DCF-52: ends the claims on what its owner has opted out; their holders are told by the next call. */
export function endClaimsJob(services: Services): JobHandler {
  return async (job) => {
    const { wishes: id } = Due.parse(job.payload);
    const now = services.clock.now();
    const claims = await services.database.read(async (reader) => {
      const row = await findWishes(reader, id);
      if (row === null || row.opted_out_at === null || !isHeld(row, now)) return [];
      const { lineage } = row;
      const rows = await claimsAt(reader, { lineages: [lineage], ancestors: ancestorsOf(lineage) });
      const met = rows.filter(
        (claim) => objectionAmong([row], lookedBy(lookOf(claim.extent)), now) !== null,
      );
      return met.map((claim) => claim.id);
    });
    if (claims.length === 0) return;
    const envelope = {
      actor: system,
      operation: 'deconflict.end-opted-out',
      idempotencyKey: job.id,
      request: job.payload,
    };
    const input = { kind: 'end-all', claims, why: 'opted-out' } as const;
    const done = await deskOf(services).carryOut({ envelope, input });
    if (!done.ok) throw new Error(`claims could not be ended: ${done.refusal.got}`);
  };
}
