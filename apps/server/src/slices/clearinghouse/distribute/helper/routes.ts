import { Card, type Helper, helpers, type Output } from '@breakwater/contract';
import { type Id, ok, parseId, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { newId } from '../../../../platform/clock/clock.ts';
import { levels, system } from '../../../../platform/commands/audience.ts';
import { stale } from '../../../../platform/commands/revision.ts';
import { hashOf, makeSecret } from '../../../../platform/directory/secret.ts';
import type { JobHandler } from '../../../../platform/queue/queue.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { findNotice, noticeForWork, setNoticeStatus, setReceipt, undoReceipt } from '../store.ts';
import { alreadyReceipted, decideDelegate, holds, linkNotValid } from './decide.ts';
import {
  type HelperRow,
  helperByToken,
  helpersOf,
  insertHelper,
  markHelper,
  roleOf,
  writeNoticeAudience,
} from './store.ts';

/** The operations by which one notice goes into other hands, and comes back. */
export function helperRoutes(services: Services): readonly Route[] {
  const { database } = services;
  return [
    route(helpers.delegate, (call) => delegate(services, call)),
    route(helpers.listHelpers, async ({ params, actor, now }) => {
      const row = await database.read((r) => findNotice(r, params.notice, { actor, now }));
      if (row === null || row.operator !== actor.id) return notFound('a notice');
      const rows = await database.read((r) => helpersOf(r, row.id));
      return ok({ items: await Promise.all(rows.map((each) => helperView(services, each))) });
    }),
    route(helpers.revokeHelper, (call) => revoke(services, call)),
    route(helpers.openHelp, (call) => open(services, call)),
    route(helpers.reportHelp, (call) => report(services, call)),
    route(helpers.undoReceipt, (call) => undo(services, call)),
  ];
}

type Delegated = Output<typeof helpers.delegate>;

async function delegate(
  services: Services,
  { params, body, actor, envelope }: Call<typeof helpers.delegate>,
): Promise<Result<Delegated>> {
  const { party } = body;
  const { secret, hash } = makeSecret();
  const name =
    body.name === undefined ? null : await services.content.putText(body.name, 'name.txt');
  const executed = await services.execute(envelope, async (tx, now) => {
    const row = await findNotice(tx, params.notice, { actor, now });
    if (row === null || row.operator !== actor.id) return notFound('a notice');
    const changed = stale(body.ifRevision, row.revision);
    if (changed !== null) return refuse(changed);
    const all = await helpersOf(tx, row.id);
    const until = decideDelegate(
      row.status,
      { named: name !== null, expiresAt: body.expiresAt },
      {
        now,
        helpers: all.filter((each) => holds(grantOf(each), now)).length,
        role: party === undefined ? undefined : await roleOf(tx, party),
        self: party === actor.id,
      },
    );
    if (!until.ok) return until;
    const id = newId('helper');
    await insertHelper(tx, {
      id,
      notice: row.id,
      party: party ?? null,
      name_content: name?.id ?? null,
      token_hash: party === undefined ? hash : null,
      created_at: now,
      expires_at: until.value,
    });
    await writeNoticeAudience(tx, row, now);
    if (row.status === 'open') await setNoticeStatus(tx, row.id, 'helper');
    const data = { notice: row.id, helper: id, party: party ?? null, expiresAt: until.value };
    const payload = { notice: row.id, at: until.value };
    return ok({
      events: [{ act: 'distribute.delegated', subject: row.id, data }],
      contents: name === null ? [] : [{ ref: name, subject: row.id, level: levels.all }],
      jobs: [{ job: 'distribute.helper-expired', payload, startAfter: until.value }],
      response: { helper: id, expiresAt: until.value },
    });
  });
  if (!executed.ok) return executed;
  if (party !== undefined) return ok({ ...executed.value.response, link: null });
  // A link that was made and shown before cannot be shown again: only its hash is kept.
  if (executed.value.replayed) return refuse(shownBefore);
  return ok({ ...executed.value.response, link: `${services.site().url}/help#${secret}` });
}

async function revoke(
  services: Services,
  { params, actor, envelope }: Call<typeof helpers.revokeHelper>,
): Promise<Result<{ helper: Id<'helper'> }>> {
  const executed = await services.execute(envelope, async (tx, now) => {
    const row = await findNotice(tx, params.notice, { actor, now });
    if (row === null || row.operator !== actor.id) return notFound('a notice');
    const all = await helpersOf(tx, row.id);
    if (!all.some((each) => each.id === params.helper)) return notFound('a helper');
    const marked = await markHelper(tx, params.helper, { what: 'revoked', at: now });
    if (marked === 0) return refuse(alreadyRevoked);
    await writeNoticeAudience(tx, row, now);
    const others = all.some((each) => each.id !== params.helper && holds(grantOf(each), now));
    if (row.status === 'helper' && row.receipt_at === null && !others) {
      await setNoticeStatus(tx, row.id, 'open');
    }
    const data = { notice: row.id, helper: params.helper };
    const events = [{ act: 'distribute.taken-back', subject: row.id, data }];
    return ok({ events, response: { helper: params.helper } });
  });
  return responseOf(executed);
}

/** Shows the one card that a link opens; the first time is kept, so that its owner knows. */
async function open(
  services: Services,
  { body, now, envelope }: Call<typeof helpers.openHelp>,
): Promise<Result<Output<typeof helpers.openHelp>>> {
  const found = await services.database.read(async (reader) => {
    const helper = await helperByToken(reader, hashOf(body.token));
    if (helper === null || !holds(grantOf(helper), now)) return null;
    const notice = await noticeForWork(reader, helper.notice);
    return notice === null ? null : { helper, notice };
  });
  if (found === null) return refuse(linkNotValid);
  const { helper, notice } = found;
  const text = await services.content.getText(notice.card_content);
  if (text === null) return refuse(linkNotValid);
  if (helper.opened_at === null) {
    await services.execute(
      { ...envelope, idempotencyKey: `opened:${helper.id}` },
      async (tx, at) => {
        const marked = await markHelper(tx, helper.id, { what: 'opened', at });
        const data = { notice: notice.id, helper: helper.id };
        const event = { act: 'distribute.help-opened', subject: notice.id, data };
        return ok({ events: marked === 0 ? [] : [event], response: null });
      },
    );
  }
  const card = Card.parse(JSON.parse(text));
  return ok({ card, status: notice.status, expiresAt: helper.expires_at });
}

async function report(
  services: Services,
  { body, envelope }: Call<typeof helpers.reportHelp>,
): Promise<Result<Output<typeof helpers.reportHelp>>> {
  const note =
    body.note === undefined ? null : await services.content.putText(body.note, 'note.txt');
  const { outcome } = body;
  const executed = await services.execute(envelope, async (tx, now) => {
    const helper = await helperByToken(tx, hashOf(body.token));
    if (helper === null || !holds(grantOf(helper), now)) return refuse(linkNotValid);
    const kept = await setReceipt(tx, helper.notice, { at: now, outcome, note: note?.id ?? null });
    if (kept === 0) return refuse(alreadyReceipted);
    await markHelper(tx, helper.id, { what: 'reported', at: now });
    const data = { notice: helper.notice, outcome, helper: helper.id };
    return ok({
      events: [{ act: 'distribute.receipted', subject: helper.notice, data }],
      contents: note === null ? [] : [{ ref: note, subject: helper.notice, level: levels.detail }],
      response: { status: outcome },
    });
  });
  return responseOf(executed);
}

async function undo(
  services: Services,
  { params, body, actor, envelope }: Call<typeof helpers.undoReceipt>,
): Promise<Result<Output<typeof helpers.undoReceipt>>> {
  const executed = await services.execute(envelope, async (tx, now) => {
    const row = await findNotice(tx, params.notice, { actor, now });
    if (row === null || row.operator !== actor.id) return notFound('a notice');
    const changed = stale(body.ifRevision, row.revision);
    if (changed !== null) return refuse(changed);
    if (row.receipt_at === null) return refuse(notReceipted);
    const all = await helpersOf(tx, row.id);
    const helped = all.some((each) => holds(grantOf(each), now));
    await undoReceipt(tx, row.id, helped ? 'helper' : 'open');
    const data = { notice: row.id, outcome: row.receipt_outcome };
    const events = [{ act: 'distribute.receipt-undone', subject: row.id, data }];
    return ok({ events, response: { notice: row.id, revision: row.revision + 1 } });
  });
  return responseOf(executed);
}

async function helperView(services: Services, row: HelperRow): Promise<Helper> {
  const { content, directory } = services;
  const party = row.party === null ? null : await directory.refOf(row.party);
  const name = row.name_content === null ? null : await content.getText(row.name_content);
  return {
    id: row.id,
    kind: party === null ? 'link' : 'party',
    name: name ?? party?.name ?? '(erased)',
    party,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    openedAt: row.opened_at,
    reportedAt: row.reported_at,
    revokedAt: row.revoked_at,
  };
}

function grantOf(row: HelperRow) {
  return { id: row.id, expiresAt: row.expires_at, revokedAt: row.revoked_at };
}

const Expired = z.object({ notice: z.string(), at: z.string() });

/** Takes a notice out of the sight of helpers whose time is over. */
export function helperExpired(services: Services): JobHandler {
  return async (job) => {
    const { notice, at } = Expired.parse(job.payload);
    await services.execute(
      {
        actor: system,
        operation: 'distribute.helper-expired',
        idempotencyKey: job.id,
        request: job.payload,
      },
      async (tx, now) => {
        // Throwing keeps nothing, also not the key, so that the next try decides anew.
        if (at > now) throw new Error(`it is not yet ${at} here`);
        const id = parseId('notice', notice);
        const row = id === null ? null : await noticeForWork(tx, id);
        if (row === null) return ok({ events: [], response: null });
        await writeNoticeAudience(tx, row, now);
        const left = await helpersOf(tx, row.id);
        const idle = row.status === 'helper' && row.receipt_at === null;
        if (idle && !left.some((each) => holds(grantOf(each), now))) {
          await setNoticeStatus(tx, row.id, 'open');
        }
        const data = { notice: row.id };
        const event = { act: 'distribute.help-ended', subject: row.id, data };
        return ok({ events: [event], response: null });
      },
    );
  };
}

const alreadyRevoked = {
  code: 'already-revoked',
  expected: 'a helper who still has the notice',
  got: 'one from whom it was taken back',
  todo: 'nothing',
} as const;
const notReceipted = {
  code: 'not-receipted',
  expected: 'a notice that was reported on',
  got: 'one that is open',
  todo: 'nothing: there is no report to take back',
} as const;
const shownBefore = {
  code: 'idempotency-key-reused',
  expected: 'a new Idempotency-Key for a new link',
  got: 'one whose link was made and shown before',
  todo: 'a link is shown once: take that one back and make another',
} as const;
