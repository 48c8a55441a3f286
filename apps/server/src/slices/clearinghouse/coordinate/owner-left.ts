import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../platform/database/database.ts';
import { participantsOf, roomOf, setStage } from './store.ts';

/** More than any owner holds; a party that left is taken out of them in one transaction. */
const casesMax = 10_000;

/** The cases that are in an owner's hands, or wait for them. */
export async function ownedCases(reader: Reader, owner: string): Promise<readonly Id<'case'>[]> {
  const rows = await reader.rows(sql<{ case_id: Id<'case'> }>`
    select case_id from coordinate.standing where owner = ${owner}
    union select case_id from coordinate.waiting where owner = ${owner}
    limit ${casesMax}`);
  return rows.map((row) => row.case_id);
}

/**
 * Takes an owner out of a case. Where it was the only one, the case is the coordinator's again and
 * stands where it stood before; what came of it since, a patch or an advisory, stays.
 */
export async function removeOwner(
  tx: Transaction,
  caseId: string,
  left: { readonly party: string; readonly reproduced: boolean; readonly at: Instant },
): Promise<void> {
  const { party, reproduced, at } = left;
  await tx.run(sql`
    delete from coordinate.participant
    where case_id = ${caseId} and party = ${party} and role = 'owner'`);
  await tx.run(sql`
    delete from coordinate.standing where case_id = ${caseId} and owner = ${party}`);
  await tx.run(sql`
    delete from coordinate.waiting where case_id = ${caseId} and owner = ${party}`);
  const room = await roomOf(tx, caseId);
  const owned = (await participantsOf(tx, caseId)).some((p) => p.role === 'owner');
  if (room?.stage !== 'with-owner' || owned) return;
  await setStage(tx, caseId, { stage: reproduced ? 'reproduced' : 'received', at });
}
