import type { Id, Instant } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { JobRequest } from '../commands/commands.ts';
import type { ContentStore } from '../content/content.ts';
import type { Transaction } from '../database/database.ts';
import type { JobHandler } from '../queue/queue.ts';

/**
 * Erases names, addresses and devices that nobody needs any more: the rows say so with the
 * transaction, and the job destroys the keys after it. Answers with that job, if there is work.
 */
export async function forget(
  tx: Transaction,
  contents: readonly Id<'content'>[],
  now: Instant,
): Promise<readonly JobRequest[]> {
  if (contents.length === 0) return [];
  await tx.run(sql`
    update content.item set erased_at = ${now}
    where id = any(${[...contents]}) and erased_at is null`);
  return [{ job: 'directory.forget', payload: { contents: [...contents] } }];
}

/** The job: keys, then files. Twice is once. */
export function forgetJob(content: ContentStore): JobHandler {
  return async ({ payload }) => {
    const ids = payload['contents'];
    if (!Array.isArray(ids)) throw new Error('expected the ids of contents');
    // Ids of content items: forget() alone asks for this job.
    for (const id of ids) await content.erase(id as Id<'content'>);
  };
}
