import { sql } from 'kysely';
import type { Database } from './database.ts';

/**
 * Keeps the embedded database still while its files are copied: everything committed is in the
 * files (CHECKPOINT), and no other query runs until `work` is done, because the engine has one
 * session and this transaction holds it. It has no background writers that could go on.
 */
export async function holdingStill<T>(database: Database, work: () => Promise<T>): Promise<T> {
  if (database.engine !== 'embedded') throw new Error('only the embedded database is held still');
  let done: { readonly value: T } | null = null;
  await database.write(async (tx) => {
    await tx.run(sql`checkpoint`);
    // A transaction that wrote nothing conflicts with none, so it is never tried again.
    done ??= { value: await work() };
  });
  if (done === null) throw new Error('the transaction did not run');
  return (done as { readonly value: T }).value; // narrowed to null by the closure alone
}

/** A content item that was erased, and when. */
export interface Erasure {
  readonly id: string;
  readonly erasedAt: string;
}

/** Every erasure the database knows of. */
export async function erasuresIn(database: Pick<Database, 'raw'>): Promise<readonly Erasure[]> {
  const { rows } = await database.raw(
    'select id, erased_at from content.item where erased_at is not null order by id',
  );
  return rows.map((row) => ({ id: String(row['id']), erasedAt: String(row['erased_at']) }));
}
