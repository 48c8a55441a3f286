import type { Id } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Clock } from '../clock/clock.ts';
import type { Database } from '../database/database.ts';
import type { ContentStore } from './content.ts';

/** No request and no job lives so long between putting an item and committing the row for it. */
const ageMinMs = 24 * 60 * 60 * 1_000;
/** Fewer unknown items than this are swept whatever their share. */
const unknownAlways = 100;

/**
 * Removes files and keys of items that no row knows: content is put before the transaction that
 * refers to it, and a crash or a refusal in between leaves it behind. What was erased and whose
 * removal a crash cut short is removed as well. Answers with how many items were removed.
 *
 * Throws and removes nothing where most items are unknown: then this is the content of another
 * database, or of a newer one, and what is removed here never comes back.
 */
export async function sweepContent(ports: {
  readonly database: Database;
  readonly content: ContentStore;
  readonly clock: Clock;
}): Promise<number> {
  const { database, content, clock } = ports;
  const before = new Date(Date.parse(clock.now()) - ageMinMs);
  const unknown = new Set<Id<'content'>>();
  /** What was put at once and is unknown as a whole counts once: one request left it behind. */
  let puts = 0;
  let known = 0;
  for await (const { items, packed, keyless } of content.putBefore(before)) {
    const live = await database.read((r) =>
      r.rows(sql<{ id: string }>`
        select id from content.item where id = any(${[...items]}) and erased_at is null`),
    );
    const ids = new Set(live.map((row) => row.id));
    known += ids.size;
    if (keyless === true) {
      // A crash left it; but where an item of it lives, its key may yet be brought back.
      const [any] = items;
      if (ids.size > 0 || any === undefined) continue;
      unknown.add(any);
      puts += 1;
      continue;
    }
    const found = unknown.size;
    for (const id of items) if (!ids.has(id)) unknown.add(id);
    puts += packed && ids.size === 0 ? 1 : unknown.size - found;
  }
  if (puts > Math.max(unknownAlways, known)) {
    throw new Error(
      `expected the content of this database, got ${unknown.size} items that it does not know ` +
        `beside ${known} that it does: nothing was removed; restore the database they belong to`,
    );
  }
  await content.eraseAll([...unknown]);
  return unknown.size;
}
