import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { type Client, createClient, directory, session } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { pino } from 'pino';
import { readConfig } from '../src/config.ts';
import { manualClock } from '../src/platform/clock/clock.ts';
import { noMail, type SignInMail } from '../src/platform/directory/mail.ts';
import type { Composed } from '../src/platform/mail/compose.ts';
import { createMemoryMail, type MemoryMail } from '../src/platform/mail/memory.ts';
import { openPolicies } from '../src/platform/policy/cedar.ts';
import { createPgBossQueue } from '../src/platform/queue/pg-boss.ts';
import type { JobHandler } from '../src/platform/queue/queue.ts';
import type { Proving } from '../src/platform/sandbox/proving.ts';
import type { Services } from '../src/services.ts';
import { start } from '../src/start.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';
import { type Script, scriptedProving } from './proving.ts';
import { scratch } from './scratch.ts';

export { onPostgres, openTestDatabase, type TestDatabase } from './database.ts';

export interface TestServerOptions {
  /** The sandbox; scripted unless given. */
  readonly proving?: Proving;
  /** Where sign-in links go; nowhere unless given. */
  readonly signInMail?: SignInMail;
  /** The hour at which the manual clock stands. */
  readonly at?: Instant;
  /** Settings beside the harness's own. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How jobs reach the server; as they are, unless a test brings disorder into them. */
  readonly deliver?: (handler: JobHandler) => JobHandler;
  /** Where the web client was built; none is served unless given. */
  readonly webDirectory?: string;
  /** One of the test's own making; a fresh one unless given. */
  readonly database?: TestDatabase;
}

export interface TestParty {
  readonly id: Id<'party'>;
  readonly key: string;
  readonly client: Client;
}

/** A person in a browser: what it fetches carries the session cookie it was given. */
export interface SignedIn {
  readonly member: Id<'member'>;
  readonly session: Id<'session'>;
  /** `name=value`, as a browser would send it. */
  readonly cookie: string;
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly client: Client;
}

/** The real server, in this process, on a database and a data directory of its own. */
export interface TestServer extends AsyncDisposable {
  readonly address: string;
  /** Where calls of models are taken; null: no gateway was asked for. */
  readonly gatewayPort: number | null;
  readonly services: Services;
  readonly database: TestDatabase;
  readonly dataDirectory: string;
  /** Moves only when told. */
  readonly clock: ReturnType<typeof manualClock>;
  /** How the scripted sandbox answers. */
  readonly script: Script;
  /** Speaks over the administrator's socket. */
  readonly administrator: Client;
  /** Every mail that went out. */
  readonly mails: readonly Composed[];
  /** Where they went; may be told to hand nothing over. */
  readonly mail: MemoryMail;
  /** Errors the server logged; a healthy test ends with none. */
  readonly errors: readonly string[];
  /** Adds a party and makes it a key. */
  party(role: string, name?: string): Promise<TestParty>;
  /** A new person joins the party, who manages it, and signs in. */
  signIn(party: Pick<TestParty, 'id'>, name?: string): Promise<SignedIn>;
  /** What a browser that opens a one-time link gets; `body` is what its person fills in. */
  redeem(link: string, body?: Readonly<Record<string, string>>): Promise<SignedIn>;
  /** A raw request, for what a well-behaved client would not send. */
  send(wish: RawRequest): Promise<Response>;
  /** Stops the server and leaves database and data directory as they are. */
  stop(): Promise<void>;
}

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly key?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The first hour of every test that does not choose one. */
export const morning = '2026-03-01T08:00:00.000Z' as Instant; // spelled as kernel writes instants

