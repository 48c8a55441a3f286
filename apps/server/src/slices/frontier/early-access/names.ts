import type { Id } from '@breakwater/kernel';
import type { Reader } from '../../../platform/database/database.ts';
import type { PartyRef } from '../../../platform/directory/directory.ts';
import type { Services } from '../../../services.ts';
import { type MemberRow, membersAmong } from './member-store.ts';

export interface MemberRef {
  readonly id: Id<'member'>;
  /** null: erased. */
  readonly name: string | null;
  readonly party: PartyRef;
}

/** The members that a page names, each looked up once. */
export interface Members {
  readonly rows: ReadonlyMap<string, MemberRow>;
  refOf(id: Id<'member'>): MemberRef;
}

export async function loadMembers(
  { database, content, directory }: Pick<Services, 'database' | 'content' | 'directory'>,
  ids: readonly string[],
): Promise<Members> {
  const rows = await database.read((reader: Reader) => membersAmong(reader, ids));
  const refs = new Map<string, MemberRef>();
  for (const { id, party, name_content: name } of rows.values()) {
    refs.set(id, {
      id,
      name: await content.getText(name),
      party: await directory.refOf(party),
    });
  }
  return {
    rows,
    refOf(id) {
      const ref = refs.get(id);
      if (ref === undefined) throw new Error('expected a member that was looked up');
      return ref;
    },
  };
}
