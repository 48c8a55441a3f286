import { randomBytes } from 'node:crypto';
import { Card, distribute, type Embargo, type Notice } from '@breakwater/contract';
import { parseInventory } from '@breakwater/formats/inventory';
import {
  digestOf,
  fromBase64,
  type Id,
  type Instant,
  type Json,
  ok,
  type Result,
  refuse,
  utf8,
} from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../page.ts';
import { newId } from '../../../platform/clock/clock.ts';
import { everyone, levels } from '../../../platform/commands/audience.ts';
import { levelOf, setAudience } from '../../../platform/commands/visibility.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { type Call, fileRoute, notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { decidePublish, type PatchState } from './decide.ts';
import {
  countInventories,
  findAdvisory,
  findInventory,
  findNotice,
  insertAdvisory,
  insertInventory,
  listAdvisories,
  listInventories,
  listNotices,
  type NoticeRow,
  noticesOf,
  setReceipt,
} from './store.ts';

/** What the routes ask of other slices; bound in slices/index.ts. */
export interface DistributeNeeds {
  room(
    reader: Reader,
    caseId: string,
  ): Promise<{ mergedInto: string | null; embargo: Embargo; advisory: string | null } | null>;
  patchState(reader: Reader, patch: string, caseId: string): Promise<PatchState | null>;
  finders(reader: Reader, caseId: string): Promise<readonly string[]>;
}

/** The operations of this slice. */
export function distributeRoutes(services: Services, needs: DistributeNeeds): readonly Route[] {
  const { database, content } = services;
  return [
    route(distribute.publish, (call) => publish(services, needs, call)),
    route(distribute.listAdvisories, async ({ query, actor, anonymous }) => {
      const after = parseCursor(query.after);
      const reader = anonymous ? null : actor;
      const rows = await database.read((r) =>
        listAdvisories(r, reader, { after, limit: query.limit }),
      );
      const items = rows.map((row) => ({
        id: row.id,
        summary: row.osv.summary ?? '',
        publishedAt: row.published_at,
        aliases: [...(row.osv.aliases ?? [])],
      }));
      return ok(pageFrom(rows, query.limit, items));
    }),
    fileRoute(distribute.advisory, async ({ params, actor, anonymous }) => {
      const row = await database.read((r) =>
        findAdvisory(r, params.advisory, anonymous ? null : actor),
      );
      if (row === null) return notFound('an advisory');
      return ok({
        bytes: utf8(`${JSON.stringify(row.osv, null, 2)}\n`),
        fileName: `${row.id}.json`,
      });
    }),
    route(distribute.addInventory, (call) => addInventory(services, call)),
    route(distribute.listInventories, async ({ query, actor }) => {
      const after = parseCursor(query.after);
      const rows = await database.read((r) =>
        listInventories(r, actor, { after, limit: query.limit }),
      );
      const items = await Promise.all(
        rows.map(async (row) => ({
          id: row.id,
          name: (await content.getText(row.name_content)) ?? '(erased)',
          format: row.format,
          components: row.components,
          sha256: digestOf((await content.get(row.file_content)) ?? new Uint8Array()),
          uploadedAt: row.uploaded_at,
          notes: [],
        })),
      );
      return ok(pageFrom(rows, query.limit, items));
    }),
    route(distribute.listNotices, async ({ query, actor }) => {
      const after = parseCursor(query.after);
      const rows = await database.read((r) => listNotices(r, actor, { after, limit: query.limit }));
      const views = await Promise.all(
        rows.slice(0, query.limit).map((row) => noticeView(services, row)),
      );
      const items = views.filter((view) => view !== null);
      return ok(pageFrom(rows, query.limit, items));
    }),
    route(distribute.notice, async ({ params, actor }) => {
      const row = await database.read((r) => findNotice(r, params.notice, actor));
      const view = row === null ? null : await noticeView(services, row);
      return view === null ? notFound('a notice') : ok(view);
    }),
    route(distribute.receipt, (call) => receipt(services, call)),
    route(distribute.exposure, async ({ params, actor }) => {
      const level = await database.read((r) => levelOf(r, params.case, actor));
      if (level < levels.all) return notFound('a case');
      const rows = await database.read((r) => noticesOf(r, params.case, actor));
      const items = await Promise.all(
        rows.map(async (n) => ({
          notice: n.id,
          operator: await services.directory.refOf(n.operator),
          status: n.status,
          component: n.component,
          version: n.version,
          dueAt: n.due_at,
        })),
      );
      const having = (status: string) => rows.filter((n) => n.status === status).length;
      const inventories = await database.read(countInventories);
      return ok({
        inventories,
        affected: rows.length,
        done: having('done'),
        helper: having('helper'),
        items,
      });
    }),
  ];
}

