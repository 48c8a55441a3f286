import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';

/** Lets parties that nobody signs in to be listed and chosen no more. */
export async function closeParties(
  tx: Transaction,
  parties: readonly string[],
  now: string,
): Promise<void> {
  await tx.run(sql`
    update directory.party set left_at = ${now}
    where id = any(${[...parties]}) and left_at is null`);
}
