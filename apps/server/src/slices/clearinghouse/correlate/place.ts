import type { Instant } from '@breakwater/kernel';
import { newId } from '../../../platform/clock/clock.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import {
  type Arrival,
  type Candidate,
  type CaseId,
  decidePlace,
  type FindingId,
  type Member,
  type Placement,
} from './decide.ts';
import { type BlindKey, casesWith, insertKeys, membersOf, putMember } from './store.ts';

/** What correlation asks of other slices; bound in slices/index.ts. */
export interface CorrelateNeeds {
  reportersOf(reader: Reader, findings: readonly FindingId[]): Promise<ReadonlyMap<string, string>>;
  openedAt(reader: Reader, caseId: CaseId): Promise<string>;
}

/** Finds or opens the case of an arriving finding, inside the transaction that keeps it. */
export async function place(
  tx: Transaction,
  arrival: Arrival,
  input: {
    readonly keys: readonly BlindKey[];
    readonly now: Instant;
    readonly needs: CorrelateNeeds;
  },
): Promise<Placement> {
  const { keys, now, needs } = input;
  const found = await casesWith(tx, keys);
  const candidates: Candidate[] = [];
  for (const row of found) {
    candidates.push({
      case: row.case_id,
      openedAt: await needs.openedAt(tx, row.case_id),
      evidence: row.kinds,
      members: await reportedMembers(tx, row.case_id, needs),
    });
  }
  const placement = decidePlace(arrival, candidates, newId('case'));
  await insertKeys(tx, arrival.finding, keys);
  await putMember(tx, {
    finding: arrival.finding,
    case_id: placement.case,
    since: now,
    because: placement.opened ? 'opened' : 'exact-identity',
    evidence: placement.evidence,
  });
  return placement;
}

/** The findings of a case with their reporters. */
export async function reportedMembers(
  reader: Reader,
  caseId: string,
  needs: Pick<CorrelateNeeds, 'reportersOf'>,
): Promise<Member[]> {
  const findings = (await membersOf(reader, caseId)).map((row) => row.finding);
  const reporters = await needs.reportersOf(reader, findings);
  return findings.map((finding) => {
    const reporter = reporters.get(finding);
    if (reporter === undefined) throw new Error(`no finding ${finding}`);
    return { finding, reporter };
  });
}
