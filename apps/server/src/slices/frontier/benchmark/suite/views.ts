import { proveMembership } from '@breakwater/benchmark';
import { type Suite, type SuiteItem, suiteRights } from '@breakwater/contract';
import { bytesToHex } from '@breakwater/kernel';
import { z } from 'zod';
import type { Services } from '../../../../services.ts';
import { type Allowance, reachOf } from './rights.ts';
import { commitmentsOf, type ItemRow, inOrder, type SuiteRow } from './store.ts';

/** A suite as `party` sees it. */
export async function suiteView(
  { content, directory }: Pick<Services, 'content' | 'directory'>,
  row: SuiteRow,
  of: { readonly allowances: readonly Allowance[]; readonly party: string },
): Promise<Suite> {
  const whole = suiteRights.filter((may) => reachOf(of.allowances, of.party, may) === 'all');
  return {
    id: row.id,
    title: await content.getText(row.title_content),
    keeper: await directory.refOf(row.keeper),
    commitment: bytesToHex(new Uint8Array(row.commitment)),
    count: row.count,
    sealedAt: row.at,
    rights: inOrder(whole.length > 0 ? ['know', ...whole] : [], suiteRights),
  };
}

export function itemView(row: ItemRow): SuiteItem {
  return {
    id: row.id,
    suite: row.suite,
    place: row.place,
    commitment: bytesToHex(new Uint8Array(row.commitment)),
    cluster: row.cluster,
    humanTime: row.human_time,
    kept: row.body_content !== null,
    openedAt: row.opened_at,
  };
}

const KeptBody = z.object({ salt: z.string(), item: z.string() });

/** Everything by which a stranger can check an item; null where its body is not kept, or erased. */
export async function openingOf(services: Services, suite: SuiteRow, item: ItemRow) {
  if (item.body_content === null) return null;
  const text = await services.content.getText(item.body_content);
  if (text === null) return null;
  const { salt, item: body } = KeptBody.parse(JSON.parse(text));
  const items = await services.database.read((r) => commitmentsOf(r, suite.id));
  const root = bytesToHex(new Uint8Array(suite.commitment));
  const { path, place, count } = await proveMembership({ items, root }, item.place);
  const format = 'breakwater-opening/1' as const;
  return { format, salt, item: body, path, place, count, root };
}
