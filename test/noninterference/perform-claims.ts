import {
  authorizations,
  type Body,
  claims,
  fillPath,
  type Operation,
  precheck,
  Scope,
  wishes,
} from '@breakwater/contract';
import { later } from '../../apps/server/test/world.ts';
import type { ClaimStep, Step } from './history.ts';
import { actorOf, type Deeds, keep, type Scene, sentence } from './scene.ts';
import type { Answer } from './twin.ts';

const hourMs = 3_600_000;

/**
 * The sides look at the same packages, each at a path of its own: whoever overlaps learns of it
 * (D-1 for findings, the claims' own items for this), and so nobody may.
 */
function placeOf({ number }: Scene, { side, pick }: Step): string {
  return `pkg:npm/uli${number}-${pick % 3}#src/${side}/${pick % 4}`;
}

/** A system that runs somewhere, under a name that only its side asks about. */
function hostOf({ number }: Scene, { side, pick }: Step): string {
  return `${side}${pick % 2}.uli${number}.example`;
}

/** What is claimed, allowed, stopped and asked ahead; null where there is nothing to do it to. */
export async function performClaims(scene: Scene, step: ClaimStep): Promise<Answer | null> {
  const { clock } = scene.twin.server;
  const own = scene.deeds[step.side];
  const by = actorOf(scene, step.side);
  const scope = Scope.parse({ targets: [placeOf(scene, step)], methods: ['read', 'fuzz'] });
  const until = later(clock, 6 * hourMs);
  const sharing = step.pick % 2 === 0 ? ('alone' as const) : ('beside' as const);
  const claim = oneOf(own, 'claim', step.pick);
  const ofClaim = claim === null ? null : { claim };
  switch (step.act) {
    case 'claim':
      return keep(
        own,
        'claim',
        await by('finder', claims.claim, { body: { scope, sharing, until, listed: true } }),
      );
    case 'wait-for-claim': {
      const body = { scope, sharing, hours: 2, giveUpAt: later(clock, 9 * hourMs), listed: true };
      return keep(own, 'wait', await by('finder', claims.wait, { body }));
    }
    case 'ask-to-join':
      return keep(
        own,
        'join',
        await by('finder', claims.askJoin, { body: { scope, sharing, until } }),
      );
    case 'renew-claim':
      if (ofClaim === null) return null;
      return await by('finder', claims.renew, {
        params: ofClaim,
        body: { until: later(clock, 9 * hourMs) },
      });
    case 'use-claim':
      if (ofClaim === null) return null;
      return await by('finder', claims.use, { params: ofClaim, body: {} });
    case 'release-claim': {
      if (ofClaim === null) return null;
      const covered = [{ scope, outcome: 'nothing-found' as const }];
      return await by('finder', claims.release, { params: ofClaim, body: { covered } });
    }
    case 'open-control': {
      const body = {
        target: hostOf(scene, step),
        way: 'statement' as const,
        statement: sentence(step),
      };
      return keep(own, 'control', await by('operator', authorizations.openControl, { body }), 'id');
    }
    case 'authorize':
      return keep(own, 'authorization', await authorize(scene, step), 'id');
    case 'stop': {
      const body = { target: placeOf(scene, step), reason: sentence(step) };
      await by('coordinator', authorizations.stop, { body });
      return null;
    }
    case 'ask-ahead':
      return await askAhead(scene, step);
  }
}

function oneOf(own: Deeds, kind: string, pick: number): string | null {
  const ids = own.things.filter((thing) => thing.kind === kind);
  return ids[pick % Math.max(1, ids.length)]?.id ?? null;
}

async function authorize(scene: Scene, step: Step): Promise<Answer> {
  const { clock } = scene.twin.server;
  const body: Body<typeof authorizations.authorize> = {
    targets: [hostOf(scene, step)],
    except: [],
    methods: ['passive'],
    parties: [scene.twin.crews[step.side].finder.id],
    roles: [],
    from: later(clock, 0),
    until: later(clock, 24 * hourMs),
    pace: { requestsPerSecond: 1, connections: null },
    never: { zone: 'Europe/Berlin', weekly: [], once: [] },
    contact: sentence(step),
  };
  return await actorOf(scene, step.side)('operator', authorizations.authorize, { body });
}

/** Reads that name what they ask about in their body or query: each time another of them. */
async function askAhead(scene: Scene, step: Step): Promise<Answer> {
  const { clock } = scene.twin.server;
  const target = placeOf(scene, step);
  const scope = { targets: [target], methods: ['read' as const] };
  const look = (
    operation: Operation,
    asked: { readonly body?: unknown; readonly query?: string },
  ) =>
    scene.twin.look('finder', {
      method: operation.method,
      path: fillPath(operation.path, {}) + (asked.query ?? ''),
      ...(operation.method === 'POST' ? { body: JSON.stringify(asked.body ?? {}) } : {}),
    });
  const named = (name: string) => `?target=${encodeURIComponent(name)}`;
  switch (step.pick % 6) {
    case 0:
      return await look(claims.preview, { body: { scope, until: later(clock, hourMs) } });
    case 1:
      return await look(claims.map, { body: { target } });
    case 2:
      return await look(authorizations.may, {
        query: `${named(hostOf(scene, step))}&method=passive`,
      });
    case 3:
      return await look(wishes.wishes, { query: named(target) });
    case 4:
      return await look(authorizations.authorizations, { query: named(hostOf(scene, step)) });
    default:
      return await buckets(scene, step);
  }
}

/** Bytes that are new in every answer: how many there are is all that could tell. */
async function buckets(scene: Scene, { pick }: Step): Promise<Answer> {
  const keys = await scene.twin.look('finder', { method: 'GET', path: precheck.precheckKeys.path });
  const { epochs } = JSON.parse(keys.body) as {
    epochs: { epoch: string; prefixBits: number; bucketsPerRequest: number }[];
  };
  const [newest] = epochs;
  if (newest === undefined) return keys;
  const answer = await scene.twin.look('finder', {
    method: 'POST',
    path: precheck.precheckBuckets.path,
    body: JSON.stringify({
      epoch: newest.epoch,
      buckets: Array.from(
        { length: newest.bucketsPerRequest },
        (_, i) => (pick + i) % 2 ** newest.prefixBits,
      ),
    }),
  });
  return {
    ...answer,
    body: answer.body.replace(/[A-Za-z0-9+/=]{16,}/g, (text) => `${text.length}`),
  };
}
