import { commonRefusals, type Operation, openApi, type Problem } from '@breakwater/contract';
import { fromUtf8, type Json, type Refusal } from '@breakwater/kernel';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import { z } from 'zod';
import { administrator, system } from './platform/commands/audience.ts';
import { publicEnvelope } from './platform/commands/public-envelope.ts';
import { keepingOnlyHeld } from './platform/content/left-over.ts';
import { sessionCookie, tokenIn } from './platform/directory/cookie.ts';
import type { Authenticated } from './platform/directory/directory.ts';
import type { Metrics } from './platform/metrics.ts';
import type { Browser, Call, FileAnswer, Route } from './route.ts';
import type { Services } from './services.ts';

/** Longest part of an answer that repeats what was sent, in UTF-16 code units. */
const gotMax = 500;
/** Form of the Idempotency-Key header. */
export const idempotencyKeyShape = /^[\x21-\x7e]{8,120}$/;
const byTheSocket: Authenticated = {
  actor: administrator,
  member: null,
  session: null,
  scope: null,
};

type Variables = { readonly administrator: boolean };
export type App = Hono<{ Bindings: Variables }>;

/** Everything on: no framing, no sniffing, no referrer, scripts and data from here only. */
const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

export interface HttpOptions {
  readonly services: Services;
  readonly routes: readonly Route[];
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The HTTP application: every operation of the contract, and nothing that is not in it. */
export function createApi(options: HttpOptions): App {
  const app: App = new Hono();
  app.use('*', async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });
  app.onError((error, c) => {
    options.logger.error({ err: error, path: c.req.path }, 'request failed');
    return answerRefusal(c, broken, 500);
  });
  app.notFound((c) => answerRefusal(c, noSuchPath));
  for (const route of options.routes) {
    const path = route.operation.path.replace(/\{(\w+)\}/g, ':$1');
    const { bodyBytesMax: maxSize, method } = route.operation;
    const limited = bodyLimit({ maxSize, onError: (c) => answerRefusal(c, tooLarge(maxSize)) });
    app.on(method, path, limited, (c) => serve(c, route, options));
  }
  const document = openApi();
  app.get('/openapi.json', (c) => c.json(document));
  return app;
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
  const caller = await authenticate(c, options.services, now);
  if (caller === 'unknown-key') return answerRefusal(c, keyUnknown);
  const permission = permit(operation, caller);
  if (permission !== null) return answerRefusal(c, permission);

  const idempotencyKey = c.req.header('idempotency-key') ?? '';
  if (operation.method === 'POST' && !idempotencyKeyShape.test(idempotencyKey)) {
    return answerRefusal(c, idempotencyKeyNeeded);
  }
  const input = await parseInput(c, operation);
  if ('code' in input) return answerRefusal(c, input);
  const actor = caller?.actor ?? system;
  const request = { params: input.params, body: input.body } as Json; // parsed from JSON above
  const call: Call<Operation> = {
    actor,
    anonymous: caller === null,
    member: caller?.member ?? null,
    session: caller?.session ?? null,
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
  if (!result.ok) return answerRefusal(c, result.refusal, statusOf(operation, result.refusal.code));
  if (operation.file !== undefined) return answerFile(result.value as FileAnswer, operation.file);
  return c.json(result.value as Json); // route() bound a JSON handler to an operation without file
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
  const key = /^Bearer (\S+)$/.exec(header)?.[1];
  return (
    (key === undefined ? null : await services.directory.authenticate(key, now)) ?? 'unknown-key'
  );
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

/** null where the call is permitted. */
function permit(operation: Operation, caller: Authenticated | null): Refusal | null {
  if (caller === null) return operation.callers.includes('public') ? null : keyMissing;
  const { role } = caller.actor;
  const byRole = operation.callers.some((allowed) => allowed === role);
  const byScope = caller.scope === null || caller.scope.includes(operation.id);
  if (byRole && byScope) return null;
  return {
    code: 'not-permitted',
    expected: `a key that may call ${operation.id}: ${operation.callers.join(', ')}`,
    got: byRole ? 'a key whose scope leaves it out' : `a key of a ${role}`,
    todo: 'use another key, or ask the administrator for one',
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
  let json: unknown;
  try {
    json = JSON.parse(fromUtf8(new Uint8Array(await c.req.arrayBuffer())));
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
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      'content-type': mediaType,
      'content-disposition': `attachment; filename="${file.fileName.replace(/[^A-Za-z0-9._-]/g, '_')}"`,
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
const keyMissing: Refusal = {
  code: 'key-missing',
  expected: 'an API key in the Authorization header, as Bearer',
  got: 'none',
  todo: 'send a key; the terminal client takes it from BREAKWATER_KEY or --key. Whoever runs the server makes one: npx breakwater admin key',
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
