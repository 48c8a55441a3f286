import { ownerVerdicts } from '@breakwater/contract';
import { type Instant, parseInstant } from '@breakwater/kernel';
import { z } from 'zod';
import type { Event } from '../../../../platform/commands/commands.ts';
import { revisingActs } from '../../../../platform/commands/revision.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import { casesIn } from '../list/follow.ts';
import {
  changeStanding,
  deleteWaiting,
  insertStanding,
  insertWaiting,
  raiseRevision,
  type StandingChange,
  setPace,
} from './store.ts';

const OfOwner = z.object({ party: z.string() });
const Invited = OfOwner.extend({ urgent: z.boolean().default(false) });
const Queued = OfOwner.extend({ reason: z.string().nullable(), since: z.string().nullable() });
const Verdict = OfOwner.extend({ verdict: z.enum(ownerVerdicts), words: z.string() });
const PaceSet = z.object({
  capacityPerWeek: z.number().nullable(),
  paused: z.boolean(),
  until: z.string().nullable(),
  zone: z.string().nullable(),
  urgent: z.boolean(),
});

/** Keeps paces, queues and standings in step with what was decided. Other acts pass by. */
export async function followOwners(tx: Transaction, event: Event, at: Instant): Promise<void> {
  if (revisingActs.includes(event.act))
    for (const id of casesIn(event)) await raiseRevision(tx, id);
  const { subject, data } = event;
  switch (event.act) {
    case 'coordinate.owner-queued': {
      const { party, reason, since } = Queued.parse(data);
      const waits = { case: subject, owner: party, reason };
      return await insertWaiting(tx, { ...waits, since: instantOf(since) ?? at });
    }
    case 'coordinate.owner-dropped':
      return await deleteWaiting(tx, subject, OfOwner.parse(data).party);
    case 'coordinate.owner-invited': {
      const { party, urgent } = Invited.parse(data);
      await deleteWaiting(tx, subject, party);
      return await insertStanding(tx, { case: subject, owner: party, at, urgent });
    }
    case 'coordinate.pace-set': {
      const { capacityPerWeek, paused, until, zone, urgent } = PaceSet.parse(data);
      const pause = paused ? { until: instantOf(until), zone } : null;
      return await setPace(tx, subject, { capacityPerWeek, pause, urgent });
    }
    case 'coordinate.acknowledged':
      return await change(tx, event, { acknowledgedAt: at });
    case 'coordinate.verdict-given': {
      const { verdict: is, words } = Verdict.parse(data);
      return await change(tx, event, { verdict: { is, at, words } });
    }
    case 'coordinate.standing-closed':
      return await change(tx, event, { closedAt: at });
    case 'coordinate.standing-reopened':
      return await change(tx, event, { closedAt: null });
    default:
  }
}

async function change(tx: Transaction, event: Event, to: StandingChange): Promise<void> {
  await changeStanding(tx, { case: event.subject, owner: OfOwner.parse(event.data).party }, to);
}

function instantOf(text: string | null): Instant | null {
  return text === null ? null : parseInstant(text);
}
