import { addMilliseconds, type Instant, ok } from '@breakwater/kernel';
import { z } from 'zod';
import { system } from '../../../../platform/commands/audience.ts';
import type { Event, JobRequest } from '../../../../platform/commands/commands.ts';
import type { Reader } from '../../../../platform/database/database.ts';
import type { JobHandler } from '../../../../platform/queue/queue.ts';
import type { Services } from '../../../../services.ts';
import type { RoomState } from '../decide.ts';
import { roomState } from '../store.ts';
import { inOrder, nextChance, type PaceState, type Priority, roomFor, unscored } from './pace.ts';
import { handedOverIn, paceOf, type WaitingRow, waitingFor } from './store.ts';

/** What handing over asks of other slices; bound in slices/index.ts. */
export interface HandOverNeeds {
  /** Whether a finding that is in the case now was reproduced. */
  isReproduced(reader: Reader, caseId: string): Promise<boolean>;
  /** Whether the case holds a finding that its source keeps from owners (VIS-4). */
  isRed(reader: Reader, caseId: string): Promise<boolean>;
  /** What the newest score of each case says; a case without one is not in the map. */
  priorities(reader: Reader, cases: readonly string[]): Promise<ReadonlyMap<string, Priority>>;
}

/** A case that waits, with what decides its place and whether it may still go. */
export interface WaitingCase {
  readonly case: string;
  readonly since: Instant;
  readonly priority: Priority;
  readonly reason: WaitingRow['reason_content'];
  readonly reproduced: boolean;
  readonly red: boolean;
  readonly room: Pick<RoomState, 'mergedInto' | 'participants'>;
}

/** At most this many in one command, so that none is held open for long. */
const handedOverMax = 50;

/**
 * Hands over what waits for an owner, as much as its pace has room for, in order and without leaving
 * one out (law 2). What may no longer be handed over leaves the queue, and says why: joined into
 * another case, which then waits in its place, or no longer reproduced, or marked RED by now.
 */
export function decideHandOver(
  owner: string,
  waiting: readonly WaitingCase[],
  facts: { readonly pace: PaceState; readonly handedOver: number; readonly now: Instant },
): { readonly events: readonly Event[]; readonly left: number } {
  const order = inOrder(waiting);
  const events: Event[] = [];
  let room = Math.min(roomFor(facts.pace, facts.handedOver, facts.now), handedOverMax);
  let at = 0;
  for (; at < order.length && (room > 0 || events.length === 0); at += 1) {
    const next = order[at];
    if (next === undefined) break;
    const dropped = droppedBecause(next, owner);
    if (dropped !== null) {
      events.push(drop(owner, next, dropped));
      const into = next.room.mergedInto;
      if (dropped === 'merged' && into !== null) events.push(queueInstead(owner, next, into));
      continue;
    }
    if (room === 0) break;
    room -= 1;
    events.push({
      act: 'coordinate.owner-invited',
      subject: next.case,
      data: { party: owner, reproduced: next.reproduced, reason: next.reason, urgent: false },
    });
  }
  return { events, left: order.length - at + events.filter(isQueued).length };
}

function droppedBecause(next: WaitingCase, owner: string) {
  if (next.room.mergedInto !== null) return 'merged';
  const there = next.room.participants.some((p) => p.party === owner && p.role === 'owner');
  if (there) return 'takes-part';
  // What could not be sent when it was queued may not be sent by waiting either.
  if (next.red) return 'marked-red';
  return next.reproduced || next.reason !== null ? null : 'not-reproduced';
}

function drop(owner: string, { case: subject }: WaitingCase, because: string): Event {
  return { act: 'coordinate.owner-dropped', subject, data: { party: owner, because } };
}

function queueInstead(owner: string, { since, reason }: WaitingCase, into: string): Event {
  const data = { party: owner, reproduced: true, reason, since };
  return { act: 'coordinate.owner-queued', subject: into, data };
}

function isQueued(event: Event): boolean {
  return event.act === 'coordinate.owner-queued';
}

const Due = z.object({ owner: z.string(), at: z.string() });

/** Looks at an owner's queue when there may be room; does nothing where there is none. */
export function handOver(services: Services, needs: HandOverNeeds): JobHandler {
  return async (job) => {
    const { owner, at } = Due.parse(job.payload);
    await services.execute(
      {
        actor: system,
        operation: 'coordinate.hand-over',
        idempotencyKey: job.id,
        request: job.payload,
      },
      async (tx, now) => {
        // Throwing keeps nothing, also not the key, so that the next try decides anew.
        if (at > now) throw new Error(`it is not yet ${at} here`);
        const pace = await paceOf(tx, owner);
        const handedOver = await handedOverIn(tx, owner, now);
        const waiting = await waitingCases(tx, needs, await waitingFor(tx, owner));
        const { events, left } = decideHandOver(owner, waiting, { pace, handedOver, now });
        const gone = events.filter((e) => e.act === 'coordinate.owner-invited').length;
        const jobs =
          left === 0 ? [] : lookAgain(owner, pace, { handedOver: handedOver + gone, now });
        return ok({ events, jobs, response: null });
      },
    );
  };
}

/** The job that looks at an owner's queue at its next chance; none while only the owner can tell. */
export function lookAgain(
  owner: string,
  pace: PaceState,
  { handedOver, now }: { readonly handedOver: number; readonly now: Instant },
): JobRequest[] {
  const at = nextChance(pace, handedOver, now);
  if (at === null) return [];
  const job = { job: 'coordinate.hand-over', payload: { owner, at } };
  return [at > now ? { ...job, startAfter: addMilliseconds(at, 1_000) } : job];
}

/** What waits, with the state of each case. */
export async function waitingCases(
  reader: Reader,
  needs: HandOverNeeds,
  rows: readonly WaitingRow[],
): Promise<WaitingCase[]> {
  const priorities = await needs.priorities(
    reader,
    rows.map((row) => row.case_id),
  );
  const cases: WaitingCase[] = [];
  for (const row of rows) {
    const room = await roomState(reader, row.case_id);
    if (room === null) continue;
    cases.push({
      case: row.case_id,
      since: row.since,
      priority: priorities.get(row.case_id) ?? unscored,
      reason: row.reason_content,
      reproduced: await needs.isReproduced(reader, row.case_id),
      red: await needs.isRed(reader, row.case_id),
      room,
    });
  }
  return cases;
}
