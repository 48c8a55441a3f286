import { type ApiKey, directory as contract, operations } from '@breakwater/contract';
import { type Id, type Instant, ok, type Refusal, type Result, refuse } from '@breakwater/kernel';
import { sql } from 'kysely';
import { pageFrom, parseCursor } from '../../page.ts';
import { notFound, type Route, responseOf, route } from '../../route.ts';
import type { Services } from '../../services.ts';
import { newId } from '../clock/clock.ts';
import { seesAllWork } from '../commands/audience.ts';
import type { Actor } from '../commands/commands.ts';
import type { ContentStore } from '../content/content.ts';
import type { Reader } from '../database/database.ts';
import { makeApiKey } from './directory.ts';
import { type Asker, erasedName, findMember, managing } from './members.ts';

const keysMax = 200;

interface KeyRow {
  readonly id: Id<'key'>;
  readonly party: Id<'party'>;
  readonly member: Id<'member'> | null;
  readonly label_content: Id<'content'>;
  readonly scope: string[] | null;
  readonly created_at: Instant;
  readonly expires_at: Instant | null;
  readonly revoked_at: Instant | null;
  readonly last_used_on: string | null;
}

/** API keys: for programs, and never more than the party itself may do. */
export function keyRoutes(services: Services): readonly Route[] {
  const { database, execute, content } = services;
  return [
    route(contract.addKey, async (call) => {
      const { params, body, envelope } = call;
      const known = new Set(operations.map((o) => o.id));
      const unknown = body.scope?.find((id) => !known.has(id));
      if (unknown !== undefined) return refuse(unknownOperation(unknown));
      const { key, hash } = makeApiKey();
      const label = await content.putText(body.label, 'label.txt');
      const executed = await execute(envelope, async (tx, now) => {
        const allowed = await mayHoldKeysOf(tx, params.party, call);
        if (!allowed.ok) return allowed;
        const problem = await keyProblem(tx, params.party, body.member);
        if (problem !== null) return problem;
        const id = newId('key');
        const expiresAt = body.expiresAt ?? null;
        await tx.run(sql`
          insert into directory.api_key
            (id, party, member, label_content, hash, scope, created_at, expires_at)
          values (${id}, ${params.party}, ${body.member ?? null}, ${label.id},
                  ${Buffer.from(hash)}, ${body.scope ?? null}, ${now}, ${expiresAt})`);
        const data = { key: id, party: params.party, member: body.member ?? null, expiresAt };
        return ok({
          events: [{ act: 'directory.key-added', subject: params.party, data }],
          contents: [{ ref: label, subject: params.party, level: 1 }],
          response: { id, expiresAt },
        });
      });
      if (!executed.ok) return executed;
      if (executed.value.replayed) return refuse(shownBefore);
      return ok({ ...executed.value.response, key });
    }),
    route(contract.listKeys, async (call) => {
      const { query, actor } = call;
      const party = query.party ?? (actor.id.startsWith('party_') ? actor.id : null);
      if (party === null) return notFound('a party');
      const found = await database.read(async (r) => {
        const allowed = await mayHoldKeysOf(r, party, call);
        return allowed.ok
          ? ok(await keysOf(r, party, { ...query, limit: query.limit + 1 }))
          : allowed;
      });
      if (!found.ok) return found;
      const items = await Promise.all(found.value.map((row) => keyView(content, row)));
      return ok(pageFrom(found.value, query.limit, items));
    }),
    route(contract.revokeKey, async (call) => {
      const { params, envelope, actor } = call;
      const executed = await execute(envelope, async (tx, now) => {
        const row = await tx.row(
          sql<{ party: string }>`select party from directory.api_key where id = ${params.key}`,
        );
        // A coordinator who learns of a leaked key stops it, whosever it is.
        const others = actor.id === 'administrator' || seesAllWork(actor);
        if (row === null || (!others && row.party !== actor.id)) return notFound('a key');
        const allowed = others ? null : await managing(tx, call);
        if (allowed?.ok === false) return allowed;
        await tx.run(sql`
          update directory.api_key set revoked_at = ${now}
          where id = ${params.key} and revoked_at is null`);
        const data = { key: params.key };
        const event = { act: 'directory.key-revoked', subject: row.party, data };
        return ok({ events: [event], response: { id: params.key } });
      });
      return responseOf(executed);
    }),
  ];
}

/** The administrator for every party; a managing member for its own, others of which are not there. */
async function mayHoldKeysOf(
  reader: Reader,
  party: string,
  call: Asker & { readonly actor: Actor },
): Promise<Result<null>> {
  const row = await reader.row(sql<{ id: string }>`
    select id from directory.party where id = ${party} and left_at is null`);
  const { id } = call.actor;
  if (row === null || (id !== 'administrator' && id !== party)) return notFound('a party');
  const allowed = id === 'administrator' ? null : await managing(reader, call);
  return allowed?.ok === false ? allowed : ok(null);
}

async function keyProblem(
  reader: Reader,
  party: Id<'party'>,
  member: Id<'member'> | undefined,
): Promise<{ readonly ok: false; readonly refusal: Refusal } | null> {
  const service = member === undefined ? null : await findMember(reader, member);
  if (member !== undefined && (service?.kind !== 'service' || service.party !== party)) {
    return notFound('a service account of the party');
  }
  const row = await reader.row(sql<{ n: number }>`
    select count(*)::int as n from directory.api_key
    where party = ${party} and revoked_at is null`);
  return (row?.n ?? 0) < keysMax ? null : refuse(tooManyKeys);
}

async function keysOf(
  reader: Reader,
  party: string,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly KeyRow[]> {
  const after = parseCursor(page.after);
  const beyond =
    after === null
      ? sql``
      : sql`and (created_at, id) < (select c.created_at, c.id from directory.api_key c
              where c.id = ${after} and c.party = ${party})`;
  return await reader.rows(sql<KeyRow>`
    select id, party, member, label_content, scope, created_at, expires_at, revoked_at,
      last_used_on::text as last_used_on
    from directory.api_key where party = ${party} ${beyond}
    order by created_at desc, id desc limit ${page.limit}`);
}

async function keyView(content: ContentStore, row: KeyRow): Promise<ApiKey> {
  return {
    id: row.id,
    party: row.party,
    member: row.member,
    label: (await content.getText(row.label_content)) ?? erasedName,
    scope: row.scope,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedOn: row.last_used_on,
  };
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

const tooManyKeys = {
  code: 'too-many',
  expected: `at most ${keysMax} keys of one party`,
  got: 'as many already',
  todo: 'cut off the keys that are not used',
} as const;

const shownBefore = {
  code: 'idempotency-key-reused',
  expected: 'a new Idempotency-Key for a new API key',
  got: 'one whose API key was made and shown before',
  todo: 'a key is shown once: cut that one off and make another',
} as const;