async function publish(
  services: Services,
  needs: DistributeNeeds,
  call: Call<typeof distribute.publish>,
): Promise<Result<{ advisory: string }>> {
  const { params, body, envelope, actor } = call;
  const names = await finderNames(services, needs, params.case);
  const executed = await services.execute(envelope, async (tx, now) => {
    const room = await needs.room(tx, params.case);
    if (room === null || (await levelOf(tx, params.case, actor)) === 0) return notFound('a case');
    const patch =
      body.patch === undefined ? null : await needs.patchState(tx, body.patch, params.case);
    const id = advisoryId(now);
    const known = patch ?? (body.patch === undefined ? null : noSuchPatch);
    const decided = decidePublish(room, body, { id, now, patch: known, finders: names });
    if (!decided.ok) return decided;
    const osv = decided.value;
    await insertAdvisory(tx, {
      id,
      case_id: params.case,
      published_at: now,
      osv,
      patch: body.patch ?? null,
    });
    await setAudience(tx, id, [{ principal: everyone, level: levels.detail }]);
    const open = [body.patch, patch?.attestation].filter((s) => s !== undefined && s !== null);
    for (const subject of open)
      await setAudience(tx, subject, [{ principal: everyone, level: levels.detail }]);
    const data = {
      advisory: id,
      osv: digestOf(utf8(JSON.stringify(osv))),
      patch: body.patch ?? null,
    };
    return ok({
      events: [{ act: 'distribute.published', subject: params.case, data }],
      response: { advisory: id },
    });
  });
  return responseOf(executed);
}

const noSuchPatch: PatchState = { inCase: false, verified: false, sha256: '', attestation: null };

async function finderNames(
  services: Services,
  needs: DistributeNeeds,
  caseId: string,
): Promise<string[]> {
  const parties = await services.database.read((r) => needs.finders(r, caseId));
  return await Promise.all(parties.map((party) => services.directory.nameOf(party)));
}

/** `x_` because the prefix is not one of the databases registered with the OSV schema. */
function advisoryId(now: Instant): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const letters = Array.from(randomBytes(8), (byte) => alphabet[byte & 31]).join('');
  return `x_BW-${now.slice(0, 4)}-${letters}`;
}

async function addInventory(services: Services, call: Call<typeof distribute.addInventory>) {
  const { body, envelope, actor } = call;
  const { content, execute } = services;
  const bytes = fromBase64(body.file) ?? new Uint8Array();
  const dpkg = {
    distribution: 'Debian' as const,
    ...(body.debianRelease === undefined ? {} : { release: body.debianRelease }),
  };
  const parsed = parseInventory(bytes, { dpkg });
  if (!parsed.ok) return refuse({ ...parsed.refusal, code: 'inventory-unreadable' });
  const { format, components } = parsed.value;
  const name = await content.putText(body.name, 'name.txt');
  const file = await content.put(bytes, {
    name: 'inventory',
    mediaType: 'application/octet-stream',
  });
  const list = await content.put(utf8(JSON.stringify(components)), {
    name: 'components.json',
    mediaType: 'application/json',
  });
  const executed = await execute<
    Json & { inventory: Id<'inventory'>; format: string; components: number }
  >(envelope, async (tx, now) => {
    const id = newId('inventory');
    await insertInventory(tx, {
      id,
      operator: actor.id,
      name_content: name.id,
      format,
      components: components.length,
      file_content: file.id,
      components_content: list.id,
      uploaded_at: now,
    });
    await setAudience(tx, id, [{ principal: actor.id, level: levels.all }]);
    const data = { inventory: id, format, components: components.length };
    return ok({
      events: [{ act: 'distribute.inventory-added', subject: id, data }],
      contents: [name, file, list].map((ref) => ({ ref, subject: id, level: levels.detail })),
      response: { inventory: id, format, components: components.length },
    });
  });
  return responseOf(executed);
}

async function receipt(services: Services, call: Call<typeof distribute.receipt>) {
  const { params, body, envelope, actor } = call;
  const note =
    body.note === undefined ? null : await services.content.putText(body.note, 'note.txt');
  const executed = await services.execute(envelope, async (tx, now) => {
    const row = await findNotice(tx, params.notice, actor);
    if (row === null) return notFound('a notice');
    const kept = await setReceipt(tx, row.id, {
      at: now,
      outcome: body.outcome,
      note: note?.id ?? null,
    });
    if (kept === 0) return refuse(alreadyReceipted);
    const event = {
      act: 'distribute.receipted',
      subject: row.id,
      data: { notice: row.id, outcome: body.outcome },
    };
    const contents = note === null ? [] : [{ ref: note, subject: row.id, level: levels.detail }];
    return ok({ events: [event], contents, response: { notice: row.id, status: body.outcome } });
  });
  return responseOf(executed);
}

/** null where the card was erased: there is nothing left to tell. */
async function noticeView(services: Services, row: NoticeRow): Promise<Notice | null> {
  const { content, database } = services;
  const text = await content.getText(row.card_content);
  if (text === null) return null;
  const inventory = await database.read((r) => findInventory(r, row.inventory));
  const name = inventory === null ? null : await content.getText(inventory.name_content);
  return {
    id: row.id,
    advisory: row.advisory,
    inventory: { id: row.inventory, name: name ?? '(erased)' },
    createdAt: row.created_at,
    status: row.status,
    receipt:
      row.receipt_at === null || row.receipt_outcome === null
        ? null
        : {
            at: row.receipt_at,
            outcome: row.receipt_outcome,
            note:
              row.receipt_note_content === null
                ? null
                : await content.getText(row.receipt_note_content),
          },
    card: Card.parse(JSON.parse(text)),
  };
}

const alreadyReceipted = {
  code: 'already-receipted',
  expected: 'a notice that is open or with a helper',
  got: 'one that was reported on for good',
  todo: 'nothing',
} as const;