/** Starts a server on port 0; the log grows only when a test calls `sequencer.tick()`. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDirectory = await mkdtemp(path.join(scratch, 'breakwater-server-'));
  const database = options.database ?? (await openTestDatabase(dataDirectory));
  const clock = manualClock(options.at ?? morning);
  const script: Script = { validation: 'reproduced', patch: 'verified', fault: null };
  const mail = createMemoryMail({ from: 'breakwater@example.org', clock });
  const errors: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void errors.push(line) });
  const config = readConfig({
    BREAKWATER_PORT: '0',
    BREAKWATER_DATA_DIRECTORY: dataDirectory,
    BREAKWATER_LOG_CADENCE_SECONDS: '86400',
    // A test asks faster than people do; those of the limits say so.
    BREAKWATER_RATE_LIMITS: 'off',
    BREAKWATER_GATEWAY_UPSTREAMS: 'public,127.0.0.1',
    ...options.settings,
  });
  const queue = createPgBossQueue({
    database: database.database,
    onError: (error) => void errors.push(String(error)),
  });
  const { deliver = (handler) => handler } = options;
  const running = await start(
    config,
    {
      database: database.database,
      queue: {
        ...queue,
        start: (handlers) =>
          queue.start(
            Object.fromEntries(Object.entries(handlers).map(([job, h]) => [job, deliver(h)])),
          ),
      },
      clock,
      mail,
      // By the wall clock, which is not the one a test moves; a test asks when it wants.
      mailTickMs: 86_400_000,
      claimsTickMs: 86_400_000,
      precheckTickMs: 86_400_000,
      proving: options.proving ?? scriptedProving(script),
      policies: openPolicies(),
      webDirectory: options.webDirectory ?? null,
      signInMail: options.signInMail ?? noMail,
    },
    logger,
  );
  const administrator = createClient({
    baseUrl: 'http://administrator',
    fetch: overSocket(path.join(dataDirectory, 'admin.sock')),
  });
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await running.stop();
  };
  return {
    address: running.address,
    gatewayPort: running.gatewayPort,
    services: running.services,
    database,
    dataDirectory,
    clock,
    script,
    administrator,
    mails: mail.sent,
    mail,
    errors,
    stop,
    party: (role, name = `A ${role}`) => addParty(administrator, running.address, { role, name }),
    async signIn(party, name = 'A Person') {
      const { link } = await administrator.call(directory.makeLink, { body: { party: party.id } });
      return await redeem(running.address, link, { name });
    },
    redeem: (link, body = {}) => redeem(running.address, link, body),
    send: (wish) => send(running.address, wish),
    async [Symbol.asyncDispose]() {
      await stop();
      await database[Symbol.asyncDispose]();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

async function addParty(
  administrator: Client,
  address: string,
  given: { readonly role: string; readonly name: string },
): Promise<TestParty> {
  const { id } = await administrator.call(directory.addParty, { body: given });
  const made = await administrator.call(directory.addKey, {
    params: { party: id },
    body: { label: 'test' },
  });
  return { id, key: made.key, client: createClient({ baseUrl: address, key: made.key }) };
}

async function redeem(
  address: string,
  link: string,
  body: Readonly<Record<string, string>>,
): Promise<SignedIn> {
  const token = new URL(link).hash.slice(1);
  let cookie = '';
  const atTheDoor = createClient({
    baseUrl: address,
    async fetch(url, init) {
      const answer = await fetch(url, init);
      cookie = /^[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? '';
      return answer;
    },
  });
  const opened = await atTheDoor.call(session.redeem, { body: { token, ...body } });
  const withCookie = (url: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('cookie', cookie);
    // As a browser does from our own page, and no other site's page can make it do.
    headers.set('origin', new URL(url).origin);
    return fetch(url, { ...init, headers });
  };
  return {
    member: opened.member.id,
    session: opened.session,
    cookie,
    fetch: (url, init) => withCookie(new URL(url, address).href, init),
    client: createClient({ baseUrl: address, fetch: withCookie }),
  };
}

async function send(address: string, wish: RawRequest): Promise<Response> {
  const headers: Record<string, string> = { ...wish.headers };
  if (wish.key !== undefined) headers['authorization'] = `Bearer ${wish.key}`;
  if (wish.method === 'POST') headers['idempotency-key'] ??= randomUUID();
  const body = wish.body === undefined ? {} : { body: wish.body };
  return await fetch(`${address}${wish.path}`, { method: wish.method, headers, ...body });
}

/** fetch over a unix socket, which the platform's own cannot. */
function overSocket(socketPath: string) {
  return (url: string, init: RequestInit): Promise<Response> =>
    new Promise((resolve, reject) => {
      const { pathname, search } = new URL(url);
      const headers = Object.fromEntries(new Headers(init.headers));
      const out = request(
        { socketPath, path: pathname + search, method: init.method ?? 'GET', headers },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.once('error', reject);
          answer.once('end', () =>
            resolve(new Response(Buffer.concat(chunks), { status: answer.statusCode ?? 500 })),
          );
        },
      );
      out.once('error', reject);
      out.end(typeof init.body === 'string' ? init.body : undefined);
    });
}
