import type { distribute, Output } from '@breakwater/contract';
import type { Component, Inventory } from '@breakwater/formats/inventory';
import { type Id, ok, type Result, refuse, utf8 } from '@breakwater/kernel';
import { levels } from '../../../platform/commands/audience.ts';
import type { NewContent } from '../../../platform/commands/commands.ts';
import { stale } from '../../../platform/commands/revision.ts';
import { setAudience } from '../../../platform/commands/visibility.ts';
import type { ContentRef } from '../../../platform/content/content.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { forget } from '../../../platform/directory/forget.ts';
import { type Call, notFound, responseOf } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { nameKeyOf } from './inventory.ts';
import { countUnreleased, rereadAs } from './release.ts';
import {
  type InventoryRow,
  inventoryNamed,
  ownInventory,
  renameInventory,
  replaceInventory,
  takeOut,
} from './store.ts';

type Changed = Output<typeof distribute.changeInventory>;

/** Names an inventory otherwise, or reads it again as one of another release. */
export async function changeInventory(
  services: Services,
  call: Call<typeof distribute.changeInventory>,
): Promise<Result<Changed>> {
  const { params, body, envelope, actor } = call;
  const id = params.inventory;
  const seen = await services.database.read((r) => ownInventory(r, id, actor));
  if (seen === null) return notFound('an inventory');
  const reread = await rereadFor(services, seen, body.debianRelease);
  if (!reread.ok) return reread;
  const renamed = body.name === undefined ? null : await named(services, actor.id, body.name);
  const executed = await services.execute<Changed>(envelope, async (tx, now) => {
    const before = await ownInventory(tx, id, actor);
    if (before === null) return notFound('an inventory');
    // Read anew, it must be the list that stands: a newer one may have come in between.
    const expected = reread.value === null ? body.ifRevision : (body.ifRevision ?? seen.revision);
    const changed = stale(expected, before.revision);
    if (changed !== null) return refuse(changed);
    const contents: NewContent[] = [];
    const old: Id<'content'>[] = [];
    const level = levels.detail;
    if (renamed !== null) {
      const other = await inventoryNamed(tx, renamed.name_key);
      if (other !== null && other.id !== id) return refuse(nameTaken);
      await renameInventory(tx, id, { ...renamed, name_content: renamed.name.id });
      contents.push({ ref: renamed.name, subject: id, level });
      old.push(before.name_content);
    }
    if (reread.value !== null) {
      await replaceInventory(tx, id, { ...before, ...reread.value.row });
      contents.push({ ref: reread.value.list, subject: id, level });
      old.push(before.components_content);
    }
    const after = (await ownInventory(tx, id, actor)) ?? before;
    const data = { inventory: id, components: after.components };
    return ok({
      events:
        contents.length === 0 ? [] : [{ act: 'distribute.inventory-changed', subject: id, data }],
      contents,
      jobs: await forget(tx, old, now),
      response: { inventory: id, revision: after.revision },
    });
  });
  return responseOf(executed);
}

async function named({ content }: Services, operator: string, name: string) {
  return {
    name: await content.putText(name, 'name.txt'),
    name_key: nameKeyOf(content, operator, name),
  };
}

interface Reread {
  readonly list: ContentRef;
  readonly row: Pick<
    InventoryRow,
    'components' | 'not_understood' | 'components_content' | 'release' | 'release_missing'
  >;
}

/** The list as one of `release`; null where nothing was said of it. */
async function rereadFor(
  { content }: Services,
  row: InventoryRow,
  release: string | null | undefined,
): Promise<Result<Reread | null>> {
  if (release === undefined) return ok(null);
  const bytes = await content.get(row.file_content);
  const list = await content.getText(row.components_content);
  if (bytes === null || list === null) return refuse(erased);
  const components: Component[] = JSON.parse(list); // written by us, authenticated by the store
  const read = rereadAs({ format: row.format, bytes, components }, release ?? undefined);
  return read.ok ? ok(await kept(content, read.value, release)) : read;
}

async function kept(
  content: Services['content'],
  { components, notes }: Inventory,
  release: string | null,
): Promise<Reread> {
  const list = await content.put(utf8(JSON.stringify(components)), {
    name: 'components.json',
    mediaType: 'application/json',
  });
  return {
    list,
    row: {
      components: components.length,
      not_understood: notes.length,
      components_content: list.id,
      release,
      release_missing: countUnreleased(components),
    },
  };
}

/** What removing asks of other slices; bound in slices/index.ts. */
export interface RemovalNeeds {
  /** Every content item of these subjects. */
  contentsOf(reader: Reader, subjects: readonly string[]): Promise<readonly Id<'content'>[]>;
}

type Removed = Output<typeof distribute.removeInventory>;

/** Takes an inventory out with its cards, and erases everything that was said in and of them. */
export async function removeInventory(
  services: Services,
  needs: RemovalNeeds,
  call: Call<typeof distribute.removeInventory>,
): Promise<Result<Removed>> {
  const { params, body, envelope, actor } = call;
  const id = params.inventory;
  const executed = await services.execute<Removed>(envelope, async (tx, now) => {
    const before = await ownInventory(tx, id, actor);
    if (before === null) return notFound('an inventory');
    const changed = stale(body.ifRevision, before.revision);
    if (changed !== null) return refuse(changed);
    const notices = await takeOut(tx, { advisories: [], inventories: [id] });
    for (const subject of [id, ...notices]) await setAudience(tx, subject, []);
    const contents = await needs.contentsOf(tx, [id, ...notices]);
    const data = { inventory: id, notices: [...notices] };
    return ok({
      events: [{ act: 'distribute.inventory-removed', subject: id, data }],
      jobs: await forget(tx, contents, now),
      response: { inventory: id },
    });
  });
  return responseOf(executed);
}

const nameTaken = {
  code: 'name-taken',
  expected: 'a name that none of your other lists has',
  got: 'that of another',
  todo: 'choose another name, or remove the other list first',
  pointer: '/name',
} as const;
const erased = {
  code: 'inventory-erased',
  expected: 'a list whose content is here',
  got: 'one whose content was erased',
  todo: 'give the list again, with its release',
} as const;
