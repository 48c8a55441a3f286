import { authorizations as contract, type Output } from '@breakwater/contract';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { newId } from '../../../../platform/clock/clock.ts';
import { coordinators, levels } from '../../../../platform/commands/audience.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import { stale } from '../../../../platform/commands/revision.ts';
import { setAudience } from '../../../../platform/commands/visibility.ts';
import type { Transaction } from '../../../../platform/database/database.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { leaveFor } from './leave.ts';
import { readScope, targetOf } from './read-scope.ts';
import {
  type AuthorizationRow,
  countAuthorizations,
  findAuthorization,
  insertAuthorization,
  listAuthorizations,
  replaceAuthorization,
  revokeRow,
} from './store.ts';
import { authorizationViews } from './views.ts';

/** Everybody who asks for leave near them waits until each of them has been read. */
const authorizationsMax = 200;

/** Owners' written scopes, and what they come to for whoever asks. */
export function scopeRoutes(services: Services): readonly Route[] {
  return [
    route(contract.authorize, (call) => authorize(services, call)),
    route(contract.reviseAuthorization, (call) => revise(services, call)),
    route(contract.revokeAuthorization, (call) => revoke(services, call)),
    route(contract.authorizations, (call) => list(services, call)),
    route(contract.authorization, ({ params, actor }) =>
      viewOf(services, params.authorization, actor),
    ),
    route(contract.may, (call) => may(services, call)),
  ];
}

async function authorize(
  services: Services,
  { actor, body, envelope }: Call<typeof contract.authorize>,
): Promise<Result<Output<typeof contract.authorize>>> {
  const scope = readScope(body);
  if (!scope.ok) return scope;
  const contact = await services.content.putText(body.contact, 'contact.txt');
  const executed = await services.execute(envelope, async (tx, now) => {
    if ((await countAuthorizations(tx, actor.id)) >= authorizationsMax) return refuse(tooMany);
    const id = newId('authorization');
    const row = {
      id,
      owner: actor.id as AuthorizationRow['owner'], // the roles that may call are those of parties
      ...scope.value.row,
      contact_content: contact.id,
      revision: 1,
      created_at: now,
    };
    await insertAuthorization(tx, row, scope.value.places);
    await tellNamed(tx, row);
    return ok({
      events: [written('deconflict.authorized', row)],
      contents: [{ ref: contact, subject: id, level: levels.summary }],
      response: { authorization: id },
    });
  });
  if (!executed.ok) return executed;
  return await viewOf(services, executed.value.response.authorization, actor);
}

async function revise(
  services: Services,
  { actor, body, envelope, params }: Call<typeof contract.reviseAuthorization>,
): Promise<Result<Output<typeof contract.reviseAuthorization>>> {
  const scope = readScope(body);
  if (!scope.ok) return scope;
  const contact =
    body.contact === undefined ? null : await services.content.putText(body.contact, 'contact.txt');
  const executed = await services.execute(envelope, async (tx) => {
    const before = await findAuthorization(tx, params.authorization, actor);
    if (before === null || before.owner !== actor.id) return notFound('an authorization');
    if (before.revoked_at !== null) return refuse(revoked);
    const changed = stale(body.ifRevision, before.revision);
    if (changed !== null) return refuse(changed);
    const row = {
      id: before.id,
      ...scope.value.row,
      contact_content: contact?.id ?? before.contact_content,
      revision: before.revision + 1,
    };
    await replaceAuthorization(tx, row, scope.value.places);
    await tellNamed(tx, { ...row, owner: before.owner });
    return ok({
      events: [written('deconflict.authorization-revised', row)],
      contents: contact === null ? [] : [{ ref: contact, subject: row.id, level: levels.summary }],
      response: { authorization: row.id },
    });
  });
  return executed.ok ? await viewOf(services, params.authorization, actor) : executed;
}

