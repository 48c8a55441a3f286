import { directory as contract } from '@breakwater/contract';
import {
  addMilliseconds,
  type Id,
  type Instant,
  ok,
  type Refusal,
  type Result,
  refuse,
} from '@breakwater/kernel';
import { sql } from 'kysely';
import { type Call, fileRoute, type Route, route } from '../../route.ts';
import type { Services } from '../../services.ts';
import { seesAllWork } from '../commands/audience.ts';
import type { ContentRef } from '../content/content.ts';
import type { Transaction } from '../database/database.ts';
import { exportParty } from './export.ts';
import type { ExportNeeds } from './export-source.ts';
import { forget } from './forget.ts';
import { lives } from './lives.ts';
import { cutMember, erasedName, managing } from './members.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { hashOf, makeSecret } from './secret.ts';
import { linkNotValid } from './sign-in-routes.ts';

/** What one content item of an export holds. */
const partBytes = 32 * 1024 * 1024;
const fileName = 'breakwater-export.zip';

/** Leaving, and taking along what is one's own: before, and once after. */
export function leavingRoutes(services: Services, needs: ExportNeeds): readonly Route[] {
  const { database, content, execute } = services;
  const inTurn = oneAtATime();
  const exported: Exported = (call) => inTurn(() => exportParty(services, needs, call));
  return [
    fileRoute(contract.exportOwn, async (call) => {
      const allowed = await database.read((r) => managing(r, call));
      if (!allowed.ok) return allowed;
      const bytes = await exported(call);
      return bytes.ok ? ok({ bytes: bytes.value, fileName }) : bytes;
    }),
    route(contract.leave, async (call) => await leave(services, { ...needs, exported }, call)),
    fileRoute(contract.fetchExport, async ({ body, now, envelope }) => {
      const found = await database.read((r) => findDeparture(r, body.token, now));
      if (found === null) return refuse(linkNotValid);
      const parts: Uint8Array[] = [];
      for (const id of found.contents) parts.push((await content.get(id)) ?? new Uint8Array());
      const executed = await execute(envelope, async (tx, at) => {
        if ((await findDeparture(tx, body.token, at)) === null) return refuse(linkNotValid);
        await tx.run(sql`
          update directory.departure set fetched_at = ${at}, contents = '{}'
          where party = ${found.party}`);
        const data = { party: found.party };
        return ok({
          events: [{ act: 'directory.export-fetched', subject: found.party, data }],
          jobs: await forget(tx, found.contents, at),
          response: null,
        });
      });
      if (!executed.ok) return executed;
      if (executed.value.replayed) return refuse(linkNotValid);
      return ok({ bytes: Buffer.concat(parts), fileName });
    }),
  ];
}

type Leave = Call<typeof contract.leave>;
/** An archive is up to half a gigabyte of memory, so they are packed one after another. */
type Exported = (
  call: Pick<Call<typeof contract.exportOwn>, 'actor' | 'permissions'>,
) => ReturnType<typeof exportParty>;

/**
 * One act: whoever acts for the party is cut off, its invitations and keys end, and what it had open
 * goes back to the coordinator by the event. The export is made before, while it still sees its own.
 */
async function leave(
  services: Services,
  needs: ExportNeeds & { readonly exported: Exported },
  call: Leave,
) {
  const { execute } = services;
  const allowed = await mayLeave(services, call);
  if (!allowed.ok) return allowed;
  const zip = await needs.exported(call);
  if (!zip.ok) return zip;
  const parts = await keepParts(services, zip.value);
  const { secret, hash } = makeSecret();
  const party = allowed.value;
  const executed = await execute(call.envelope, async (tx, now) => {
    const me = await managing(tx, call);
    if (!me.ok) return me;
    if (seesAllWork(call.actor) && (await isLastOfRole(tx, party))) return refuse(lastCoordinator);
    const texts = await cutParty(tx, party, now);
    const until = addMilliseconds(now, lives.departure);
    await tx.run(sql`
      insert into directory.departure (party, hash, contents, until)
      values (${party}, ${hash}, ${parts.map((part) => part.id)}, ${until})`);
    const owned = await needs.ownedCases(tx, party);
    const returned = owned.map(({ case: subject, reproduced }) => ({
      act: 'coordinate.owner-left',
      subject,
      data: { party, reproduced },
    }));
    return ok({
      events: [
        { act: 'directory.party-left', subject: party, data: { party } },
        ...returned,
        ...(await needs.leaves(tx, party)),
      ],
      contents: parts.map((ref) => ({ ref, subject: party, level: 1 })),
      jobs: await forget(tx, texts, now),
      response: { exportUntil: until },
    });
  });
  if (!executed.ok) return executed;
  if (executed.value.replayed) return refuse(shownBefore);
  call.browser.forget();
  return ok({ exportToken: secret, ...executed.value.response });
}

