import { addMilliseconds, type Instant } from '@breakwater/kernel';
import { newId } from '../../../platform/clock/clock.ts';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import {
  type Arrival,
  type Candidate,
  type CaseId,
  decidePlace,
  type FindingId,
  isNamedOnly,
  type Member,
  namedOnlyMax,
  type Placement,
} from './decide.ts';
import {
  type BlindKey,
  casesWith,
  insertKeys,
  insertNamedOnly,
  membersOf,
  namedOnlySince,
  putMember,
} from './store.ts';

const dayMs = 24 * 60 * 60 * 1_000;

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
    readonly sees: (caseId: CaseId) => Promise<boolean>;
  },
): Promise<Placement> {
  const { keys, now, needs, sees } = input;
  const found = await casesWith(tx, keys);
  const candidates: Candidate[] = [];
  // Beyond the limit a finding opens a case of its own, as if the name were new here.
  const mayGuess =
    (await namedOnlySince(tx, arrival.reporter, addMilliseconds(now, -dayMs))) < namedOnlyMax;
  const guesses = new Set<CaseId>();
  for (const row of found) {
    if (isNamedOnly({ evidence: row.kinds }) && !(await sees(row.case_id))) {
      if (!mayGuess) continue;
      guesses.add(row.case_id);
    }
    candidates.push({
      case: row.case_id,
      openedAt: await needs.openedAt(tx, row.case_id),
      evidence: row.kinds,
      members: await reportedMembers(tx, row.case_id, needs),
    });
  }
  const placement = decidePlace(arrival, candidates, newId('case'));
  if (guesses.has(placement.case)) await insertNamedOnly(tx, arrival, now);
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