async function revoke(
  services: Services,
  { actor, envelope, params }: Call<typeof contract.revokeAuthorization>,
): Promise<Result<Output<typeof contract.revokeAuthorization>>> {
  const executed = await services.execute(envelope, async (tx, now) => {
    const row = await findAuthorization(tx, params.authorization, actor);
    if (row === null || row.owner !== actor.id) return notFound('an authorization');
    if (row.revoked_at !== null) return refuse(revoked);
    await revokeRow(tx, row.id, now);
    await setAudience(tx, row.id, ownersOf(row.owner));
    const data = { authorization: row.id };
    return ok({
      events: [{ act: 'deconflict.authorization-revoked', subject: row.id, data }],
      response: { authorization: row.id },
    });
  });
  return responseOf(executed);
}

async function list(
  services: Services,
  { actor, query }: Call<typeof contract.authorizations>,
): Promise<Result<Output<typeof contract.authorizations>>> {
  const target = query.target === undefined ? null : targetOf(query.target, '/target');
  if (target !== null && !target.ok) return target;
  const rows = await services.database.read((r) =>
    listAuthorizations(r, actor, {
      which: query.which,
      lineage: target?.value.lineage ?? null,
      after: parseCursor(query.after),
      limit: query.limit,
    }),
  );
  return ok(pageFrom(rows, query.limit, await authorizationViews(services, rows, actor)));
}

/** DCF-33, asked by whoever is about to do something. */
async function may(
  services: Services,
  { actor, query, now }: Call<typeof contract.may>,
): Promise<Result<Output<typeof contract.may>>> {
  const target = targetOf(query.target, '/target');
  if (!target.ok) return target;
  const at = query.at ?? now;
  const { leave, scope } = await services.database.read(async (r) => {
    const found = await leaveFor(r, {
      targets: [target.value.text],
      except: [],
      methods: [query.method],
      party: actor.id,
      role: actor.role,
      from: at,
      until: null,
    });
    const [by] = found.authorizations;
    const row = by === undefined ? null : await findAuthorization(r, by, actor);
    return { leave: found, scope: row };
  });
  const { allowed, reasons, pace, until, again, authorizations: by } = leave;
  const contact = scope?.contact_content ?? null;
  return ok({
    allowed,
    target: target.value.text,
    method: query.method,
    at,
    reasons: [...reasons],
    // Made by `newId` alone.
    authorization: (by[0] ?? null) as Output<typeof contract.may>['authorization'],
    pace,
    contact: contact === null ? null : await services.content.getText(contact),
    until,
    again,
  });
}

async function viewOf(
  services: Services,
  id: string,
  actor: Actor,
): Promise<Result<Output<typeof contract.authorization>>> {
  const row = await services.database.read((r) => findAuthorization(r, id, actor));
  const [view] = await authorizationViews(services, row === null ? [] : [row], actor);
  return view === undefined ? notFound('an authorization') : ok(view);
}

/** Those who are named see that there is a scope for them; who has a role finds it by the role. */
async function tellNamed(
  tx: Transaction,
  row: Pick<AuthorizationRow, 'id' | 'owner' | 'parties'>,
): Promise<void> {
  await setAudience(tx, row.id, [
    ...ownersOf(row.owner),
    ...row.parties.map((principal) => ({ principal, level: levels.summary })),
  ]);
}

function ownersOf(owner: string) {
  return [
    { principal: owner, level: levels.all },
    { principal: coordinators, level: levels.all },
  ];
}

function written(act: string, row: Omit<AuthorizationRow, 'owner' | 'created_at' | 'revoked_at'>) {
  return {
    act,
    subject: row.id,
    data: {
      authorization: row.id,
      revision: row.revision,
      targets: [...row.targets],
      except: [...row.except_targets],
      methods: [...row.methods],
      parties: [...row.parties],
      roles: [...row.roles],
      from: row.from_at,
      until: row.until_at,
      contact: row.contact_content,
    },
  };
}

const tooMany = {
  code: 'too-many-authorizations',
  expected: `at most ${authorizationsMax} standing scopes of one party`,
  got: 'one more',
  todo: 'revoke one, or name more targets in one scope',
} as const;
const revoked = {
  code: 'authorization-revoked',
  expected: 'a scope that stands',
  got: 'one that was taken back',
  todo: 'write a new one',
} as const;
