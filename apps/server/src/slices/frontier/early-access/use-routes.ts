import { earlyAccess as contract, type Output } from '@breakwater/contract';
import { addMilliseconds, type Id, ok, type Result, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../page.ts';
import { newId } from '../../../platform/clock/clock.ts';
import { sealed } from '../../../platform/commands/audience.ts';
import type { Reader } from '../../../platform/database/database.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { askedGrant, type GrantAsked, personOf } from './access.ts';
import { onGrant } from './grant-routes.ts';
import { countExport, findGrant, markUsed } from './grant-store.ts';
import { entriesOf } from './keep.ts';
import { membersAmong } from './member-store.ts';
import { loadMembers } from './names.ts';
import type { RouteNeeds } from './needs.ts';
import { notActive, refusals } from './refusals.ts';
import {
  countLinked,
  findingsSeen,
  findUse,
  insertExport,
  insertUse,
  linkFinding,
  listExports,
  listUses,
  markUseEnded,
  noteAsked,
  noteUsed,
  type UseRow,
} from './use-store.ts';
import { exportView, missingIn, useView } from './views.ts';

/** Sessions of use and exports of one grant, and findings of one use, at most. */
const most = { uses: 5_000, exports: 5_000, findings: 5_000 } as const;

/** Counts of calls are written so often at most: no call waits for a commit of its own. */
const noteEveryMs = 5_000;

/** The operations on uses, and on what comes of them. */
export function useRoutes(services: Services, needs: RouteNeeds): readonly Route[] {
  const { database } = services;
  return [
    route(contract.beginUse, (call) => beginUse(services, needs, call)),
    route(contract.use, (call) => ask(services, needs, call)),
    route(contract.endUse, (call) => endUse(services, needs, call)),
    route(contract.uses, async ({ params, query, actor }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const { rows, findings, window } = await database.read(async (r) => {
        const found = await listUses(r, params.grant, page);
        const ids = found.map(({ id }) => id);
        const grant = await findGrant(r, params.grant);
        return {
          rows: found,
          findings: await findingsSeen(r, ids, actor),
          window: grant?.access_window,
        };
      });
      if (window === undefined) return notFound('a grant');
      const members = await loadMembers(
        services,
        rows.map(({ member }) => member),
      );
      const items = rows.map((row) =>
        useView(services, row, { window, members, findings: [...(findings.get(row.id) ?? [])] }),
      );
      return ok(pageFrom(rows, query.limit, await Promise.all(items)));
    }),
    route(contract.recordExport, (call) => recordExport(services, needs, call)),
    route(contract.exports, async ({ params, query }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const rows = await database.read((r) => listExports(r, params.grant, page));
      const members = await loadMembers(
        services,
        rows.map(({ member }) => member),
      );
      const items = rows.map((row) => exportView(services, row, members));
      return ok(pageFrom(rows, query.limit, await Promise.all(items)));
    }),
    route(contract.linkFinding, (call) => link(services, needs, call)),
  ];
}

type Begun = Output<typeof contract.beginUse>;

/** EAR-10: one purpose, stated first; by an active grant alone. */
async function beginUse(
  services: Services,
  needs: RouteNeeds,
  { body, params, member, envelope }: Call<typeof contract.beginUse>,
): Promise<Result<Begun>> {
  const purpose = await services.content.putText(body.purpose, 'purpose.txt');
  const executed = await services.execute<Begun>(envelope, async (tx, now) => {
    const by = personOf(member);
    const wish = { act: 'use', grant: params.grant } as const;
    const done = await onGrant(tx, needs, { wish, who: { by, now } });
    if (!done.ok) return done;
    const { made, row } = done.value;
    const holds = await standing(tx, needs, { grant: row.id, now });
    if (!holds.ok) return holds;
    if (row.uses >= most.uses) return refuse(refusals.tooManyUses);
    const id = newId('use');
    // Who the grant is of, or its service: decided.
    const acting = member ?? row.member;
    await insertUse(tx, {
      id,
      access_grant: row.id,
      member: acting,
      purpose_content: purpose.id,
      at: now,
    });
    await markUsed(tx, row.id, now);
    const { window } = holds.value;
    return ok({
      events: entriesOf(made.events, made.access.grants, { use: id, purpose: purpose.id }),
      contents: [{ ref: purpose, subject: row.id, level: sealed }],
      response: { use: id, until: window.ends },
    });
  });
  return responseOf(executed);
}

/**
 * EAR-10: asked before every call of the model, and while one goes on. A few indexed reads; counts are
 * written now and then, so that no call waits for a commit.
 */
async function ask(
  services: Services,
  needs: RouteNeeds,
  { body, params, member, now }: Call<typeof contract.use>,
): Promise<Result<Output<typeof contract.use>>> {
  const found = await services.database.read(async (r) => {
    const own = await ownUse(r, { use: params.use, member });
    if (!own.ok) return own;
    if (own.value.ended_at !== null) return refuse(refusals.useEnded);
    const holds = await standing(r, needs, { grant: own.value.access_grant, now });
    return holds.ok ? ok({ use: own.value, ends: holds.value.window.ends }) : holds;
  });
  if (!found.ok) return found;
  const { use, ends } = found.value;
  const isFirst = use.calls === 0 && body.calls > 0;
  if (isFirst || addMilliseconds(use.asked_at, noteEveryMs) <= now) {
    await services.database.write(async (tx) => {
      await noteAsked(tx, use.id, { calls: body.calls, at: now });
      await noteUsed(tx, use.access_grant, now);
    });
  }
  return ok({ until: ends, asOf: now });
}

type Ended = Output<typeof contract.endUse>;

async function endUse(
  services: Services,
  needs: RouteNeeds,
  { body, params, member, envelope }: Call<typeof contract.endUse>,
): Promise<Result<Ended>> {
  const executed = await services.execute<Ended>(envelope, async (tx, now) => {
    const own = await ownUse(tx, { use: params.use, member });
    if (!own.ok) return own;
    const { id, ended_at: endedAt, access_grant: grant } = own.value;
    if (endedAt !== null) return refuse(refusals.useEnded);
    await noteAsked(tx, id, { calls: body.calls, at: own.value.asked_at });
    await markUseEnded(tx, id, now);
    const asked = await askedGrant(tx, needs, grant);
    if (asked === null) throw new Error('expected the grant of a use');
    const data = { use: id, grant, calls: Math.max(body.calls, own.value.calls) };
    const event = { act: 'early-access.use-ended', subject: asked.window.id, data };
    return ok({ events: [event], response: { use: id } });
  });
  return responseOf(executed);
}

type Exported = Output<typeof contract.recordExport>;

/** EAR-12: what was taken out, by its digest; the thing itself stays where it is. */
async function recordExport(
  services: Services,
  needs: RouteNeeds,
  { body, params, member, envelope }: Call<typeof contract.recordExport>,
): Promise<Result<Exported>> {
  const { what, to, purpose, digest, bytes } = body;
  const texts = {
    what: await services.content.putText(what, 'what.txt'),
    to: await services.content.putText(to, 'to.txt'),
    purpose: await services.content.putText(purpose, 'purpose.txt'),
  };
  const executed = await services.execute<Exported>(envelope, async (tx, now) => {
    const own = await ownUse(tx, { use: params.use, member });
    if (!own.ok) return own;
    const use = own.value;
    const wish = { act: 'record-export', grant: use.access_grant } as const;
    const done = await onGrant(tx, needs, { wish, who: { by: personOf(member), now } });
    if (!done.ok) return done;
    const { made, row } = done.value;
    if (row.exports >= most.exports) return refuse(refusals.tooManyExports);
    const id = newId('export');
    await insertExport(tx, {
      id,
      access_use: use.id,
      access_grant: row.id,
      member: member ?? row.member,
      what_content: texts.what.id,
      digest,
      bytes,
      to_content: texts.to.id,
      purpose_content: texts.purpose.id,
      at: now,
    });
    await countExport(tx, row.id);
    const references = { what: texts.what.id, to: texts.to.id, purpose: texts.purpose.id };
    const data = { export: id, use: use.id, digest, bytes, ...references };
    return ok({
      events: entriesOf(made.events, made.access.grants, data),
      contents: Object.values(texts).map((ref) => ({ ref, subject: row.id, level: sealed })),
      response: { export: id },
    });
  });
  return responseOf(executed);
}

type Linked = Output<typeof contract.linkFinding>;

/**
 * EAR-13: said by whoever handed the finding in. The entry stands on the use, which nobody is shown:
 * a side that may not see the finding does not learn that there is one.
 */
async function link(
  services: Services,
  needs: RouteNeeds,
  { actor, body, params, member, envelope }: Call<typeof contract.linkFinding>,
): Promise<Result<Linked>> {
  const executed = await services.execute<Linked>(envelope, async (tx, now) => {
    const own = await ownUse(tx, { use: params.use, member });
    if (!own.ok) return own;
    const { id } = own.value;
    const { finding } = body;
    if (!(await needs.isOwnFinding(tx, finding, actor))) return refuse(refusals.noSuchFinding);
    if ((await countLinked(tx, id)) >= most.findings) return refuse(refusals.tooManyFindings);
    const isNew = (await linkFinding(tx, id, { finding, at: now })) > 0;
    const event = { act: 'early-access.finding-linked', subject: id, data: { use: id, finding } };
    return ok({ events: isNew ? [event] : [], response: { use: id } });
  });
  return responseOf(executed);
}

/** A use by whom it is of; to everybody else there is none. */
async function ownUse(
  reader: Reader,
  asked: { readonly use: string; readonly member: Id<'member'> | null },
): Promise<Result<UseRow>> {
  const use = await findUse(reader, asked.use);
  if (use === null || asked.member === null) return notFound('a use');
  if (use.member === asked.member) return ok(use);
  const grant = await findGrant(reader, use.access_grant);
  return grant?.person === asked.member ? ok(use) : notFound('a use');
}

/** The grant with its window, where it is active now. */
async function standing(
  reader: Reader,
  needs: RouteNeeds,
  { grant, now }: { readonly grant: string; readonly now: UseRow['at'] },
): Promise<Result<GrantAsked>> {
  const asked = await askedGrant(reader, needs, grant);
  if (asked === null) return notFound('a grant');
  const { engagement } = asked;
  const members = await membersAmong(reader, [asked.grant.member, asked.grant.person]);
  const missing = missingIn(asked, { engagement, members, now });
  return missing.length === 0 ? ok(asked) : refuse(notActive(missing));
}
