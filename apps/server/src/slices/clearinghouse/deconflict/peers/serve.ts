import { wishes as contract } from '@breakwater/contract';
import { ok } from '@breakwater/kernel';
import type { Context } from 'hono';
import { z } from 'zod';
import { answerRefusal, tooManyRequests } from '../../../../answer.ts';
import { type App, arrivedOf } from '../../../../http.ts';
import { countedAddress } from '../../../../platform/edge/addresses.ts';
import type { Edge } from '../../../../platform/edge/edge.ts';
import { createLimiter } from '../../../../platform/edge/limiter.ts';
import { type Route, route } from '../../../../route.ts';
import type { Services } from '../../../../services.ts';
import { keepHashes, type PeersNeeds } from './claim-check.ts';
import { type GiveOutNeeds, recordsToGive } from './give-out.ts';
import { importRecords } from './take-in.ts';

/** The operations by which records of other installations come in and ours go out. */
export function peersRoutes(services: Services, needs: GiveOutNeeds): readonly Route[] {
  return [
    route(contract.importRecords, (call) => importRecords(services, call)),
    route(contract.records, async () => ok({ items: [...(await recordsToGive(services, needs))] })),
  ];
}

/** How often one address may ask, and how often all together: whoever holds the salt could try names out. */
const perAddress = { burst: 60, perMinute: 1 };
const together = { burst: 1_000, perMinute: 16 };

const Question = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) });
const questionBytesMax = 1_024;
const mediaType = { 'content-type': 'application/json' };

/**
 * The claim check as scrutineer documents it (interchange page, Claim-check endpoint). Not there at
 * all without the settings: an installation outside a federation looks like one without the door.
 */
export function serveClaimCheck(
  app: App,
  { services, edge, needs }: { services: Services; edge: Edge; needs: PeersNeeds },
): void {
  const { federation } = services;
  if (federation === null) return;
  const nowMs = () => performance.now();
  const hashes = keepHashes(services, needs, { salt: federation.salt, nowMs });
  const limiter = createLimiter({ nowMs });
  app.post('/claim-check', async (c) => {
    const peer = edge.peer(arrivedOf(c));
    const wait =
      limiter.take(`claim-check ${countedAddress(peer.address)}`, perAddress) ??
      limiter.take('claim-check', together);
    if (wait !== null) {
      c.header('retry-after', String(wait));
      return answerRefusal(c, tooManyRequests(wait));
    }
    const hash = await hashIn(c);
    if (hash === null)
      return new Response('{"error":"malformed"}\n', { status: 400, headers: mediaType });
    const match = await hashes.has(hash);
    const answer = match ? { match, contact: federation.contact } : { match };
    return new Response(`${JSON.stringify(answer)}\n`, { headers: mediaType });
  });
}

async function hashIn(c: Context): Promise<string | null> {
  const length = Number(c.req.header('content-length') ?? Number.NaN);
  if (!(length <= questionBytesMax)) return null;
  try {
    const question = Question.safeParse(JSON.parse(await c.req.text()));
    return question.success ? question.data.hash : null;
  } catch {
    return null;
  }
}
