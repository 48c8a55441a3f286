import { type Refusal, type Result, refuse } from '@breakwater/kernel';
import { sql } from 'kysely';
import type { Services } from '../../services.ts';
import { levels } from './audience.ts';
import type { Actor } from './commands.ts';
import { levelOf } from './visibility.ts';

/** Acts of persons after which whoever decides about a case should look at it again. */
export const revisingActs: readonly string[] = [
  'correlate.merged',
  'correlate.split',
  'correlate.undone',
  'coordinate.owner-invited',
  'coordinate.embargo-set',
  'coordinate.embargo-ended',
  'distribute.published',
  'distribute.revised',
];

/** Refuses a change that was made up on an older state; null where it may go on. */
export function stale(
  ifRevision: number | undefined,
  revision: number,
): Refusal<'changed-since'> | null {
  if (ifRevision === undefined || ifRevision === revision) return null;
  return {
    code: 'changed-since',
    expected: `revision ${ifRevision}, which you saw`,
    got: `revision ${revision}`,
    todo: 'look at it again, and repeat your change if you still want it',
  };
}

/**
 * Adds to a refused change who came in between and when, for those who see all of the subject. To
 * others not even the hour is told: it may be that of an act they may not know of.
 */
export async function tellChange<T>(
  services: Services,
  result: Result<T>,
  about: { readonly subject: string; readonly actor: Actor },
): Promise<Result<T>> {
  if (result.ok || result.refusal.code !== 'changed-since') return result;
  const { subject, actor } = about;
  const last = await services.database.read(async (reader) =>
    (await levelOf(reader, subject, actor)) < levels.all
      ? null
      : await reader.row(sql<{ at: string; actor: string }>`
          select at, actor from journal.entry where subject = ${subject} and act = any(${[...revisingActs]})
          order by at desc, within desc, id desc limit 1`),
  );
  if (last === null) return result;
  const who = await services.directory.nameOf(last.actor);
  return refuse({
    ...result.refusal,
    got: `${result.refusal.got}, changed by ${who} at ${last.at}`,
  });
}
