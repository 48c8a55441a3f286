import { Card, distribute, type Notice } from '@breakwater/contract';
import { type Id, ok, refuse, utf8 } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../page.ts';
import { levels } from '../../../platform/commands/audience.ts';
import type { Actor } from '../../../platform/commands/commands.ts';
import { stale } from '../../../platform/commands/revision.ts';
import { type Call, fileRoute, notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { advisorySummary, advisoryView } from './advisories.ts';
import { changeInventory, type RemovalNeeds, removeInventory } from './change-inventory.ts';
import { documentsOf } from './current.ts';
import { alreadyReceipted } from './helper/decide.ts';
import { helperRoutes } from './helper/routes.ts';
import { addInventory, inventoryPage, previewInventory } from './inventory.ts';
import type { Exposure } from './jobs.ts';
import { osvText, type PublishNeeds, previewPublication, publish } from './publish.ts';
import { revise } from './revise.ts';
import {
  countInventories,
  findAdvisory,
  findNotice,
  inventoryNames,
  listAdvisories,
  listNotices,
  type NoticeRow,
  noticesOf,
  setReceipt,
} from './store.ts';
import { versionsOf } from './versions/store.ts';

/** The operations of this slice. */
export function distributeRoutes(
  services: Services,
  needs: PublishNeeds & RemovalNeeds,
  exposure: Exposure,
): readonly Route[] {
  const { database } = services;
  return [
    route(distribute.publish, (call) => publish(services, needs, call)),
    route(distribute.revise, (call) => revise(services, needs, call)),
    route(distribute.preview, (call) => previewPublication(services, { needs, exposure }, call)),
    ...helperRoutes(services),
    route(distribute.listAdvisories, async ({ query }) => {
      const { after, limit, ...filter } = query;
      const page = { after: parseCursor(after), limit, filter };
      // As the public: what is published is the same to everybody.
      const rows = await database.read((r) => listAdvisories(r, null, page));
      return ok(pageFrom(rows, limit, rows.map(advisorySummary)));
    }),
    route(distribute.getAdvisory, async ({ params }) => {
      const row = await database.read((r) => findAdvisory(r, params.advisory, null));
      return row === null ? notFound('an advisory') : ok(advisoryView(row));
    }),
    fileRoute(distribute.advisory, async ({ params, query }) => {
      const versions = await database.read((r) => versionsOf(r, params.advisory));
      const upTo = versions.slice(0, query.version);
      const last = upTo.at(-1);
      if (last === undefined || upTo.length < (query.version ?? 1)) return notFound('an advisory');
      const { format } = query;
      const text = format === 'osv' ? osvText(last.osv) : documentsOf(services, upTo)[format];
      if (text === null) return notFound('an advisory in this format');
      const fileName = `${params.advisory}${format === 'osv' ? '' : `.${format}`}.json`;
      return ok({ bytes: utf8(text), fileName, modifiedAt: last.publishedAt });
    }),
    route(distribute.addInventory, (call) => addInventory(services, call)),
    route(distribute.previewInventory, ({ body }) => previewInventory(services, body)),
    route(distribute.listInventories, (call) => inventoryPage(services, call)),
    route(distribute.changeInventory, (call) => changeInventory(services, call)),
    route(distribute.removeInventory, (call) => removeInventory(services, needs, call)),
    route(distribute.listNotices, async ({ query, actor, now }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const rows = await database.read((r) => listNotices(r, { actor, now }, page));
      const items = await noticeViews(services, rows.slice(0, query.limit), actor);
      return ok(pageFrom(rows, query.limit, items));
    }),
    route(distribute.notice, async ({ params, actor, now }) => {
      const row = await database.read((r) => findNotice(r, params.notice, { actor, now }));
      const [view] = await noticeViews(services, row === null ? [] : [row], actor);
      return view === undefined ? notFound('a notice') : ok(view);
    }),
    route(distribute.receipt, (call) => receipt(services, call)),
    route(distribute.exposure, async ({ params, actor }) => {
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

async function receipt(services: Services, call: Call<typeof distribute.receipt>) {
  const { params, body, envelope, actor } = call;
  const note =
    body.note === undefined ? null : await services.content.putText(body.note, 'note.txt');
  const executed = await services.execute(envelope, async (tx, now) => {
    const row = await findNotice(tx, params.notice, { actor, now });
    if (row === null) return notFound('a notice');
    const changed = stale(body.ifRevision, row.revision);
    if (changed !== null) return refuse(changed);
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

/** Without those whose card was erased: there is nothing left to tell. */
async function noticeViews(
  services: Services,
  rows: readonly NoticeRow[],
  actor: Actor,
): Promise<Notice[]> {
  const named = [...new Set(rows.map((row) => row.inventory))];
  const inventories = await services.database.read((r) => inventoryNames(r, named));
  const views = await Promise.all(
    rows.map((row) => noticeView(services, row, { actor, name: inventories.get(row.inventory) })),
  );
  return views.filter((view) => view !== null);
}

async function noticeView(
  { content }: Services,
  row: NoticeRow,
  given: { readonly actor: Actor; readonly name: Id<'content'> | undefined },
): Promise<Notice | null> {
  const text = await content.getText(row.card_content);
  if (text === null) return null;
  const name = given.name === undefined ? null : await content.getText(given.name);
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
    asHelper: row.operator !== given.actor.id,
    revision: row.revision,
    card: Card.parse(JSON.parse(text)),
  };
}
