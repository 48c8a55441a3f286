import { organization as contract } from '@breakwater/contract';
import { ok, type Refusal, refuse } from '@breakwater/kernel';
import { sql } from 'kysely';
import { notFound, type Route, responseOf, route } from '../../route.ts';
import type { Services } from '../../services.ts';
import { newId } from '../clock/clock.ts';
import { isAllowed } from './safe-fetch.ts';
import { insertProvider, providers, removeProvider, settingsOf } from './store.ts';

/** What the administrator says about organizations whose people sign in at home. */
export function organizationRoutes(services: Services): readonly Route[] {
  const { database, execute, content } = services;
  const doors = (id: string) => {
    const start = `${services.site().url}/sign-in/organization/${id}`;
    return { start, callback: `${start}/callback` };
  };
  return [
    route(contract.addProvider, async ({ body, envelope }) => {
      const { party, joins, ...settings } = body;
      const issuer = new URL(settings.issuer);
      if (!isAllowed(issuer, services.localIssuers.includes(issuer.origin))) {
        return refuse(issuerNotAllowed(issuer.origin));
      }
      const kept = await content.putText(JSON.stringify(settings), 'provider.json');
      const executed = await execute(envelope, async (tx, now) => {
        const there = await tx.row(
          sql<{
            id: string;
          }>`select id from directory.party where id = ${party} and left_at is null`,
        );
        if (there === null) return notFound('a party');
        const id = newId('provider');
        await insertProvider(tx, { id, party, settings_content: kept.id, joins, created_at: now });
        const data = { provider: id, party, joins };
        return ok({
          events: [{ act: 'organization.provider-added', subject: party, data }],
          contents: [{ ref: kept, subject: party, level: 3 }],
          response: { id },
        });
      });
      if (!executed.ok) return executed;
      const { id } = executed.value.response;
      return ok({ id, ...doors(id) });
    }),
    route(contract.listProviders, async () => {
      const rows = await database.read(providers);
      const views = rows.map(async (row) => {
        const settings = await settingsOf(content, row);
        if (settings === null) return [];
        const { issuer, clientId, admits } = settings;
        const { id, party, joins, created_at: createdAt } = row;
        return [{ id, party, issuer, clientId, admits, joins, createdAt, ...doors(id) }];
      });
      return ok({ items: (await Promise.all(views)).flat() });
    }),
    route(contract.removeProvider, async ({ params, envelope }) => {
      const executed = await execute(envelope, async (tx, now) => {
        if (!(await removeProvider(tx, params.provider, now))) return notFound('a provider');
        const data = { provider: params.provider };
        return ok({
          events: [{ act: 'organization.provider-removed', subject: params.provider, data }],
          response: { id: params.provider },
        });
      });
      return responseOf(executed);
    }),
  ];
}

function issuerNotAllowed(origin: string): Refusal {
  return {
    code: 'issuer-not-allowed',
    expected: 'an issuer on the open net, over https',
    got: origin,
    todo: 'where it is your own and stands at a private address, name it in BREAKWATER_LOCAL_ISSUERS',
    pointer: '/issuer',
  };
}
