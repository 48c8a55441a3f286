import { randomBytes } from 'node:crypto';
import { authorizations as contract, type Output } from '@breakwater/contract';
import { addMilliseconds, ok, type Result, refuse } from '@breakwater/kernel';
import { parseTarget } from '@breakwater/scope';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { newId } from '../../../../platform/clock/clock.ts';
import { coordinators, levels, seesAllWork } from '../../../../platform/commands/audience.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import { setAudience } from '../../../../platform/commands/visibility.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { contend, contestedPairs, contestsBy } from './contested.ts';
import { challengeOf, lookFor } from './control.ts';
import {
  type ControlRow,
  countControls,
  endControl,
  findControl,
  insertControl,
  listControls,
  noteLook,
  noteRuling,
  putSettlement,
} from './control-store.ts';
import { deeper } from './decide.ts';
import { foundAt, proveAgain } from './look.ts';
import { targetOf } from './read-scope.ts';
import { controlViews } from './views.ts';

const controlsMax = 500;
/** DCF-31: a statement was ruled on by a person, who looks at it again after a year. */
const statementMsMax = 365 * 24 * 60 * 60 * 1_000;

/** Proofs of control: opened, looked for, given up, ruled on. */
export function controlRoutes(services: Services): readonly Route[] {
  const seen = async (id: string, actor: Actor) => {
    const row = await services.database.read((r) => findControl(r, id));
    return row !== null && (row.party === actor.id || seesAllWork(actor)) ? row : null;
  };
  const own = async (id: string, actor: Actor) => {
    const row = await services.database.read((r) => findControl(r, id));
    return row !== null && row.party === actor.id ? row : null;
  };
  return [
    route(contract.openControl, (call) => open(services, call)),
    route(contract.proveControl, async (call) => {
      const row = await own(call.params.control, call.actor);
      return row === null ? notFound('a proof of control') : await prove(services, call, row);
    }),
    route(contract.controls, async ({ actor, query, now }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const state = query.state ?? null;
      const party = seesAllWork(actor) ? null : actor.id;
      const rows = await services.database.read((r) =>
        listControls(r, { party, state, now }, page),
      );
      const items = await controlViews(services, rows, actor);
      const fits = items.filter((item) => state === null || item.state === state);
      return ok({ ...pageFrom(rows, query.limit, items), items: fits.slice(0, query.limit) });
    }),
    route(contract.control, async ({ params, actor }) => {
      const row = await seen(params.control, actor);
      return row === null ? notFound('a proof of control') : await viewOf(services, row.id, actor);
    }),
    route(contract.withdrawControl, async ({ params, actor, envelope }) => {
      if ((await own(params.control, actor)) === null) return notFound('a proof of control');
      const executed = await services.execute(envelope, async (tx, now) => {
        if ((await endControl(tx, params.control, now)) === 0) return refuse(closed);
        const data = { control: params.control };
        return ok({
          events: [{ act: 'deconflict.control-withdrawn', subject: params.control, data }],
          response: { control: params.control },
        });
      });
      return responseOf(executed);
    }),
    route(contract.ruleControl, (call) => rule(services, call)),
    route(contract.contests, (call) => contests(services, call.actor)),
    route(contract.settle, (call) => settle(services, call)),
  ];
}

async function open(
  services: Services,
  { actor, body, envelope }: Call<typeof contract.openControl>,
): Promise<Result<Output<typeof contract.openControl>>> {
  const target = targetOf(body.target, '/target');
  if (!target.ok) return target;
  const token = randomBytes(24).toString('base64url');
  const challenge = challengeOf(target.value, body.way, token);
  if (!challenge.ok) return challenge;
  const { statement } = body;
  if (challenge.value === null && statement === undefined) return refuse(statementMissing);
  const ref =
    statement === undefined ? null : await services.content.putText(statement, 'statement.txt');
  const executed = await services.execute(envelope, async (tx, now) => {
    if ((await countControls(tx, actor.id)) >= controlsMax) return refuse(tooMany);
    const id = newId('control');
    const { text, lineage } = target.value;
    await insertControl(tx, {
      id,
      party: actor.id as ControlRow['party'], // the roles that may call are those of parties
      target: text,
      lineage,
      way: body.way,
      token,
      statement_content: ref?.id ?? null,
      created_at: now,
    });
    await setAudience(tx, id, [
      { principal: actor.id, level: levels.all },
      { principal: coordinators, level: levels.all },
    ]);
    const data = { control: id, target: text, way: body.way };
    return ok({
      events: [{ act: 'deconflict.control-opened', subject: id, data }],
      contents: ref === null ? [] : [{ ref, subject: id, level: levels.all }],
      response: { control: id },
    });
  });
  if (!executed.ok) return executed;
  return await viewOf(services, executed.value.response.control, actor);
}

