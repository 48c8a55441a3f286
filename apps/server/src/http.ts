import type { IncomingMessage } from 'node:http';
import {
  commonRefusals,
  type Operation,
  openApi,
  operations,
  type Problem,
} from '@breakwater/contract';
import { fromUtf8, type Json, type Refusal } from '@breakwater/kernel';
import { type Context, Hono } from 'hono';
import type { Logger } from 'pino';
import { z } from 'zod';
import { chooseRange } from './byte-range.ts';
import { administrator, system } from './platform/commands/audience.ts';
import { publicEnvelope } from './platform/commands/public-envelope.ts';
import { keepingOnlyHeld } from './platform/content/left-over.ts';
import { DatabaseAway } from './platform/database/away.ts';
import { sessionCookie, tokenIn } from './platform/directory/cookie.ts';
import type { Authenticated } from './platform/directory/directory.ts';
import { credentialOf } from './platform/directory/standing.ts';
import { readBody } from './platform/edge/body.ts';
import type { Arrived, Edge } from './platform/edge/edge.ts';
import { failedCodes } from './platform/edge/limits.ts';
import type { Metrics } from './platform/metrics.ts';
import { mayCall, permit, refusedAtDoor, type WeighedFacts } from './platform/policy/permit.ts';
import type { Browser, Call, FileAnswer, RangedAnswer, Route, StreamAnswer } from './route.ts';
import { forCaches } from './same-for-all.ts';
import type { Services } from './services.ts';

/** Longest part of an answer that repeats what was sent, in UTF-16 code units. */
const gotMax = 500;
/** Form of the Idempotency-Key header. */
export const idempotencyKeyShape = /^[\x21-\x7e]{8,120}$/;
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

type Input = Pick<Call<Operation>, 'params' | 'query' | 'body'>;

async function parseInput(c: Context, operation: Operation): Promise<Input | Refusal> {
  const params = operation.params.safeParse(c.req.param());
  // An id of the wrong shape is simply not there.
  if (!params.success) return notThere;
  const query = operation.query.safeParse(c.req.query());
  if (!query.success) return malformed(query.error, 'query');
  if (operation.body instanceof z.ZodUndefined) {
    return { params: params.data, query: query.data, body: undefined };
  }
  const bytes = await readBody(c.req.raw, operation.bodyBytesMax);
  if (bytes === null) return tooLarge(operation.bodyBytesMax);
  let json: unknown;
  try {
    json = JSON.parse(fromUtf8(bytes));
  } catch {
    return notJson;
  }
  const body = operation.body.safeParse(json);
  if (!body.success) return malformed(body.error, 'body');
  // After the form is known: walking all that may be sent would take half a minute.
  if (!isWellFormed(body.data)) return notUnicode;
  return { params: params.data, query: query.data, body: body.data };
}

/** Whether every text in `json` is Unicode: half a surrogate pair has no bytes to keep or sign. */
function isWellFormed(json: unknown): boolean {
  const open: unknown[] = [json];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string' && !value.isWellFormed()) return false;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, part] of Object.entries(value)) open.push(name, part);
  }
  return true;
}

function malformed(error: z.ZodError, where: string): Refusal {
  const issue = error.issues[0];
  const pointer = `/${(issue?.path ?? []).map((p) => String(p).replace(/~/g, '~0').replace(/\//g, '~1')).join('/')}`;
  return {
    code: 'input-malformed',
    expected: `a ${where} in the published form`,
    // Cut: the message names what was sent, such as every key that is not known.
    got: `${pointer === '/' ? `the whole ${where}` : pointer}: ${issue?.message.slice(0, gotMax) ?? 'malformed'}`,
    todo: 'see /docs for the form, mend the field and send it again',
    pointer,
  };
}

function statusOf(operation: Operation, code: string): number {
  const known: Readonly<Record<string, number>> = { ...commonRefusals, ...operation.refusals };
  const status = known[code];
  if (status === undefined)
    throw new Error(`${operation.id} refused with ${code}, which it does not declare`);
  return status;
}

