import { randomBytes, randomInt } from 'node:crypto';
import { setImmediate as untilOthersHadTheirTurn } from 'node:timers/promises';
import { addMilliseconds, bytesToHex, type Id, ok } from '@breakwater/kernel';
import {
  groupMax,
  groupRoot,
  intervalAct,
  intervalLeaves,
  intervalPlaces,
  rootOf,
} from '@breakwater/log';
import { newId } from '../../../../platform/clock/clock.ts';
import { system } from '../../../../platform/commands/audience.ts';
import type { Services } from '../../../../services.ts';
import { commitmentsIn } from './commitments.ts';
import {
  type GroupRow,
  groupsBetween,
  insertInterval,
  lastSeq,
  newestInterval,
  type PlaceRow,
} from './store.ts';

/** From one interval to the next. */
export const intervalMs = 60_000;

/** More would be a clock that ran off, or a loop that does not end. */
const intervalsMax = 64;

/**
 * Closes the interval of all requests that were settled since the last one, of all processes: their
 * tree's root is entered in the log as one act. Without requests there is none; the log grows by its
 * own beat whether or not. Several servers may call it: one closes, and not before `intervalMs` are
 * over (0: at once).
 *
 * @returns how many intervals were closed: more than one where one tree had no places left.
 */
export async function closeIntervals(
  services: Services,
  { everyMs = intervalMs }: { readonly everyMs?: number } = {},
): Promise<number> {
  const { database, clock } = services;
  const open = await database.writeInTurn('gateway-intervals', async (tx) => {
    const newest = await newestInterval(tx);
    // Timers fire a little early, and a clock that was set back holds nothing up.
    const since = newest === null ? null : addMilliseconds(newest.at, everyMs * 0.75);
    const now = clock.now();
    const isEarly = newest !== null && since !== null && newest.at <= now && now < since;
    return isEarly ? null : { after: newest?.last_seq ?? 0, upTo: await lastSeq(tx) };
  });
  if (open === null) return 0;
  let after = open.after;
  for (let closed = 0; closed < intervalsMax; closed += 1) {
    const last = await closeNext(services, { after, upTo: open.upTo });
    if (last === null) return closed;
    after = last;
  }
  return intervalsMax;
}

/** One interval; the last number in it, or null where nothing is left to close. */
async function closeNext(
  services: Services,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<number | null> {
  if (upTo <= after) return null;
  // What is numbered does not change any more, so it is read outside of the transaction that closes.
  const most = { groupMax, limit: intervalPlaces + 1 };
  const groups = await services.database.read((r) => groupsBetween(r, { after, upTo }, most));
  const beyond = groups[intervalPlaces];
  if (beyond !== undefined) return await closeNext(services, { after, upTo: beyond.first_seq - 1 });
  if (groups.length === 0) return null;
  const seed = randomBytes(32);
  const placed = await placesOf(groups);
  const taken = new Map(placed.map((each) => [each.place, each] as const));
  const root = rootOf(intervalLeaves(taken, seed));
  const interval = newId('interval');
  const executed = await services.execute(envelopeOf(interval), async (tx, now) => {
    const row = { id: interval, first_seq: after + 1, last_seq: upTo, seed, root, at: now };
    const isFirst = await insertInterval(tx, row, placed);
    const data = { root: bytesToHex(root), places: intervalPlaces };
    return ok({
      // Another process closed it in between: its entry stands, and this adds none.
      events: isFirst ? [{ act: intervalAct, subject: interval, data }] : [],
      response: { closed: isFirst },
    });
  });
  return executed.ok && executed.value.response.closed ? upTo : null;
}

function envelopeOf(interval: Id<'interval'>) {
  return {
    actor: system,
    operation: 'gateway.close-interval',
    idempotencyKey: interval,
    request: { interval },
  };
}

/** Each group at a place that nobody can tell beforehand: it says nothing of who came before. */
async function placesOf(groups: readonly GroupRow[]): Promise<readonly PlaceRow[]> {
  const free = Array.from({ length: intervalPlaces }, (_, place) => place);
  const placed: PlaceRow[] = [];
  for (const row of groups) {
    const [place] = free.splice(randomInt(free.length), 1);
    if (place === undefined) throw new Error('more groups than an interval has places');
    const commitments = commitmentsIn(row.commitments);
    placed.push({ ...row, place, size: commitments.length, root: groupRoot(commitments) });
    // A full group takes some twenty milliseconds of hashing.
    await untilOthersHadTheirTurn();
  }
  return placed;
}
