import { ancestorsOf, type Rename } from '@breakwater/scope';
import type { Transaction } from '../../../../platform/database/database.ts';
import { lookOf, widened } from '../claim/extent.ts';
import { claimsAt } from '../claim/store.ts';
import { waitsAt } from '../claim/wait-store.ts';
import { widenExtents } from './store.ts';

/**
 * Has the claims and the places in line that lie under one name of a repository lie under the other
 * too; answers with how many did not before. In the turn of all who take claims.
 */
export async function widenHeld(
  tx: Transaction,
  { from, to }: Rename,
  renames: readonly Rename[],
): Promise<number> {
  const lineages = [from.lineage, to.lineage];
  const places = { lineages, ancestors: lineages.flatMap(ancestorsOf) };
  let count = 0;
  for (const [table, rows] of [
    ['claim', await claimsAt(tx, places)],
    ['wait', await waitsAt(tx, places)],
  ] as const) {
    const wider = rows.flatMap(({ id, extent }) => {
      const look = widened(lookOf(extent), renames);
      return look.text === extent
        ? []
        : [{ id, extent: look.text, lineages: look.places.lineages }];
    });
    await widenExtents(tx, table, wider);
    count += wider.length;
  }
  return count;
}
