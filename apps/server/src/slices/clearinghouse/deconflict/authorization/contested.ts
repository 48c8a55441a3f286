import type { Instant } from '@breakwater/kernel';
import type { Event } from '../../../../platform/commands/commands.ts';
import type { Reader } from '../../../../platform/database/database.ts';
import {
  allSettlements,
  type ControlRow,
  proofsAround,
  settlementsAround,
  validProofs,
} from './control-store.ts';
import { deeper, overlap, type Settlement } from './decide.ts';

const proofsLookedAt = 100_000;
const contestsMax = 200;
/** Of more the coordinators hear by the list alone. */
const toldMax = 20;

/** Whether two parties have both proven control of a place, be it decided or not. */
export function contend(a: ControlRow, b: ControlRow): boolean {
  const areProven = a.valid_until !== null && b.valid_until !== null;
  return areProven && a.party !== b.party && overlap(a.lineage, b.lineage);
}

/**
 * DCF-32: tells each whose proof stands against one that counts from now on, and the coordinators,
 * of their own proof: not whose the other is.
 */
export async function contestsBy(
  reader: Reader,
  row: ControlRow,
  now: Instant,
): Promise<readonly Event[]> {
  const settlements = await settlementsAround(reader, [row.lineage]);
  const proven = { ...row, valid_until: row.valid_until ?? now };
  return (await proofsAround(reader, [row.lineage]))
    .filter((other) => other.valid_until !== null && other.valid_until > now)
    .filter((other) => contend(proven, other) && !isSettled(settlements, proven, other))
    .slice(0, toldMax)
    .map(({ id }) => ({ act: 'deconflict.control-contested', subject: id, data: { control: id } }));
}

/** Pairs of proofs of two parties that overlap and of which nobody decided. */
export async function contestedPairs(
  reader: Reader,
  now: Instant,
): Promise<readonly (readonly [ControlRow, ControlRow])[]> {
  const rows = await validProofs(reader, now, proofsLookedAt);
  const settlements = await allSettlements(reader);
  const pairs: (readonly [ControlRow, ControlRow])[] = [];
  // In order of lineage: whatever lies in a place follows it at once.
  for (const [i, one] of rows.entries()) {
    for (let j = i + 1; j < rows.length && pairs.length < contestsMax; j++) {
      const other = rows[j];
      if (other === undefined || !other.lineage.startsWith(one.lineage)) break;
      if (one.party !== other.party && !isSettled(settlements, one, other)) {
        pairs.push([one, other]);
      }
    }
  }
  return pairs;
}

function isSettled(settlements: readonly Settlement[], one: ControlRow, other: ControlRow) {
  const place = deeper(one.lineage, other.lineage);
  const both = [one.party, other.party].toSorted().join();
  return settlements.some(
    (s) => place.startsWith(s.lineage) && both === [s.believed, s.over].toSorted().join(),
  );
}
