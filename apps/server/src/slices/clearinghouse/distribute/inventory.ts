import type { Body, distribute, InventoryPreview, Output } from '@breakwater/contract';
import {
  compileAdvisory,
  createExposureIndex,
  type Undecided,
  withBinaryPackages,
} from '@breakwater/exposure';
import { type Inventory, parseInventory } from '@breakwater/formats/inventory';
import { parseProductList } from '@breakwater/formats/product-list';
import { digestOf, fromBase64, type Json, ok, type Result, refuse, utf8 } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../page.ts';
import { newId } from '../../../platform/clock/clock.ts';
import { levels } from '../../../platform/commands/audience.ts';
import { stale } from '../../../platform/commands/revision.ts';
import { setAudience } from '../../../platform/commands/visibility.ts';
import { type Call, responseOf } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { placesOf } from './card.ts';
import { countUnreleased, withRelease } from './release.ts';
import {
  advisoriesForWork,
  insertInventory,
  inventoryNamed,
  listInventories,
  replaceInventory,
} from './store.ts';
import { sumOf } from './undecided.ts';
import { doubtsIn } from './undecided-store.ts';

/** As many lines as a person looks at; the counts beside them tell of the rest. */
const shownMax = 500;

type Sent = Body<typeof distribute.previewInventory>;

/** Reads what was sent: a file whose content tells its format, or a list typed by hand. */
export function readInventory(sent: Sent): Result<Inventory> {
  const bytes = fromBase64(sent.file) ?? new Uint8Array();
  const told = sent.distribution === undefined ? {} : { distribution: sent.distribution };
  const parsed =
    sent.as === 'product-list'
      ? parseProductList(bytes, sent.ecosystem)
      : parseInventory(bytes, told);
  if (!parsed.ok) return refuse({ ...parsed.refusal, code: 'inventory-unreadable' });
  return ok(withRelease(parsed.value, sent.debianRelease));
}

/** What is understood of a file, and what of it is affected by what is published. Keeps nothing. */
export async function previewInventory(
  services: Services,
  sent: Sent,
): Promise<Result<InventoryPreview>> {
  const read = readInventory(sent);
  if (!read.ok) return read;
  const { format, components, notes } = read.value;
  const index = createExposureIndex();
  index.put('sent', components);
  const advisories = await services.database.read((r) => advisoriesForWork(r, null));
  const undecided: Undecided[] = [];
  const affected = advisories.flatMap((row) => {
    const assessed = index.assess(compileAdvisory(withBinaryPackages(row.osv)));
    // one by one: a hostile list may leave more of them open than one call takes arguments
    for (const each of assessed.undecided) undecided.push(each);
    const { matches } = assessed;
    if (matches.length === 0) return [];
    return [{ advisory: row.id, summary: row.osv.summary ?? '', where: placesOf(matches) }];
  });
  const byEcosystem = Map.groupBy(components, (each) => each.ecosystem);
  return ok({
    format,
    components: components.length,
    ecosystems: [...byEcosystem].map(([ecosystem, list]) => ({
      ecosystem,
      components: list.length,
    })),
    understood: components.slice(0, shownMax).map((each) => ({
      ecosystem: each.ecosystem,
      name: each.name,
      version: each.version,
      installedAs: each.installedAs ?? null,
      path: each.path,
    })),
    notes: notes.length,
    notUnderstood: notes.slice(0, shownMax).map(({ path, code, text }) => ({ path, code, text })),
    affected,
    undecided: sumOf(undecided),
    releaseMissing: countUnreleased(components),
  });
}

type Added = Output<typeof distribute.addInventory>;

/** Keeps an inventory; one that its operator calls by the same name is replaced by it. */
export async function addInventory(
  services: Services,
  call: Call<typeof distribute.addInventory>,
): Promise<Result<Added>> {
  const { body, envelope, actor } = call;
  const { content } = services;
  const read = readInventory(body);
  if (!read.ok) return read;
  const { format, components, notes } = read.value;
  const name = await content.putText(body.name, 'name.txt');
  const file = await content.put(fromBase64(body.file) ?? new Uint8Array(), {
    name: 'inventory',
    mediaType: 'application/octet-stream',
  });
  const list = await content.put(utf8(JSON.stringify(components)), {
    name: 'components.json',
    mediaType: 'application/json',
  });
  const nameKey = nameKeyOf(content, actor.id, body.name);
  const executed = await services.execute<Json & Added>(envelope, async (tx, now) => {
    const before = await inventoryNamed(tx, nameKey);
    const changed = stale(body.ifRevision, before?.revision ?? 0);
    if (changed !== null) return refuse(changed);
    const id = before?.id ?? newId('inventory');
    const kept = {
      format,
      components: components.length,
      not_understood: notes.length,
      file_content: file.id,
      components_content: list.id,
      uploaded_at: now,
      release: body.debianRelease ?? null,
      release_missing: countUnreleased(components),
    };
    if (before === null) {
      const named = { id, operator: actor.id, name_content: name.id, name_key: nameKey };
      await insertInventory(tx, { ...named, ...kept });
      await setAudience(tx, id, [{ principal: actor.id, level: levels.all }]);
    } else await replaceInventory(tx, id, kept);
    const act = before === null ? 'distribute.inventory-added' : 'distribute.inventory-replaced';
    const data = { inventory: id, format, components: components.length };
    const contents = before === null ? [name, file, list] : [file, list];
    return ok({
      events: [{ act, subject: id, data }],
      contents: contents.map((ref) => ({ ref, subject: id, level: levels.detail })),
      response: { ...data, revision: (before?.revision ?? 0) + 1 },
    });
  });
  return responseOf(executed);
}

/** What an operator calls a list, so that it is found again and nobody can read it off. */
export function nameKeyOf(
  content: Services['content'],
  operator: string,
  name: string,
): Uint8Array {
  return content.blind(`inventory\n${operator}\n${name.normalize('NFC').toLowerCase()}`);
}

/** An operator's own inventories, with what of them could not be judged. */
export async function inventoryPage(
  { database, content }: Services,
  { query, actor }: Call<typeof distribute.listInventories>,
): Promise<Result<Output<typeof distribute.listInventories>>> {
  const { limit, unjudged } = query;
  const page = { after: parseCursor(query.after), limit, unjudged: unjudged === 'true' };
  const { rows, doubts } = await database.read(async (reader) => {
    const found = await listInventories(reader, actor, page);
    const open = await doubtsIn(
      reader,
      found.map((row) => row.id),
    );
    return { rows: found, doubts: Map.groupBy(open, (each) => each.inventory) };
  });
  const items = [];
  // One after the other: each may be a large file that is read once for its digest.
  for (const row of rows) {
    items.push({
      id: row.id,
      name: (await content.getText(row.name_content)) ?? '(erased)',
      format: row.format,
      components: row.components,
      sha256: (await content.digest(row.file_content)) ?? digestOf(new Uint8Array()),
      uploadedAt: row.uploaded_at,
      notUnderstood: row.not_understood,
      debianRelease: row.release,
      releaseMissing: row.release_missing ?? 0,
      compared: row.judged_revision === row.revision,
      undecided: (doubts.get(row.id) ?? []).map(({ doubt, components, advisories }) => ({
        doubt,
        components,
        advisories,
      })),
      revision: row.revision,
    });
  }
  return ok(pageFrom(rows, limit, items));
}
