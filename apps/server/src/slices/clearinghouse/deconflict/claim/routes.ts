import { type ClaimAnswer, claims, type Operation, type Output } from '@breakwater/contract';
import { type Id, type Json, ok, parseId, type Result } from '@breakwater/kernel';
import { levels, partyOf, seesAllWork } from '../../../../platform/commands/audience.ts';
import type { CarryOut } from '../../../../platform/commands/together.ts';
import { type Call, notFound, type Route, responseOf, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { type WishesNeeds, wishesAt } from '../wishes/index.ts';
import { askedLook } from './asked-look.ts';
import type { Asking } from './asking.ts';
import type { Command, CoveredPart } from './command.ts';
import { type Look, readLook } from './extent.ts';
import { listRoutes } from './list-routes.ts';
import { coverageMap } from './map.ts';
import { rules } from './rules.ts';
import { claimsById } from './store.ts';
import { strikeCoverage } from './strike.ts';
import { claimViews } from './views.ts';

/** What the routes share with the tick of the clock. */
export interface Desk {
  readonly carryOut: CarryOut<Command, Json>;
  readonly asking: Asking;
}

/** The operations on claims. */
export function claimRoutes(services: Services, desk: Desk, needs: WishesNeeds): readonly Route[] {
  const { asking } = desk;
  /** DCF-51: the answer, with what the owners of the places wish; read while it is decided. */
  async function withWishes(
    answer: Promise<Result<ClaimAnswer>>,
    look: Look,
  ): Promise<Result<Output<typeof claims.claim>>> {
    const [done, wishes] = await Promise.all([answer, wishesIn(look)]);
    return done.ok ? ok({ ...done.value, wishes }) : done;
  }
  const wishesIn = ({ places, extent: { except } }: Look) =>
    wishesAt(services, needs, { places: { ...places, except }, now: services.clock.now() });
  /** Carries a command out together with those that wait beside it. */
  async function act<T extends Operation>(
    call: Call<T>,
    input: Command,
  ): Promise<Result<Output<T>>> {
    const done = responseOf(await desk.carryOut({ envelope: call.envelope, input }));
    return done as Result<Output<T>>; // the command's own answer, which its test holds to the contract
  }
  return [
    route(claims.claim, async (call) => {
      const { scope, sharing, from = null, until, listed } = call.body;
      const look = await askedLook(services, scope);
      if (!look.ok) return look;
      const input = { kind: 'claim', look: look.value, sharing, from, until, listed } as const;
      return await withWishes(act(call, input), look.value);
    }),
    route(claims.preview, async ({ body, actor }) => {
      const { scope, sharing, from = null, until } = body;
      const look = await askedLook(services, scope);
      if (!look.ok) return look;
      const asked = { look: look.value, sharing, from, until };
      const done = await asking.preview(partyOf(actor), asked);
      if (!done.ok) return done;
      const { answer, stated } = done.value;
      return ok({ ...answer, wishes: stated ? await wishesIn(look.value) : [] });
    }),
    route(claims.get, async ({ params, actor, now }) => {
      const [row] = await services.database.read((r) => claimsById(r, [params.claim]));
      const named = seesAllWork(actor);
      if (row === undefined || (row.holder !== actor.id && !named)) return notFound('a claim');
      const [view] = await claimViews(services, [row], { now, named });
      return view === undefined ? notFound('a claim') : ok(view);
    }),
    route(claims.renew, async (call) =>
      act(call, { kind: 'renew', claim: call.params.claim, until: call.body.until }),
    ),
    route(claims.use, async (call) => act(call, { kind: 'use', claim: call.params.claim })),
    route(claims.release, async (call) => {
      const covered: CoveredPart[] = [];
      for (const { scope, outcome } of call.body.covered) {
        // Under the name it was said: the claim has them all.
        const look = readLook(scope);
        if (!look.ok) return look;
        covered.push({ look: look.value, outcome });
      }
      return await act(call, { kind: 'release', claim: call.params.claim, covered });
    }),
    route(claims.offer, async (call) =>
      act(call, { kind: 'offer', claim: call.params.claim, to: call.body.to }),
    ),
    route(claims.answerOffer, async (call) =>
      act(call, { kind: 'answer-offer', claim: call.params.claim, accept: call.body.accept }),
    ),
    route(claims.wait, async (call) => {
      const { scope, ...rest } = call.body;
      const look = await askedLook(services, scope);
      if (!look.ok) return look;
      return await act(call, { kind: 'wait', look: look.value, ...rest });
    }),
    route(claims.withdrawWait, async (call) =>
      act(call, { kind: 'withdraw', wait: call.params.wait }),
    ),
    route(claims.endWait, async (call) => {
      const ref = await services.content.putText(call.body.reason, 'reason.txt');
      const { wait } = call.params;
      const reason = { ref, subject: wait, level: levels.summary };
      return await act(call, { kind: 'end-wait', wait, reason });
    }),
    route(claims.askJoin, async (call) => {
      const { scope, sharing, from = null, until } = call.body;
      const look = await askedLook(services, scope);
      if (!look.ok) return look;
      return await act(call, { kind: 'ask-join', look: look.value, sharing, from, until });
    }),
    route(claims.answerJoin, async (call) => {
      const { joining: join } = call.params;
      const input: Command = { kind: 'answer-join', join, accept: call.body.accept };
      const done = responseOf(await desk.carryOut({ envelope: call.envelope, input }));
      if (!done.ok) return done;
      const asker = withOf(done.value);
      return ok({ join, with: asker === null ? null : await services.directory.refOf(asker) });
    }),
    route(claims.override, async (call) => {
      const ref = await services.content.putText(call.body.reason, 'reason.txt');
      const { claim } = call.params;
      const reason = { ref, subject: claim, level: levels.summary };
      return await act(call, { kind: 'override', claim, reason });
    }),
    route(claims.map, async ({ actor, body }) => coverageMap(services, asking, { actor, ...body })),
    route(claims.strikeCoverage, (call) => strikeCoverage(services, call)),
    route(claims.rules, async () => ok(rules)),
    ...listRoutes(services),
  ];
}

/** Who asked, in the answer to a request to join. */
function withOf(answer: Json): Id<'party'> | null {
  if (typeof answer !== 'object' || answer === null || !('with' in answer)) return null;
  return typeof answer['with'] === 'string' ? parseId('party', answer['with']) : null;
}