/** A refusal as an RFC 9457 problem; the status is that of the common refusals unless told. */
export function answerRefusal(c: Context, refusal: Refusal, status?: number): Response {
  const code = status ?? (commonRefusals as Readonly<Record<string, number>>)[refusal.code] ?? 500;
  const problem: Problem = {
    type: `urn:breakwater:problem:${refusal.code}`,
    title: refusal.code.replaceAll('-', ' '),
    status: code,
    detail: `Expected ${refusal.expected}; got ${refusal.got}. ${upper(refusal.todo)}.`,
    ...refusal,
  };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (code === 401) headers['www-authenticate'] = 'Bearer';
  return c.body(JSON.stringify(problem), code as 400, headers); // any status; the type lists a few
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function answerFile(file: FileAnswer, mediaType: string): Response {
  return new Response(new Uint8Array(file.bytes), { headers: fileHeaders(file, mediaType) });
}

function fileHeaders({ fileName }: { readonly fileName: string }, mediaType: string) {
  const safe = fileName.replace(/[^A-Za-z0-9._-]/g, '_');
  return {
    'content-type': mediaType,
    'content-disposition': `attachment; filename="${safe}"`,
  };
}

/** The whole file, or the one range that was asked for (RFC 9110, 14.2 and 15.3.7). */
function answerRanged(c: Context, operation: Operation, file: RangedAnswer): Response {
  const { size } = file;
  // No answer carries a validator, so that none that a client holds can match (RFC 9110, 13.1.5).
  const asked = c.req.header('if-range') === undefined ? c.req.header('range') : undefined;
  const range = chooseRange(asked, size);
  if (range === 'not-there') {
    c.header('content-range', `bytes */${size}`);
    return answerRefusal(c, rangeNotThere(size), statusOf(operation, 'range-not-there'));
  }
  const { from, to } = range ?? { from: 0, to: size };
  return new Response(file.open(from, to), {
    status: range === null ? 200 : 206,
    headers: {
      ...fileHeaders(file, operation.file ?? 'application/octet-stream'),
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
      'content-length': String(to - from),
      ...(range === null ? {} : { 'content-range': `bytes ${from}-${to - 1}/${size}` }),
    },
  });
}

function rangeNotThere(size: number): Refusal {
  return {
    code: 'range-not-there',
    expected: `a range of bytes below ${size}`,
    got: 'one that begins beyond',
    todo: 'ask for bytes that are there',
  };
}

/** Server-sent events (HTML, 9.2); no proxy shall keep them until there are enough. */
function answerStream({ events }: StreamAnswer): Response {
  return new Response(events, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    },
  });
}

function tooLarge(bytesMax: number): Refusal {
  return {
    code: 'input-too-large',
    expected: `a request of at most ${bytesMax} bytes`,
    got: 'a larger one',
    todo: 'send less at once',
  };
}

/** Said to whoever asks too often. */
export function tooManyRequests(seconds: number): Refusal {
  return {
    code: 'too-many-requests',
    expected: 'no more requests than the limits of this installation',
    got: 'one more',
    todo: `wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then go on more slowly`,
  };
}
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
/** Said to a write without an Idempotency-Key. */
export const idempotencyKeyNeeded: Refusal = {
  code: 'idempotency-key-missing',
  expected: 'an Idempotency-Key header of 8 to 120 visible characters on every write',
  got: 'none, or one of another form',
  todo: 'send a fresh random key with each new request and the same key when you retry it',
};
const notThere: Refusal = {
  code: 'not-found',
  expected: 'the id of something you may see',
  got: 'none with this id',
  todo: 'check the id',
};
const noSuchPath: Refusal = {
  code: 'not-found',
  expected: 'a method and path of the published operations',
  got: 'another',
  todo: 'see /docs for what there is',
};
const notJson: Refusal = {
  code: 'input-malformed',
  expected: 'a JSON body in UTF-8',
  got: 'text that is not JSON',
  todo: 'send the body as JSON with content-type application/json',
};
const notUnicode: Refusal = {
  code: 'input-malformed',
  expected: 'text in Unicode',
  got: 'a text with half a surrogate pair',
  todo: 'encode the text anew; bytes that are no text go in as base64',
};
