import type { IncomingMessage } from 'node:http';
import { keepsClassifiedOut, type Operation, openApi, operations } from '@breakwater/contract';
import { type Json, ok, type Refusal, refuseClassified } from '@breakwater/kernel';
import { type Context, Hono } from 'hono';
import type { Logger } from 'pino';
import {
  answerFile,
  answerRanged,
  answerRefusal,
  answerStream,
  statusOf,
  tooManyRequests,
} from './answer.ts';
import { administrator, system } from './platform/commands/audience.ts';
import { publicEnvelope } from './platform/commands/public-envelope.ts';
import { keepingOnlyHeld } from './platform/content/left-over.ts';
import { DatabaseAway } from './platform/database/away.ts';
import { sessionCookie, tokenIn } from './platform/directory/cookie.ts';
import type { Authenticated } from './platform/directory/directory.ts';
import { credentialOf } from './platform/directory/standing.ts';
import type { Arrived, Edge } from './platform/edge/edge.ts';
import { failedCodes } from './platform/edge/limits.ts';
import type { Metrics } from './platform/metrics.ts';
import { mayCall, permit, refusedAtDoor, type WeighedFacts } from './platform/policy/permit.ts';
import { idempotencyKeyNeeded, idempotencyKeyShape, parseInput } from './request.ts';
import type { Browser, Call, FileAnswer, RangedAnswer, Route, StreamAnswer } from './route.ts';
import { forCaches } from './same-for-all.ts';
import type { Services } from './services.ts';

const byTheSocket: Authenticated = {
  actor: administrator,
  permissions: operations.filter((o) => o.callers.includes('administrator')).map((o) => o.id),
  member: null,
  session: null,
  scope: null,
};

type Variables = {
  readonly administrator?: boolean;
  /** Absent for a request that came through no socket. */
  readonly incoming?: IncomingMessage;
};
export type App = Hono<{ Bindings: Variables }>;

export interface HttpOptions {
  readonly services: Services;
  readonly routes: readonly Route[];
  readonly facts: WeighedFacts;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly edge: Edge;
}

/** The HTTP application: every operation of the contract, and nothing that is not in it. */
export function createApi(options: HttpOptions): App {
  const app: App = new Hono();
  const { edge } = options;
  app.use('*', async (c, next) => {
    const refused = admit(c, edge);
    if (refused === null) await next();
    else c.res = refused;
    for (const [name, value] of edge.headers) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });
  app.onError((error, c) => {
    if (error instanceof DatabaseAway) {
      options.logger.error({ err: error, path: c.req.path }, 'the database does not answer');
      c.header('retry-after', String(awaySeconds));
      return answerRefusal(c, databaseAway);
    }
    options.logger.error({ err: error, path: c.req.path }, 'request failed');
    return answerRefusal(c, broken, 500);
  });
  app.notFound((c) => answerRefusal(c, noSuchPath));
  for (const route of options.routes) {
    const path = route.operation.path.replace(/\{(\w+)\}/g, ':$1');
    app.on(route.operation.method, path, (c) => serve(c, route, options));
  }
  const document = openApi();
  app.get('/openapi.json', (c) => c.json(document));
  return app;
}

/** null where the request may come in. */
function admit(c: Context<{ Bindings: Variables }>, edge: Edge): Response | null {
  if (c.env?.administrator === true) return null;
  const verdict = edge.judge(arrivedOf(c));
  if (verdict.kind === 'in') return null;
  if (verdict.kind === 'redirect') return c.redirect(verdict.to, 308);
  return answerRefusal(c, verdict.refusal, verdict.status);
}

/** What the edge reads of a request. */
export function arrivedOf(c: Context<{ Bindings: Variables }>): Arrived {
  return {
    incoming: c.env?.incoming,
    method: c.req.method,
    path: c.req.path,
    header: (name) => c.req.header(name),
  };
}

async function serve(c: Context<{ Bindings: Variables }>, route: Route, options: HttpOptions) {
  const { operation } = route;
  const stop = options.metrics.time(operation.id);
  let status = 500;
  try {
    const response = await answer(c, route, options);
    status = response.status;
    return response;
  } finally {
    stop(status);
  }
}

