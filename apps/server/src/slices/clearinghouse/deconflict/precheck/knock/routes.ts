import { precheck } from '@breakwater/contract';
import { fromBase64, type Id, type Instant, ok, refuse, sha256 } from '@breakwater/kernel';
import { newId } from '../../../../../platform/clock/clock.ts';
import {
  coordinators,
  type Grant,
  levels,
  principalsOf,
} from '../../../../../platform/commands/audience.ts';
import type { Actor } from '../../../../../platform/commands/commands.ts';
import { setAudience } from '../../../../../platform/commands/visibility.ts';
import type { Reader } from '../../../../../platform/database/database.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../../route.ts';
import type { Services } from '../../../../../services.ts';
import type { PrecheckNeeds } from '../needs.ts';
import { findingsOf } from '../store.ts';
import { countUse, limitsOf, overLimit } from '../use/store.ts';
import {
  agreedTo,
  findReceived,
  insertAnswer,
  insertKnock,
  lapsesAt,
  received,
  sentBy,
} from './store.ts';

/** Talking about what both have, with neither known to the other before both agree. */
export function knockRoutes(services: Services, needs: PrecheckNeeds): readonly Route[] {
  return [
    route(precheck.knock, (call) => knock(services, needs, call)),
    route(precheck.knocks, async ({ actor, now }) =>
      ok({
        received: await receivedViews(services, actor),
        sent: await sentViews(services, actor, now),
      }),
    ),
    route(precheck.answerKnock, (call) => answer(services, call)),
  ];
}

type Knocked =
  | { readonly free: Instant }
  | { readonly knock: Id<'knock'>; readonly until: Instant };

/** Whom it reaches is not told: not even whether it reaches anybody but the coordinators. */
async function knock(
  services: Services,
  needs: PrecheckNeeds,
  { body, actor, envelope }: Call<typeof precheck.knock>,
) {
  const ref =
    body.message === undefined
      ? null
      : await services.content.putText(body.message, 'knock-message.txt');
  const limits = limitsOf(services.precheckElementsPerDay);
  const hash = sha256(fromBase64(body.handle) ?? new Uint8Array());
  const executed = await services.execute<Knocked>(envelope, async (tx, now) => {
    const findings = await findingsOf(tx, hash, now);
    if (findings.length === 0) return refuse(handleUnknown);
    const free = await countUse(tx, actor.id, { use: { knocks: 1 }, now, limits });
    if (free !== null) return ok({ events: [], response: { free } });
    const recipients = await recipientsOf(tx, needs, findings);
    const id = newId('knock');
    const until = lapsesAt(now);
    // A party id: the callers of this operation are parties.
    const party = actor.id as Id<'party'>;
    const message = ref?.id ?? null;
    await insertKnock(tx, { id, party, message_content: message, at: now, until }, recipients);
    await setAudience(tx, id, audienceOf(actor, recipients));
    return ok({
      events: [{ act: 'deconflict.knocked', subject: id, data: { knock: id } }],
      contents: ref === null ? [] : [{ ref, subject: id, level: levels.detail }],
      response: { knock: id, until },
    });
  });
  const knocked = responseOf(executed);
  if (!knocked.ok) return knocked;
  return 'free' in knocked.value
    ? refuse(overLimit(knocked.value.free, limits))
    : ok(knocked.value);
}

/** Reporters, each with the case of its own finding, and the coordinators as one. */
async function recipientsOf(
  reader: Reader,
  needs: PrecheckNeeds,
  findings: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const reporters = await needs.reportersOf(reader, findings);
  const cases = await needs.casesOf(reader, findings);
  const recipients = new Map<string, string>();
  for (const finding of findings) {
    const [reporter, caseId] = [reporters.get(finding), cases.get(finding)];
    if (reporter === undefined || caseId === undefined) continue;
    recipients.set(reporter, caseId);
    recipients.set(coordinators, caseId);
  }
  return recipients;
}

/** The asker is told of answers alone: what stands at `all` is an agreement. */
function audienceOf(asker: Actor, recipients: ReadonlyMap<string, string>): readonly Grant[] {
  const others = [...recipients.keys()].filter((principal) => principal !== asker.id);
  return [
    { principal: asker.id, level: levels.all },
    ...others.map((principal) => ({ principal, level: levels.detail })),
  ];
}

async function receivedViews(services: Services, actor: Actor) {
  const reached = { principals: principalsOf(actor), party: actor.id };
  const rows = await services.database.read((r) => received(r, reached));
  return await Promise.all(
    rows.map(async (row) => ({
      knock: row.id,
      case: row.case_id,
      at: row.at,
      until: row.until,
      message:
        row.message_content === null ? null : await services.content.getText(row.message_content),
      answer: row.agreed === null ? null : row.agreed ? ('agreed' as const) : ('declined' as const),
      from: row.agreed === true ? await services.directory.refOf(row.party) : null,
    })),
  );
}

async function sentViews(services: Services, actor: Actor, now: Instant) {
  const { database, directory } = services;
  const rows = await database.read((r) => sentBy(r, actor.id));
  const agreed = await database.read((r) =>
    agreedTo(
      r,
      rows.map((row) => row.id),
    ),
  );
  return await Promise.all(
    rows.map(async ({ id, at, until }) => {
      const parties = agreed.get(id) ?? [];
      const waiting = until > now ? ('waiting' as const) : ('lapsed' as const);
      const state = parties.length > 0 ? ('agreed' as const) : waiting;
      const known = await Promise.all(parties.map((party) => directory.refOf(party)));
      return { knock: id, at, until, state, with: known };
    }),
  );
}

/** An agreement tells both; to decline is kept and told to nobody. */
async function answer(
  services: Services,
  { params, body, actor, envelope }: Call<typeof precheck.answerKnock>,
) {
  const reached = { principals: principalsOf(actor), party: actor.id };
  const { agree } = body;
  const executed = await services.execute<{ from: Id<'party'> | null }>(
    envelope,
    async (tx, now) => {
      const row = await findReceived(tx, params.knock, reached);
      if (row === null) return notFound('a knock');
      if (row.agreed !== null) return refuse(alreadyAnswered);
      if (row.until <= now) return refuse(knockLapsed);
      await insertAnswer(tx, { knock: row.id, party: actor.id, agreed: agree }, now);
      const event = agree
        ? { act: 'deconflict.knock-agreed', subject: row.id, data: { knock: row.id } }
        : { act: 'deconflict.knock-declined', subject: actor.id, data: { knock: row.id } };
      return ok({ events: [event], response: { from: agree ? row.party : null } });
    },
  );
  const answered = responseOf(executed);
  if (!answered.ok) return answered;
  const { from } = answered.value;
  return ok({ from: from === null ? null : await services.directory.refOf(from) });
}

const handleUnknown = {
  code: 'handle-unknown',
  expected: 'a handle that a pre-check gave under a key that is not over',
  got: 'another',
  todo: 'ask again under the newest key: a handle lasts as long as the key it came under',
} as const;
const alreadyAnswered = {
  code: 'already-answered',
  expected: 'a knock that you have not answered',
  got: 'one that you have',
  todo: 'nothing: what was agreed cannot be made unknown, and what was declined stays so',
} as const;
const knockLapsed = {
  code: 'knock-lapsed',
  expected: 'a knock that is not over',
  got: 'one that nobody answered in time',
  todo: 'nothing: whoever asked may knock again',
} as const;
