import type { Doubt } from '@breakwater/contract';
import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../platform/database/database.ts';

export interface UndecidedRow {
  readonly inventory: string;
  readonly advisory: string;
  /** Its place in the list. */
  readonly component: number;
  readonly doubt: Doubt;
  /** The list it stands in: what is said of an older one is not kept. */
  readonly content: string;
}

/** Keeps rows of lists that are still the newest, each once. */
export async function addUndecided(tx: Transaction, rows: readonly UndecidedRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = (of: (row: UndecidedRow) => unknown) => rows.map(of);
  await tx.run(sql`
    insert into distribute.undecided (inventory, advisory, component, doubt)
    select u.inventory, u.advisory, u.component, u.doubt
    from unnest(${columns((r) => r.inventory)}::text[], ${columns((r) => r.advisory)}::text[],
      ${columns((r) => r.component)}::int[], ${columns((r) => r.doubt)}::text[],
      ${columns((r) => r.content)}::text[]) as u (inventory, advisory, component, doubt, content)
    join distribute.inventory i on i.id = u.inventory and i.components_content = u.content
    on conflict do nothing`);
}

/** Forgets what was open in these inventories. */
export async function clearUndecided(tx: Transaction, inventories: readonly string[]) {
  await tx.run(sql`delete from distribute.undecided where inventory = any(${[...inventories]})`);
}

/** Notes that a list was compared with everything; 0 if it is not the newest any more. */
export async function setJudged(
  tx: Transaction,
  inventory: string,
  componentsContent: string,
): Promise<number> {
  return await tx.run(sql`
    update distribute.inventory set judged_revision = revision
    where id = ${inventory} and components_content = ${componentsContent}`);
}

/** Inventories that were never compared in this way. */
export async function neverJudged(reader: Reader): Promise<readonly string[]> {
  const rows = await reader.rows(sql<{ id: string }>`
    select id from distribute.inventory where judged_revision is null order by id`);
  return rows.map((row) => row.id);
}

export interface DoubtRow {
  readonly inventory: string;
  readonly doubt: Doubt;
  readonly components: number;
  readonly advisories: number;
}

/** What is open in each of `inventories`, as its page counts it. */
export async function doubtsIn(
  reader: Reader,
  inventories: readonly string[],
): Promise<readonly DoubtRow[]> {
  return await reader.rows(sql<DoubtRow>`
    select inventory, doubt, count(distinct component)::int as components,
      count(distinct advisory)::int as advisories
    from distribute.undecided where inventory = any(${[...inventories]})
    group by inventory, doubt order by inventory, components desc, doubt`);
}

/**
 * SQL that holds for the inventories of which not everything could be judged, or not yet; of one
 * whose every entry was left out, nothing could.
 */
export function unjudged() {
  return sql`(i.judged_revision is distinct from i.revision or i.release_missing > 0
    or (i.components = 0 and i.not_understood > 0)
    or exists (select 1 from distribute.undecided u where u.inventory = i.id))`;
}
