import type { Id } from '@breakwater/kernel';
import type { Grant } from '../../../../platform/commands/audience.ts';
import { setAudiences } from '../../../../platform/commands/visibility.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import { type RunParts, runLevel, suiteLevel } from './rights.ts';
import { allowancesOf } from './store.ts';

/** The runs of a suite with the items their samples are of. */
export type RunsOf = ReadonlyMap<Id<'run'>, RunParts>;

/**
 * Writes who sees a suite and its runs, anew from what stands allowed: in the transaction that
 * changed it, so that no page is told of what its reader may no longer know.
 */
export async function writeAudiences(
  tx: Transaction,
  suite: { readonly id: Id<'suite'>; readonly keeper: string },
  runs: RunsOf,
): Promise<void> {
  const allowances = await allowancesOf(tx, suite.id);
  const parties = [...new Set(allowances.map(({ party }) => party))];
  const audienceOf = (level: (party: string) => number): Grant[] =>
    parties.flatMap((party) => {
      const seen = level(party);
      return seen === 0 ? [] : [{ principal: party, level: seen }];
    });
  const ofSuite = audienceOf((party) => suiteLevel(allowances, { party, keeper: suite.keeper }));
  await setAudiences(
    tx,
    new Map<string, Grant[]>([
      [suite.id, ofSuite],
      ...[...runs].map(
        ([id, run]) => [id, audienceOf((party) => runLevel(allowances, party, run))] as const,
      ),
    ]),
  );
}