/** Looks outside first: nothing waits for a foreign server inside a transaction. */
async function prove(
  services: Services,
  { actor, envelope, params }: Call<typeof contract.proveControl>,
  row: ControlRow,
): Promise<Result<Output<typeof contract.proveControl>>> {
  if (row.ended_at !== null) return refuse(closed);
  const target = parseTarget(row.target);
  const challenge = target.ok ? challengeOf(target.value, row.way, row.token) : target;
  if (!challenge.ok || challenge.value === null) return refuse(ruledOn);
  const found = await lookFor(services.outbound, challenge.value);
  if (!found.ok) return found;
  const executed = await services.execute(envelope, async (tx, now) => {
    const look = foundAt(now);
    if ((await noteLook(tx, row.id, look)) === 0) return refuse(closed);
    const data = { control: row.id, way: row.way, validUntil: look.valid_until };
    const counted = row.valid_until !== null && row.valid_until > now;
    const contests = counted ? [] : await contestsBy(tx, row, now);
    return ok({
      events: [{ act: 'deconflict.control-proven', subject: row.id, data }, ...contests],
      jobs: [proveAgain(row.id, look.next_at)],
      response: { control: row.id },
    });
  });
  return executed.ok ? await viewOf(services, params.control, actor) : executed;
}

async function rule(
  services: Services,
  { actor, body, envelope, params }: Call<typeof contract.ruleControl>,
): Promise<Result<Output<typeof contract.ruleControl>>> {
  const row = await services.database.read((r) => findControl(r, params.control));
  if (row === null) return notFound('a proof of control');
  if (row.way !== 'statement') return refuse(notRuledOn);
  const ref = await services.content.putText(body.reason, 'reason.txt');
  const executed = await services.execute(envelope, async (tx, now) => {
    const changed = body.stands
      ? await noteLook(tx, row.id, {
          proven_at: now,
          valid_until: addMilliseconds(now, statementMsMax),
          next_at: null,
          failure: null,
        })
      : await endControl(tx, row.id, now);
    if (changed === 0) return refuse(closed);
    await noteRuling(tx, row.id, { by: actor.id, reason: ref.id });
    const data = { control: row.id, stands: body.stands, reason: ref.id };
    const contests = body.stands ? await contestsBy(tx, row, now) : [];
    return ok({
      events: [{ act: 'deconflict.control-ruled', subject: row.id, data }, ...contests],
      contents: [{ ref, subject: row.id, level: levels.all }],
      response: { control: row.id },
    });
  });
  return executed.ok ? await viewOf(services, row.id, actor) : executed;
}

async function contests(
  services: Services,
  actor: Actor,
): Promise<Result<Output<typeof contract.contests>>> {
  const now = services.clock.now();
  const pairs = await services.database.read((r) => contestedPairs(r, now));
  const items: Output<typeof contract.contests>['items'] = [];
  for (const pair of pairs) {
    const [one, other] = await controlViews(services, pair, actor);
    if (one !== undefined && other !== undefined) items.push({ controls: [one, other] });
  }
  return ok({ items });
}

async function settle(
  services: Services,
  { actor, body, envelope }: Call<typeof contract.settle>,
): Promise<Result<Output<typeof contract.settle>>> {
  const ref = await services.content.putText(body.reason, 'reason.txt');
  const executed = await services.execute(envelope, async (tx, now) => {
    const believed = await findControl(tx, body.believed);
    const over = await findControl(tx, body.over);
    if (believed === null || over === null || !contend(believed, over)) {
      return refuse(notContested);
    }
    const lineage = deeper(believed.lineage, over.lineage);
    await putSettlement(tx, {
      lineage,
      believed: believed.party,
      over: over.party,
      reason: ref.id,
      by: actor.id,
      at: now,
    });
    const data = { believed: body.believed, over: body.over, reason: ref.id };
    return ok({
      events: [{ act: 'deconflict.contest-settled', subject: body.believed, data }],
      contents: [{ ref, subject: body.believed, level: levels.all }],
      response: { believed: body.believed },
    });
  });
  return responseOf(executed);
}

async function viewOf(
  services: Services,
  id: string,
  actor: Actor,
): Promise<Result<Output<typeof contract.control>>> {
  const row = await services.database.read((r) => findControl(r, id));
  const [view] = await controlViews(services, row === null ? [] : [row], actor);
  return view === undefined ? notFound('a proof of control') : ok(view);
}

const closed = {
  code: 'control-closed',
  expected: 'a proof of control that was not given up',
  got: 'one that was withdrawn or turned down',
  todo: 'say again that the target is yours',
} as const;
const tooMany = {
  code: 'too-many-controls',
  expected: `at most ${controlsMax} targets of one party`,
  got: 'one more',
  todo: 'withdraw one, or name a wider target: a wildcard or a network',
} as const;
const statementMissing = {
  code: 'statement-missing',
  expected: 'a statement why the target is yours, for the coordinator to rule on',
  got: 'none',
  todo: 'say who you are to this target and how the coordinator can see that it is so',
  pointer: '/statement',
} as const;
const ruledOn = {
  code: 'way-unfit',
  expected: 'a proof that can be looked for',
  got: 'a statement',
  todo: 'wait for the coordinator to rule on it, or open another proof',
} as const;
const notRuledOn = {
  code: 'way-unfit',
  expected: 'a statement',
  got: 'a proof that is looked for',
  todo: 'decide between two proofs where both count: settle the contest',
} as const;
const notContested = {
  code: 'not-contested',
  expected: 'two proofs of two parties that count for one place',
  got: 'others',
  todo: 'look at the contests again',
} as const;
