import type { FoundIn } from '@breakwater/contract';
import { sql } from 'kysely';
import { levels } from '../../../platform/commands/audience.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { seenBy } from '../../../platform/commands/visibility.ts';
import type { Reader } from '../../../platform/database/database.ts';
import type { SourceDocument, SourceWish } from '../../../platform/search/source.ts';
import type { AdvisoryRow, InventoryRow, NoticeRow } from './store.ts';

/** Advisories, to be found by everyone who may see them. */
export async function searchableAdvisories(
  reader: Reader,
  wish: SourceWish,
): Promise<readonly SourceDocument[]> {
  const rows = await reader.rows(sql<AdvisoryRow>`
    select * from distribute.advisory where ${idsIn(wish)}`);
  return rows.map(({ id, published_at: at, osv }) => {
    const texts = (place: FoundIn, list: readonly (string | undefined)[]) =>
      list.map((text) => ({ place, level: levels.summary, text: text ?? '' }));
    return {
      kind: 'advisory',
      id,
      subject: id,
      at,
      texts: [
        ...texts('identifier', [id, ...(osv.aliases ?? [])]),
        ...texts('title', [osv.summary]),
        ...texts(
          'package',
          (osv.affected ?? []).map((affected) => affected.package?.name),
        ),
        ...texts('text', [osv.details]),
      ],
    };
  });
}

/** Inventories, to be found by their operator: whoever may only count them has not the level. */
export async function searchableInventories(
  reader: Reader,
  wish: SourceWish,
): Promise<readonly SourceDocument[]> {
  const rows = await reader.rows(sql<InventoryRow>`
    select * from distribute.inventory where ${idsIn(wish)}`);
  return rows.map((row) => ({
    kind: 'inventory',
    id: row.id,
    subject: row.id,
    at: row.uploaded_at,
    texts: [{ place: 'title', level: levels.detail, content: row.name_content }],
  }));
}

/** Notices, to be found by whoever may read their card. */
export async function searchableNotices(
  reader: Reader,
  wish: SourceWish,
): Promise<readonly SourceDocument[]> {
  const rows = await reader.rows(sql<NoticeRow>`
    select * from distribute.notice where ${idsIn(wish)}`);
  return rows.map((row) => ({
    kind: 'notice',
    id: row.id,
    subject: row.id,
    at: row.created_at,
    texts: [
      { place: 'package', level: levels.detail, text: row.component },
      { place: 'version', level: levels.detail, text: row.version },
      { place: 'identifier', level: levels.detail, text: row.advisory },
    ],
  }));
}

function idsIn(wish: SourceWish) {
  return 'after' in wish
    ? sql`id > ${wish.after} order by id limit ${wish.limit}`
    : sql`id = any(${[...wish.about]}::text[])`;
}

export interface FoundRows {
  readonly advisories: readonly Pick<AdvisoryRow, 'id' | 'osv'>[];
  readonly inventories: readonly Pick<InventoryRow, 'id' | 'name_content'>[];
  readonly notices: readonly Pick<NoticeRow, 'id' | 'advisory' | 'component' | 'version'>[];
}

/** What found things of these `ids` are shown as, for those that `actor` may see. */
export async function foundByIds(
  reader: Reader,
  ids: readonly string[],
  actor: Actor,
): Promise<FoundRows> {
  const among = sql`id = any(${[...ids]}::text[]) and ${seenBy(actor, sql`id`)}`;
  return {
    advisories: await reader.rows(sql<AdvisoryRow>`
      select * from distribute.advisory where ${among}`),
    inventories: await reader.rows(sql<InventoryRow>`
      select * from distribute.inventory where ${among}`),
    notices: await reader.rows(sql<NoticeRow>`select * from distribute.notice where ${among}`),
  };
}
