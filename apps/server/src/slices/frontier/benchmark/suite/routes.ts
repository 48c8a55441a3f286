import { suites as contract, suiteRights } from '@breakwater/contract';
import { hexToBytes, type Id, ok, type Result, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { newId, newIds } from '../../../../platform/clock/clock.ts';
import { partyOf, sealed } from '../../../../platform/commands/audience.ts';
import { notYetSigned } from '../../../../platform/journal/not-yet-signed.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { allow, disallow } from './allow.ts';
import { writeAudiences } from './audiences.ts';
import { decideSeal } from './decide.ts';
import { keepItem, openItem, seenItem } from './items.ts';
import { keeperAlone } from './keeper.ts';
import type { SuiteNeeds } from './needs.ts';
import { knownTo } from './rights.ts';
import {
  allowancesFor,
  allowancesOf,
  findSuite,
  type ItemRow,
  insertAllowance,
  insertSuite,
  listItems,
  listSuites,
} from './store.ts';
import { itemView, openingOf, suiteView } from './views.ts';

/** The operations by which suites are sealed, shared and opened. */
export function suiteRoutes(services: Services, needs: SuiteNeeds): readonly Route[] {
  const { database, directory } = services;
  return [
    route(contract.seal, (call) => seal(services, call)),
    route(contract.suites, async ({ query, actor }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const { rows, allowances } = await database.read(async (r) => {
        const found = await listSuites(r, actor, page);
        const of = await Promise.all(found.map(({ id }) => allowancesFor(r, id, actor.id)));
        return { rows: found, allowances: of };
      });
      const items = rows.map((row, i) =>
        suiteView(services, row, { allowances: allowances[i] ?? [], party: actor.id }),
      );
      return ok(pageFrom(rows, query.limit, await Promise.all(items)));
    }),
    route(contract.suite, async ({ params, actor }) => {
      const { row, allowances } = await database.read(async (r) => ({
        row: await findSuite(r, params.suite),
        allowances: await allowancesFor(r, params.suite, actor.id),
      }));
      if (row === null || allowances.length === 0) return notFound('a suite');
      return ok(await suiteView(services, row, { allowances, party: actor.id }));
    }),
    route(contract.sealProof, async ({ params }) => {
      const disclosed = await needs.disclosureOf(params.suite, 'benchmark.sealed');
      return disclosed === null ? refuse(notYetSigned(services.logCadenceMs)) : ok(disclosed);
    }),
    route(contract.allow, (call) => allow(services, needs, call)),
    route(contract.disallow, (call) => disallow(services, needs, call)),
    route(contract.allowed, async ({ params, actor }) => {
      const { suite, rows } = await database.read(async (r) => ({
        suite: await findSuite(r, params.suite),
        rows: await allowancesOf(r, params.suite),
      }));
      if (suite?.keeper !== actor.id) return refuse(keeperAlone);
      const items = rows.map(async (row) => ({
        party: await directory.refOf(row.party),
        right: row.may,
        item: row.item === '' ? null : (row.item as Id<'item'>), // written by allow()
        since: row.at,
      }));
      return ok({ items: await Promise.all(items) });
    }),
    route(contract.items, async ({ params, query, actor }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const rows = await database.read(async (r) => {
        const known = knownTo(await allowancesFor(r, params.suite, actor.id), actor.id);
        const ids = known === 'all' ? null : [...known];
        return await listItems(r, { suite: params.suite, ids }, page);
      });
      return ok(pageFrom(rows, query.limit, rows.map(itemView)));
    }),
    route(contract.item, async ({ params, actor }) => {
      const seen = await database.read((r) => seenItem(r, params.item, actor.id));
      if (seen === null) return notFound('an item');
      const { item, suite, mayOpen } = seen;
      const opening = mayOpen ? await openingOf(services, suite, item) : null;
      return ok({ ...itemView(item), opening });
    }),
    route(contract.keepItem, (call) => keepItem(services, call)),
    route(contract.openItem, (call) => openItem(services, call)),
  ];
}

async function seal(
  services: Services,
  { actor, body, envelope }: Call<typeof contract.seal>,
): Promise<Result<{ suite: Id<'suite'>; items: Id<'item'>[] }>> {
  const decided = decideSeal(
    body.commitment,
    body.items.map(({ commitment }) => commitment),
  );
  if (!decided.ok) return decided;
  const title = await services.content.putText(body.title, 'title.txt');
  const executed = await services.execute<{ suite: Id<'suite'>; items: Id<'item'>[] }>(
    envelope,
    async (tx, at) => {
      const id = newId('suite');
      const ids = newIds('item', body.items.length);
      const keeper = partyOf(actor);
      const commitment = hexToBytes(body.commitment);
      const items = body.items.flatMap((item, place): ItemRow[] => {
        const own = ids[place];
        if (own === undefined) return [];
        return [
          {
            id: own,
            suite: id,
            place,
            commitment: hexToBytes(item.commitment),
            cluster: item.cluster ?? null,
            human_time: item.humanTime ?? null,
            body_content: null,
            opened_at: null,
          },
        ];
      });
      const count = items.length;
      await insertSuite(tx, { id, keeper, title_content: title.id, commitment, count, at }, items);
      for (const may of suiteRights) {
        await insertAllowance(tx, id, { party: keeper, may, item: '', at });
      }
      await writeAudiences(tx, { id, keeper }, new Map());
      const data = { suite: id, commitment: body.commitment, count, title: title.id };
      return ok({
        events: [{ act: 'benchmark.sealed', subject: id, data }],
        contents: [{ ref: title, subject: id, level: sealed }],
        response: { suite: id, items: [...ids] },
      });
    },
  );
  return responseOf(executed);
}
