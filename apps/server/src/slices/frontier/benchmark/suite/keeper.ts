import { ok, type Result, refuse } from '@breakwater/kernel';
import type { Transaction } from '../../../../platform/database/database.ts';
import { findSuite, type SuiteRow } from './store.ts';

/** The suite, for its keeper; who may not know of it is refused before, at the door. */
export async function ownSuite(
  tx: Transaction,
  id: string,
  actor: string,
): Promise<Result<SuiteRow, 'keeper-alone'>> {
  const suite = await findSuite(tx, id);
  return suite?.keeper === actor ? ok(suite) : refuse(keeperAlone);
}

export const keeperAlone = {
  code: 'keeper-alone',
  expected: 'the keeper of the suite',
  got: 'another party',
  todo: 'ask the keeper to do it',
} as const;
