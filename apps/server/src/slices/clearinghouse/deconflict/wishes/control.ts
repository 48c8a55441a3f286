import type { Instant } from '@breakwater/kernel';
import type { Target } from '@breakwater/scope';
import type { Reader } from '../../../../platform/database/database.ts';
import { proofsAround, settlementsAround } from '../authorization/control-store.ts';
import { controlOf } from '../authorization/decide.ts';
import { proofOf } from '../authorization/leave.ts';

/** Whether a party has proven that it controls all of a target, and its proof counts at `at`. */
export async function controls(
  reader: Reader,
  party: string,
  { target, at }: { readonly target: Target; readonly at: Instant },
): Promise<boolean> {
  const { lineage } = target;
  const proofs = (await proofsAround(reader, [lineage])).flatMap(proofOf);
  const settlements = await settlementsAround(reader, [lineage]);
  return controlOf(party, { lineage, except: [] }, { proofs, settlements, at }) === 'held';
}
