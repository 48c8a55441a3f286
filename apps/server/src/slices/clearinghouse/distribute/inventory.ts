import type { Body, distribute, InventoryPreview, Output } from '@breakwater/contract';
import { compileAdvisory, createExposureIndex, withBinaryPackages } from '@breakwater/exposure';
import { type Inventory, parseInventory } from '@breakwater/formats/inventory';
import { parseProductList } from '@breakwater/formats/product-list';
import { fromBase64, type Json, ok, type Result, refuse, utf8 } from '@breakwater/kernel';
import { newId } from '../../../platform/clock/clock.ts';
import { levels } from '../../../platform/commands/audience.ts';
import { stale } from '../../../platform/commands/revision.ts';
import { setAudience } from '../../../platform/commands/visibility.ts';
import { type Call, responseOf } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { placesOf } from './card.ts';
import { advisoriesForWork, insertInventory, inventoryNamed, replaceInventory } from './store.ts';

/** As many lines as a person looks at; the counts beside them tell of the rest. */
const shownMax = 500;

type Sent = Body<typeof distribute.previewInventory>;

/** Reads what was sent: a file whose content tells its format, or a list typed by hand. */
export function readInventory(sent: Sent): Result<Inventory> {
  const bytes = fromBase64(sent.file) ?? new Uint8Array();
  const dpkg = {
    distribution: 'Debian' as const,
    ...(sent.debianRelease === undefined ? {} : { release: sent.debianRelease }),
  };
  const parsed =
    sent.as === 'product-list'
      ? parseProductList(bytes, sent.ecosystem)
      : parseInventory(bytes, { dpkg });
  return parsed.ok ? parsed : refuse({ ...parsed.refusal, code: 'inventory-unreadable' });
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
  const affected = advisories.flatMap((row) => {
    const matches = index.affected(compileAdvisory(withBinaryPackages(row.osv)));
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
  const called = body.name.normalize('NFC').toLowerCase();
  const nameKey = content.blind(`inventory\n${actor.id}\n${called}`);
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
