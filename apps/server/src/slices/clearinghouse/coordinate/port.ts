import type { Id, Instant } from '@breakwater/kernel';
import type { Reader } from '../../../platform/database/database.ts';
import { embargoOf, participantsOf, roomOf, roomsOf, stageOf } from './store.ts';

/** When a case was opened. */
export async function openedAt(reader: Reader, caseId: string): Promise<Instant> {
  const room = await roomOf(reader, caseId);
  if (room === null) throw new Error(`no room for ${caseId}`);
  return room.opened_at;
}

/** When each of `cases` was opened. */
export async function openedAtOf(
  reader: Reader,
  cases: readonly string[],
): Promise<ReadonlyMap<string, Instant>> {
  const rooms = await roomsOf(reader, cases);
  return new Map([...rooms].map(([id, room]) => [id, room.opened_at]));
}

/** The advisory of each of `cases` that has one. */
export async function advisoriesOf(
  reader: Reader,
  cases: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rooms = await roomsOf(reader, cases);
  return new Map(
    [...rooms].flatMap(([id, { advisory }]) => (advisory === null ? [] : [[id, advisory]])),
  );
}

/** A case as merge and split see it. */
export async function roomForCorrelation(reader: Reader, caseId: string) {
  const room = await roomOf(reader, caseId);
  if (room === null) return null;
  return {
    title: room.title_content,
    package: room.package,
    version: room.version,
    recipe: room.recipe,
    mergedInto: room.merged_into,
    embargo: embargoOf(room),
    published: room.advisory !== null,
    revision: room.revision,
  };
}

/** How far each of `cases` is, for whoever has a finding in it. */
export async function farOf(reader: Reader, cases: readonly string[]) {
  const rooms = await roomsOf(reader, cases);
  return new Map(
    [...rooms].map(([id, room]) => {
      const { advisory } = room;
      return [id, { stage: stageOf(room), embargo: embargoOf(room), advisory }] as const;
    }),
  );
}

/** A case as publication sees it. */
export async function roomForPublication(reader: Reader, caseId: string) {
  const room = await roomOf(reader, caseId);
  if (room === null) return null;
  const { merged_into: mergedInto, advisory, revision } = room;
  return { mergedInto, embargo: embargoOf(room), advisory, revision };
}

/** The parties who found it, in the order in which they came. */
export async function findersOf(reader: Reader, caseId: string): Promise<readonly Id<'party'>[]> {
  const participants = await participantsOf(reader, caseId);
  return participants.filter((p) => p.role === 'finder').map((p) => p.party);
}
