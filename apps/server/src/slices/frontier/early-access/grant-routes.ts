import { earlyAccess as contract, type Output, protections } from '@breakwater/contract';
import { type Id, ok, type Result, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../page.ts';
import { newId } from '../../../platform/clock/clock.ts';
import { partyOf, sealed } from '../../../platform/commands/audience.ts';
import type { NewContent } from '../../../platform/commands/commands.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../route.ts';
import type { Services } from '../../../services.ts';
import { askedGrant, decideOn, loadAccess, type Made, personOf, sideOf } from './access.ts';
import {
  findGrant,
  type GrantRow,
  grantsOf,
  grantsOfParty,
  insertGrant,
  markAttested,
} from './grant-store.ts';
import { entriesOf, keep, showGrant, showWindow } from './keep.ts';
import { membersAmong } from './member-store.ts';
import type { Command } from './model.ts';
import { loadMembers } from './names.ts';
import type { RouteNeeds } from './needs.ts';
import { refusals } from './refusals.ts';
import { findPlan, findWindow } from './store.ts';
import { callsOf } from './use-store.ts';
import { grantView, missingIn } from './views.ts';

/** The operations on grants. */
export function grantRoutes(services: Services, needs: RouteNeeds): readonly Route[] {
  const { database } = services;
  return [
    route(contract.addPerson, (call) => addPerson(services, needs, call)),
    route(contract.accessList, async ({ params, now }) => {
      const rows = await database.read((r) => grantsOf(r, [params.window]));
      return ok({ items: await viewsOf(services, needs, { rows, now }) });
    }),
    route(contract.grants, async ({ query, actor, now }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const rows = await database.read((r) => grantsOfParty(r, actor.id, page));
      const items = await viewsOf(services, needs, { rows: rows.slice(0, query.limit), now });
      return ok(pageFrom(rows, query.limit, items));
    }),
    route(contract.grant, async ({ params, now }) => {
      const row = await database.read((r) => findGrant(r, params.grant));
      const [view] = row === null ? [] : await viewsOf(services, needs, { rows: [row], now });
      return view === undefined ? notFound('a grant') : ok(view);
    }),
    route(contract.grantTerms, async ({ params }) => {
      const asked = await database.read((r) => askedGrant(r, needs, params.grant));
      if (asked === null) return notFound('a grant');
      const { engagement } = asked;
      const items = protections.map(async (protection) => {
        const terms = engagement.terms[protection];
        const found = terms === null ? null : await needs.termsText(engagement.id, terms);
        return { protection, terms, digest: found?.digest ?? null, text: found?.text ?? null };
      });
      return ok({ items: await Promise.all(items) });
    }),
    route(contract.accept, (call) => accept(services, needs, call)),
    route(contract.revoke, (call) => revoke(services, needs, call)),
    route(contract.attest, (call) => attest(services, needs, call)),
  ];
}

async function viewsOf(
  services: Services,
  needs: RouteNeeds,
  { rows, now }: { readonly rows: readonly GrantRow[]; readonly now: GrantRow['at'] },
) {
  const members = await loadMembers(
    services,
    rows.flatMap(({ member, person }) => [member, person]),
  );
  const calls = await services.database.read((r) =>
    callsOf(
      r,
      rows.map(({ id }) => id),
    ),
  );
  const items = [];
  for (const row of rows) {
    const of = await services.database.read(async (r) => {
      const window = await findWindow(r, row.access_window);
      const engagement = window && (await needs.engagementOf(r, window.engagement));
      const plan = window && (await findPlan(r, window.plan));
      if (!window || !engagement || !plan) throw new Error('expected what a grant stands on');
      return { window, engagement, plan };
    });
    items.push(
      await grantView(services, row, { ...of, members, now, calls: calls.get(row.id) ?? 0 }),
    );
  }
  return items;
}

type Added = Output<typeof contract.addPerson>;

/** EAR-8: a grant of a person, or of a service for which a person of its party answers. */
async function addPerson(
  services: Services,
  needs: RouteNeeds,
  { actor, body, params, member: acting, envelope }: Call<typeof contract.addPerson>,
): Promise<Result<Added>> {
  const executed = await services.execute<Added>(envelope, async (tx, now) => {
    const row = await findWindow(tx, params.window);
    const loaded = row === null ? null : await loadAccess(tx, needs, row.engagement);
    if (row === null || loaded === null) return notFound('a window');
    const named = await memberNamed(tx, body);
    if (!named.ok) return named;
    const { member, person, party } = named.value;
    const id = newId('grant');
    const by = sideOf(loaded.engagement, actor.id, acting);
    const wish = { act: 'add-person', grant: id, window: row.id, member, person } as const;
    const made = decideOn(loaded, wish, { by, now });
    if (!made.ok) return made;
    const added = { access_window: row.id, member, person, party, added_by: partyOf(actor) };
    await insertGrant(tx, { id, ...added, at: now });
    await showGrant(tx, id, { engagement: loaded.engagement, party });
    await showWindow(tx, row.id, loaded.engagement);
    return ok({ events: entriesOf(made.value.events, []), response: { grant: id } });
  });
  return responseOf(executed);
}

/** Who is to have access, and who answers for it. */
async function memberNamed(
  tx: Transaction,
  body: { readonly member: Id<'member'>; readonly person?: Id<'member'> | undefined },
) {
  const person = body.person ?? body.member;
  const rows = await membersAmong(tx, [body.member, person]);
  const member = rows.get(body.member);
  const answering = rows.get(person);
  if (member?.here !== true || answering?.here !== true || member.party !== answering.party) {
    return refuse(refusals.noSuchPerson);
  }
  if (answering.kind !== 'person' || (member.kind === 'person' && person !== member.id)) {
    return refuse(refusals.personNeeded);
  }
  return ok({ member: member.id, person, party: member.party });
}

type Accepted = Output<typeof contract.accept>;

/** EAR-9: by the person alone, who signed in; each protection by itself. */
async function accept(
  services: Services,
  needs: RouteNeeds,
  { body, params, member, envelope }: Call<typeof contract.accept>,
): Promise<Result<Accepted>> {
  const executed = await services.execute<Accepted>(envelope, async (tx, now) => {
    const wish = { act: 'accept-protection', grant: params.grant, ...body } as const;
    const done = await onGrant(tx, needs, { wish, who: { by: personOf(member), now } });
    if (!done.ok) return done;
    const { made, row } = done.value;
    for (const event of made.events) await keep(tx, event, { by: row.party, at: now });
    const asked = await askedGrant(tx, needs, row.id);
    if (asked === null) throw new Error('expected the grant that was accepted for');
    const members = await membersAmong(tx, [row.member, row.person]);
    const { engagement } = asked;
    const active = missingIn(asked, { engagement, members, now }).length === 0;
    const events = entriesOf(made.events, made.access.grants);
    return ok({ events, response: { grant: row.id, active } });
  });
  return responseOf(executed);
}

type Revoked = Output<typeof contract.revoke>;

/** EAR-11: from this commit on nothing is used by it. */
async function revoke(
  services: Services,
  needs: RouteNeeds,
  { actor, params, member, envelope }: Call<typeof contract.revoke>,
): Promise<Result<Revoked>> {
  const executed = await services.execute<Revoked>(envelope, async (tx, now) => {
    const asked = await askedGrant(tx, needs, params.grant);
    if (asked === null) return notFound('a grant');
    const who = { by: sideOf(asked.engagement, actor.id, member), now };
    const wish = { act: 'revoke', grant: params.grant } as const;
    const done = await onGrant(tx, needs, { wish, who });
    if (!done.ok) return done;
    const { made } = done.value;
    for (const event of made.events) await keep(tx, event, { by: partyOf(actor), at: now });
    return ok({
      events: entriesOf(made.events, made.access.grants),
      response: { grant: params.grant, revokedAt: now },
    });
  });
  return responseOf(executed);
}

type Attested = Output<typeof contract.attest>;

/** EAR-14: in words, and shown to both sides. */
async function attest(
  services: Services,
  needs: RouteNeeds,
  { body, params, member, envelope }: Call<typeof contract.attest>,
): Promise<Result<Attested>> {
  const statement = await services.content.putText(body.statement, 'statement.txt');
  const executed = await services.execute<Attested>(envelope, async (tx, now) => {
    const wish = { act: 'attest-return', grant: params.grant, how: body.how } as const;
    const done = await onGrant(tx, needs, { wish, who: { by: personOf(member), now } });
    if (!done.ok) return done;
    const { made, row } = done.value;
    await markAttested(tx, row.id, { how: body.how, at: now, content: statement.id });
    const contents: NewContent[] = [{ ref: statement, subject: row.id, level: sealed }];
    const events = entriesOf(made.events, made.access.grants, { statement: statement.id });
    return ok({ events, contents, response: { grant: row.id } });
  });
  return responseOf(executed);
}

/** Decides a command about one grant on all that stands of its model. */
export async function onGrant(
  tx: Transaction,
  needs: RouteNeeds,
  asked: {
    readonly wish: Extract<Command, { readonly grant: string }>;
    readonly who: Parameters<typeof decideOn>[2];
  },
): Promise<Result<{ readonly made: Made; readonly row: GrantRow }>> {
  const row = await findGrant(tx, asked.wish.grant);
  const window = row === null ? null : await findWindow(tx, row.access_window);
  const loaded = window === null ? null : await loadAccess(tx, needs, window.engagement);
  if (row === null || loaded === null) return notFound('a grant');
  const made = decideOn(loaded, asked.wish, asked.who);
  return made.ok ? ok({ made: made.value, row }) : made;
}
