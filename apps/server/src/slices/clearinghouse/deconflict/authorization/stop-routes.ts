import { authorizations as contract, type Output } from '@breakwater/contract';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { pageFrom, parseCursor } from '../../../../page.ts';
import { levels, seesAllWork } from '../../../../platform/commands/audience.ts';
import type { Actor } from '../../../../platform/commands/commands.ts';
import type { CarryOut } from '../../../../platform/commands/together.ts';
import type { Reader } from '../../../../platform/database/database.ts';
import { type Call, notFound, type Route, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { listControls } from './control-store.ts';
import { targetOf } from './read-scope.ts';
import { decideStops, mayLift, type StopNeeds, type StopWish } from './stop.ts';
import { findStop, liftRow, listStops, type StopRow } from './stop-store.ts';
import { controlFacts, stopViews } from './views.ts';

type Press = CarryOut<StopWish, { readonly stop: StopRow['id'] }>;

/** Targets of one owner whose stops are listed at once. */
const ownTargetsMax = 500;

/** The stop switch. */
export function stopRoutes(services: Services, needs: StopNeeds): readonly Route[] {
  const press: Press = services.inTurn({ turn: 'deconflict', work: decideStops(needs) });
  return [
    route(contract.stop, async ({ body, envelope }) => {
      const target = targetOf(body.target, '/target');
      if (!target.ok) return target;
      const { reason: text } = body;
      const reason = text === undefined ? null : await services.content.putText(text, 'reason.txt');
      const done = await press({ envelope, input: { target: target.value, reason } });
      if (!done.ok) return done;
      return await viewOf(services, done.value.response.stop);
    }),
    route(contract.liftStop, (call) => lift(services, call)),
    route(contract.stops, async ({ actor, query }) => {
      const page = { after: parseCursor(query.after), limit: query.limit };
      const rows = await services.database.read(async (r) =>
        listStops(r, { of: await ownOf(r, services, actor), state: query.state ?? null }, page),
      );
      return ok(pageFrom(rows, query.limit, await stopViews(services, rows)));
    }),
  ];
}

async function lift(
  services: Services,
  { actor, body, envelope, params }: Call<typeof contract.liftStop>,
): Promise<Result<Output<typeof contract.liftStop>>> {
  const ref = await services.content.putText(body.reason, 'reason.txt');
  const executed = await services.execute(envelope, async (tx, now) => {
    const row = await findStop(tx, params.stop);
    if (row === null) return notFound('a stop');
    const owner = await controls(tx, row.lineage, { actor, now: services.clock.now() });
    if (!owner && !seesAllWork(actor)) return notFound('a stop');
    if (row.lifted_at !== null) return refuse(lifted);
    if (!(await mayLift(tx, row, { actor, now }))) return refuse(ownerAlone);
    await liftRow(tx, row.id, { at: now, by: actor.id, reason: ref.id });
    const data = { stop: row.id, reason: ref.id };
    return ok({
      events: [{ act: 'deconflict.stop-lifted', subject: row.id, data }],
      contents: [{ ref, subject: row.id, level: levels.all }],
      response: { stop: row.id },
    });
  });
  return executed.ok ? await viewOf(services, params.stop) : executed;
}

/** Whether the place is one that the caller has proven to control, contested or not. */
async function controls(
  reader: Reader,
  lineage: string,
  { actor, now }: { readonly actor: Actor; readonly now: StopRow['at'] },
): Promise<boolean> {
  const { proofs } = await controlFacts(reader, [lineage]);
  return proofs.some(
    (proof) =>
      proof.party === actor.id && proof.validUntil > now && lineage.startsWith(proof.lineage),
  );
}

/** Whose stops a caller sees: of its own targets and its own; null: all. */
async function ownOf(reader: Reader, services: Services, actor: Actor) {
  if (seesAllWork(actor)) return null;
  const now = services.clock.now();
  const filter = { party: actor.id, state: 'proven', now } as const;
  const rows = await listControls(reader, filter, { after: null, limit: ownTargetsMax });
  return { party: actor.id, lineages: rows.map(({ lineage }) => lineage) };
}

async function viewOf(
  services: Services,
  id: string,
): Promise<Result<Output<typeof contract.stop>>> {
  const row = await services.database.read((r) => findStop(r, id));
  const [view] = await stopViews(services, row === null ? [] : [row]);
  return view === undefined ? notFound('a stop') : ok(view);
}

const lifted = {
  code: 'stop-lifted',
  expected: 'a stop that stands',
  got: 'one that was lifted',
  todo: 'nothing: work may begin again',
} as const;
const ownerAlone = {
  code: 'owner-alone',
  expected: 'somebody who is believed to control the target',
  got: 'somebody else',
  todo: 'ask its owner; where two claim control, settle that first',
} as const;