async function mayLeave(
  { database, content }: Services,
  call: Leave,
): Promise<Result<Id<'party'>>> {
  const found = await database.read(async (r) => {
    const me = await managing(r, call);
    if (!me.ok) return me;
    const { party } = me.value;
    const row = await r.row(sql<{ name: Id<'content'> }>`
      select name_content as name from directory.party where id = ${party}`);
    return ok({ party, name: row?.name ?? null });
  });
  if (!found.ok) return found;
  const { party, name } = found.value;
  const shown = (name === null ? null : await content.getText(name)) ?? erasedName;
  return call.body.confirm === shown.trim() ? ok(party) : refuse(confirmationDiffers);
}

async function keepParts({ content }: Services, zip: Uint8Array): Promise<readonly ContentRef[]> {
  const parts: ContentRef[] = [];
  for (let from = 0; from < zip.length; from += partBytes) {
    const part = zip.subarray(from, from + partBytes);
    parts.push(await content.put(part, { mediaType: 'application/zip', name: fileName }));
  }
  return parts;
}

async function cutParty(
  tx: Transaction,
  party: Id<'party'>,
  now: Instant,
): Promise<readonly Id<'content'>[]> {
  const members = await tx.rows(sql<{ id: Id<'member'> }>`
    select id from directory.member where party = ${party} and removed_at is null`);
  const texts: Id<'content'>[] = [];
  for (const { id } of members) texts.push(...(await cutMember(tx, id, now)));
  await tx.run(sql`
    update directory.api_key set revoked_at = ${now}
    where party = ${party} and revoked_at is null`);
  const invitations = await tx.rows(sql<{ id: string; email: Id<'content'> | null }>`
    update directory.invitation set revoked_at = ${now}
    where (party = ${party} or by_party = ${party})
      and accepted_at is null and revoked_at is null
    returning id, email_content as email`);
  const ids = invitations.map((row) => row.id);
  await tx.run(sql`update directory.invitation set email_content = null where id = any(${ids})`);
  await tx.run(sql`delete from directory.link where invitation = any(${ids})`);
  await tx.run(sql`update directory.party set left_at = ${now} where id = ${party}`);
  return [...texts, ...invitations.map((row) => row.email).filter((id) => id !== null)];
}

/** Whether no other party of this role is there: then nobody could let anybody in. */
async function isLastOfRole(tx: Transaction, party: Id<'party'>): Promise<boolean> {
  const row = await tx.row(sql<{ other: boolean }>`
    select exists (select 1 from directory.party p
      join directory.party own on own.id = ${party} and own.role = p.role
      where p.id <> ${party} and p.left_at is null) as other`);
  return row?.other !== true;
}

interface Departure {
  readonly party: Id<'party'>;
  readonly contents: readonly Id<'content'>[];
}

async function findDeparture(
  reader: Pick<Transaction, 'row'>,
  token: string,
  now: Instant,
): Promise<Departure | null> {
  return await reader.row(sql<Departure>`
    select party, contents from directory.departure
    where hash = ${hashOf(token)} and fetched_at is null and until > ${now}`);
}

const confirmationDiffers: Refusal = {
  code: 'confirmation-differs',
  expected: 'the name of your party as it is shown',
  got: 'another text',
  todo: 'type it exactly; leaving cannot be taken back',
  pointer: '/confirm',
};
const lastCoordinator: Refusal = {
  code: 'last-coordinator',
  expected: 'another coordinating party that stays',
  got: 'the last one',
  todo: 'invite another first: without one nobody could be let in',
};
const shownBefore: Refusal = {
  code: 'idempotency-key-reused',
  expected: 'a party that is here',
  got: 'one that left by this very request',
  todo: 'nothing: the export token was shown then',
};