async function answer(c: Context<{ Bindings: Variables }>, route: Route, options: HttpOptions) {
  const { operation } = route;
  const now = options.services.clock.now();
  const counted = countingOf(c, options.edge);
  const shown = c.req.header('authorization') ?? '';
  const barred = counted.barred(shown);
  if (barred !== null) return barred;
  const caller = await authenticate(c, options.services, now);
  if (caller === 'unknown-key') return counted.failed(shown) ?? answerRefusal(c, keyUnknown);
  const tooMany = counted.call(operation, caller);
  if (tooMany !== null) return tooMany;
  const refused = refusedAtDoor(operation, caller);
  if (refused !== null) return answerRefusal(c, refused);

  const idempotencyKey = c.req.header('idempotency-key') ?? '';
  if (operation.method === 'POST' && !idempotencyKeyShape.test(idempotencyKey)) {
    return answerRefusal(c, idempotencyKeyNeeded);
  }
  const input = await parseInput(c, operation);
  if ('code' in input) return answerRefusal(c, input);
  const ports = { ...options.services, facts: options.facts };
  const permitted = await permit(ports, { operation, caller, ...input });
  if (!permitted.ok) return answerRefusal(c, permitted.refusal);
  const texts = keepsClassifiedOut(operation.id) ? openTexts(operation, input.body) : nothingFound;
  if (!texts.ok) return answerRefusal(c, texts.refusal, statusOf(operation, texts.refusal.code));
  const actor = caller?.actor ?? system;
  const request = { params: input.params, body: input.body } as Json; // parsed from JSON above
  const call: Call<Operation> = {
    actor,
    anonymous: caller === null,
    member: caller?.member ?? null,
    session: caller?.session ?? null,
    credential: credentialOf(caller?.session ?? null, bearer(c)),
    permissions: caller === null ? [] : mayCall(caller),
    level: permitted.value,
    ...input,
    now,
    idempotencyKey,
    envelope:
      caller === null
        ? publicEnvelope(operation.id, idempotencyKey, request)
        : { actor, operation: operation.id, idempotencyKey, request },
    browser: browserOf(c, options.services),
  };
  const result = await keepingOnlyHeld(options.services, () => route.handle(call));
  if (!result.ok) {
    const { refusal } = result;
    // What was good gets in whatever was tried before: only what was not good is ever held off.
    const heldOff = failedCodes.includes(refusal.code)
      ? counted.failed(JSON.stringify(input.body))
      : null;
    return heldOff ?? answerRefusal(c, refusal, statusOf(operation, refusal.code));
  }
  if (operation.stream === true) return answerStream(result.value as StreamAnswer); // by streamRoute()
  if (operation.ranges === true) {
    // As rangedRoute() bound it.
    return answerRanged(c, operation, result.value as RangedAnswer);
  }
  const file = operation.file === undefined ? null : (result.value as FileAnswer); // as route() bound it
  const answered =
    file === null || operation.file === undefined
      ? c.json(result.value as Json) // route() bound a JSON handler to an operation without file
      : answerFile(file, operation.file);
  if (operation.sameForAll !== true) return answered;
  return await forCaches(answered, {
    anonymous: caller === null,
    ifNoneMatch: c.req.header('if-none-match'),
    modifiedAt: file?.modifiedAt,
  });
}

/** Counts what this request does; each answers with the refusal, where it was too much. */
function countingOf(c: Context<{ Bindings: Variables }>, edge: Edge) {
  const own = c.env?.administrator === true;
  const peer = own ? null : edge.peer(arrivedOf(c));
  const inWords = (seconds: number | null): Response | null => {
    if (seconds === null) return null;
    c.header('retry-after', String(seconds));
    return answerRefusal(c, tooManyRequests(seconds));
  };
  return {
    barred: (shown: string) =>
      peer === null || shown === '' ? null : inWords(edge.barred(shown, peer)),
    failed: (shown: string) => (peer === null ? null : inWords(edge.failed(shown, peer))),
    call(operation: Operation, caller: Authenticated | null) {
      if (peer === null) return null;
      const who = caller === null ? null : (caller.session ?? caller.member ?? caller.actor.id);
      return inWords(edge.count(operation, who, peer));
    },
  };
}

async function authenticate(
  c: Context<{ Bindings: Variables }>,
  services: Services,
  now: Call<Operation>['now'],
): Promise<Authenticated | null | 'unknown-key'> {
  if (c.env?.administrator === true) {
    return byTheSocket;
  }
  const header = c.req.header('authorization');
  if (header === undefined) {
    // A cookie that is good for nothing any more stands at the door like everybody.
    const token = tokenIn(c.req.header('cookie'), services.site());
    return token === null ? null : await services.directory.authenticateSession(token, now);
  }
  const key = bearer(c);
  return (key === null ? null : await services.directory.authenticate(key, now)) ?? 'unknown-key';
}

function bearer(c: Context): string | null {
  return /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '')?.[1] ?? null;
}

function browserOf(c: Context, services: Services): Browser {
  const set = (kept: Parameters<Browser['keep']>[0] | null) =>
    c.header('set-cookie', sessionCookie(services.site(), kept));
  return {
    userAgent: c.req.header('user-agent') ?? '',
    keep: set,
    forget: () => set(null),
  };
}

/** What is packed is looked through by whoever unpacks it. */
function openTexts({ packed = [] }: Operation, body: unknown): ReturnType<typeof refuseClassified> {
  if (packed.length === 0 || typeof body !== 'object' || body === null) {
    return refuseClassified(body);
  }
  const open = Object.entries(body).filter(([name]) => !packed.includes(name));
  return refuseClassified(Object.fromEntries(open));
}

const nothingFound = ok(null);

/** How long whoever met no database is told to wait: about as long as one takes to start. */
const awaySeconds = 5;
const databaseAway: Refusal = {
  code: 'database-away',
  expected: 'the database to answer',
  got: 'a database that is stopped, starting or out of reach',
  todo: `send it again in ${awaySeconds} seconds, a write with the same Idempotency-Key`,
};
const broken: Refusal = {
  code: 'internal-error',
  expected: 'to carry this out',
  got: 'a fault of ours; nothing was changed',
  todo: 'try again with the same Idempotency-Key; if it stays, tell the administrator the time of day',
};
const keyUnknown: Refusal = {
  code: 'key-missing',
  expected: 'an API key in the Authorization header, as Bearer',
  got: 'a key that is not valid here',
  todo: 'check the key; it may have expired or been cut off',
};
const noSuchPath: Refusal = {
  code: 'not-found',
  expected: 'a method and path of the published operations',
  got: 'another',
  todo: 'see /docs for what there is',
};
