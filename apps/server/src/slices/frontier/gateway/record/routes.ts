import { gatewayRecord as contract } from '@breakwater/contract';
import { type Id, ok, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { fileRoute, notFound, type Route, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { type ProofNeeds, proofOf } from './proof.ts';
import { bodiesOf, findBody, findRequest, listRequests } from './store.ts';
import { requestView } from './views.ts';

/** What the record asks of other slices; bound in slices/frontier.ts. */
export type RecordNeeds = Pick<ProofNeeds, 'disclosureOf'>;

/** Requests as they were recorded. Each is there for its two sides, and for nobody else. */
export function recordRoutes(services: Services, needs: RecordNeeds): readonly Route[] {
  const { database, directory, content, logCadenceMs } = services;
  const find = (request: Id<'request'>, actor: string) =>
    database.read((r) => findRequest(r, request, actor));
  return [
    route(contract.requests, async ({ query, actor }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const of = { side: query.side, party: actor.id, key: query.gkey ?? null };
      const rows = await database.read((r) => listRequests(r, of, page));
      const ids = rows.map(({ id }) => id);
      const kept = await database.read((r) => bodiesOf(r, ids));
      const items = rows.slice(0, query.limit).map((row) => {
        const bodies = kept.flatMap(({ request, side }) => (request === row.id ? [side] : []));
        return requestView(directory, row, { actor: actor.id, bodies });
      });
      return ok(pageFrom(rows, query.limit, await Promise.all(items)));
    }),
    route(contract.request, async ({ params, actor }) => {
      const row = await find(params.request, actor.id);
      if (row === null) return notFound('a request');
      const kept = await database.read((r) => bodiesOf(r, [row.id]));
      const bodies = kept.map(({ side }) => side);
      return ok(await requestView(directory, row, { actor: actor.id, bodies }));
    }),
    route(contract.proof, async ({ params, actor }) => {
      const row = await find(params.request, actor.id);
      if (row === null) return notFound('a request');
      const isDeveloper = row.developer === actor.id;
      return await proofOf(database, row, { ...needs, logCadenceMs, isDeveloper });
    }),
    fileRoute(contract.body, async ({ params, actor }) => {
      const row = await find(params.request, actor.id);
      const body =
        row === null ? null : await database.read((r) => findBody(r, row.id, params.side));
      if (body === null) return notFound('a body');
      const bytes = await content.get(body.content);
      if (bytes === null) return refuse(erased);
      return ok({ bytes, fileName: `${params.side}.age` });
    }),
  ];
}

const erased = {
  code: 'erased',
  expected: 'a body that is there',
  got: 'one that was erased; its digest stays in the record',
  todo: 'nothing: it cannot be brought back',
} as const;
