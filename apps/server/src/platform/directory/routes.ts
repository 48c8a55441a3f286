import { directory as contract, operations, type Role } from '@breakwater/contract';
import { type Id, type Instant, ok, refuse } from '@breakwater/kernel';
import { sql } from 'kysely';
import { pageFrom, parseCursor } from '../../page.ts';
import { notFound, type Route, responseOf, route } from '../../route.ts';
import type { Services } from '../../services.ts';
import { newId } from '../clock/clock.ts';
import { makeApiKey } from './directory.ts';

interface PartyRow {
  readonly id: Id<'party'>;
  readonly role: Role;
  readonly name_content: Id<'content'>;
  readonly created_at: Instant;
}

/** Parties and their keys. */
export function directoryRoutes(services: Services): readonly Route[] {
  const { database, execute, content } = services;
  const view = async (row: PartyRow) => ({
    id: row.id,
    name: (await content.getText(row.name_content)) ?? '(erased)',
    role: row.role,
    createdAt: row.created_at,
  });
  return [
    route(contract.addParty, async ({ body, envelope }) => {
      const name = await content.putText(body.name, 'name.txt');
      const executed = await execute(envelope, async (tx, now) => {
        const id = newId('party');
        await tx.run(sql`
          insert into directory.party (id, role, name_content, created_at)
          values (${id}, ${body.role}, ${name.id}, ${now})`);
        const event = {
          act: 'directory.party-added',
          subject: id,
          data: { party: id, role: body.role },
        };
        return ok({
          events: [event],
          contents: [{ ref: name, subject: id, level: 1 }],
          response: { id },
        });
      });
      return responseOf(executed);
    }),
    route(contract.listParties, async ({ query }) => {
      const after = parseCursor(query.after);
      const beyond =
        after === null
          ? sql``
          : sql`where (created_at, id) < (select created_at, id from directory.party where id = ${after})`;
      const rows = await database.read((r) =>
        r.rows(
          sql<PartyRow>`select * from directory.party ${beyond} order by created_at desc, id desc limit ${query.limit + 1}`,
        ),
      );
      return ok(pageFrom(rows, query.limit, await Promise.all(rows.map(view))));
    }),
    route(contract.addKey, async ({ params, body, envelope }) => {
      const { key, hash } = makeApiKey();
      const label = await content.putText(body.label, 'label.txt');
      const known = new Set(operations.map((o) => o.id));
      const unknown = body.scope?.find((id) => !known.has(id));
      if (unknown !== undefined) return refuse(unknownOperation(unknown));
      const executed = await execute(envelope, async (tx, now) => {
        const party = await tx.row(
          sql<{ id: string }>`select id from directory.party where id = ${params.party}`,
        );
        if (party === null) return notFound('a party');
        const id = newId('key');
        await tx.run(sql`
          insert into directory.api_key (id, party, label_content, hash, scope, created_at, expires_at)
          values (${id}, ${params.party}, ${label.id}, ${Buffer.from(hash)}, ${body.scope ?? null}, ${now}, ${body.expiresAt ?? null})`);
        const data = { key: id, party: params.party, expiresAt: body.expiresAt ?? null };
        const contents = [{ ref: label, subject: params.party, level: 1 }];
        return ok({
          events: [{ act: 'directory.key-added', subject: params.party, data }],
          contents,
          response: { id, expiresAt: body.expiresAt ?? null },
        });
      });
      if (!executed.ok) return executed;
      if (executed.value.replayed) return refuse(shownBefore);
      return ok({ ...executed.value.response, key });
    }),
    route(contract.revokeKey, async ({ params, envelope }) => {
      const executed = await execute(envelope, async (tx, now) => {
        const row = await tx.row(
          sql<{ party: string }>`select party from directory.api_key where id = ${params.key}`,
        );
        if (row === null) return notFound('a key');
        await tx.run(
          sql`update directory.api_key set revoked_at = ${now} where id = ${params.key} and revoked_at is null`,
        );
        const event = {
          act: 'directory.key-revoked',
          subject: row.party,
          data: { key: params.key },
        };
        return ok({ events: [event], response: { id: params.key } });
      });
      return responseOf(executed);
    }),
    route(contract.whoAmI, async ({ actor }) => {
      const row = await database.read((r) =>
        r.row(sql<PartyRow>`select * from directory.party where id = ${actor.id}`),
      );
      if (row === null) return notFound('a party');
      const permissions = operations.filter((o) => o.callers.includes(row.role)).map((o) => o.id);
      return ok({ party: await view(row), permissions });
    }),
  ];
}

function unknownOperation(id: string) {
  return {
    code: 'input-malformed',
    expected: 'operation ids, such as collect.submit',
    got: JSON.stringify(id),
    todo: 'see /docs for the ids',
    pointer: '/scope',
  } as const;
}

const shownBefore = {
  code: 'idempotency-key-reused',
  expected: 'a new Idempotency-Key for a new API key',
  got: 'one whose API key was made and shown before',
  todo: 'a key is shown once: cut that one off and make another',
} as const;
