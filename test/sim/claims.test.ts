import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Body,
  type Claim,
  claims,
  createClient,
  type Operation,
  type Output,
  ProblemError,
} from '@breakwater/contract';
import { addMilliseconds, type Id, parseInstant } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { addPerson } from '../../demo/driver/people.ts';
import { type ServerProcess, startServer } from '../../demo/driver/server.ts';
import { findPostgres, withPostgres } from '../../tools/postgres.ts';
import {
  doubleGrants,
  type ModelAnswer,
  type ModelClaim,
  type ModelScope,
  wrongAnswers,
} from './claims-model.ts';
import { freePort } from './free-port.ts';

const long = process.env['BREAKWATER_LONG'] === '1';
const onPostgres = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres';
const plan = long
  ? { servers: 3, clients: 24, kills: 60, pauseMs: 2_000, betweenMs: 150 }
  : { servers: 2, clients: 8, kills: 4, pauseMs: 700, betweenMs: 0 };
/** Fewer than the answers that a party is given in a day (DCF-6): who had them goes on without. */
const answersMax = 1_900;
const timeLimitMs = long ? 1_800_000 : 240_000;
const hourMs = 3_600_000;

test(
  `${plan.servers} servers killed ${plan.kills} times while ${plan.clients} clients claim: no double grant, no lost grant`,
  async ({ skip }) => {
    const found = findPostgres();
    if ('missing' in found) skip(found.missing);
    skip(!onPostgres && !long, 'done in the run on PostgreSQL');
    await withPostgres(async ({ url }) => await killAndCheck(url), { durable: true });
  },
  timeLimitMs,
);

async function killAndCheck(url: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-claims-'));
  const servers: ServerProcess[] = [];
  try {
    for (let n = 0; n < plan.servers; n++) servers.push(await start(url, folder));
    const [first] = servers;
    if (first === undefined) throw new Error('no server');
    const clients: Client[] = [];
    for (let n = 0; n < plan.clients; n++) {
      const { key, party } = await addPerson(first, `Lab ${n}`, 'finder');
      clients.push({ key, party, held: [], released: [], answers: [], renewed: new Map() });
    }
    const coordinator = await addPerson(first, 'The desk', 'coordinator');
    const stopped = new AbortController();
    const work = Promise.all(clients.map((client) => run(client, servers, stopped.signal)));
    // Where one fails there is nothing left to kill for.
    work.catch(() => stopped.abort());
    await killSome(servers, stopped.signal);
    stopped.abort();
    await work;
    check(clients, await everyClaim({ ...noClient, key: coordinator.key }, servers));
  } finally {
    for (const server of servers) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function start(url: string, folder: string): Promise<ServerProcess> {
  return await startServer({
    dataDirectory: path.join(folder, 'data'),
    port: await freePort(),
    environment: {
      DATABASE_URL: url,
      BREAKWATER_RATE_LIMITS: 'off',
      // The log is another test's; here it only has to hold what is committed.
      BREAKWATER_LOG_CADENCE_SECONDS: '86400',
    },
  });
}

/** Kills one of the servers at a random moment, without warning, and starts it again. */
async function killSome(servers: readonly ServerProcess[], signal: AbortSignal): Promise<void> {
  for (let n = 0; n < plan.kills && !signal.aborted; n++) {
    await delay(-Math.log(1 - Math.random()) * plan.pauseMs);
    const server = servers[Math.floor(Math.random() * servers.length)];
    if (server === undefined) throw new Error('no server');
    await server.kill();
    await server.restart();
  }
  await delay(plan.pauseMs);
}

interface Client {
  readonly key: string;
  readonly party: string;
  /** What it was granted and has not released. */
  readonly held: Id<'claim'>[];
  readonly released: Id<'claim'>[];
  readonly answers: ModelAnswer[];
  /** The last end that was acknowledged. */
  readonly renewed: Map<string, string>;
}
const noClient = { party: '', held: [], released: [], answers: [], renewed: new Map() };

/** Claims, renews and releases at random, each until it is answered, until told to stop. */
async function run(
  client: Client,
  servers: readonly ServerProcess[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await delay(Math.random() * 2 * plan.betweenMs);
    const dice = Math.random();
    const [own] = client.held;
    const mayClaim = client.answers.length < answersMax;
    if (mayClaim && (own === undefined || (dice < 0.5 && client.held.length < 4))) {
      await claimOne(client, servers);
    } else if (own === undefined) {
      await delay(plan.pauseMs);
    } else if (dice < 0.7) {
      const until = addMilliseconds(nowText(), Math.ceil(30 + Math.random() * 200) * hourMs);
      const renewed = await ask(servers, client, claims.renew, {
        params: { claim: own },
        body: { until },
      });
      if (renewed !== null) client.renewed.set(own, renewed.until);
    } else {
      await ask(servers, client, claims.release, { params: { claim: own }, body: { covered: [] } });
      client.held.shift();
      client.released.push(own);
    }
  }
}

async function claimOne(client: Client, servers: readonly ServerProcess[]): Promise<void> {
  const scope = randomScope();
  const sharing = Math.random() < 0.5 ? 'alone' : 'beside';
  const until = addMilliseconds(nowText(), 24 * hourMs);
  const body: Body<typeof claims.claim> = {
    scope: asScope(scope),
    sharing,
    until,
    listed: true,
  };
  const sentAt = Date.now();
  const said = await ask(servers, client, claims.claim, { body });
  if (said === null) throw new Error('a claim was refused');
  const { answer, claim } = said;
  const { party } = client;
  client.answers.push({ party, scope, sharing, answer, claim, sentAt, answeredAt: Date.now() });
  if (claim !== null) client.held.push(claim);
}

type Input = { readonly params?: object; readonly body?: object };

/** Asks one server after the other, with the same key, until one answers; null: refused. */
async function ask<T extends Operation>(
  servers: readonly ServerProcess[],
  { key }: Pick<Client, 'key'>,
  operation: T,
  input: Input,
): Promise<Output<T> | null> {
  const idempotencyKey = randomUUID();
  for (let n = Math.floor(Math.random() * servers.length); ; n++) {
    const server = servers[n % servers.length];
    try {
      const client = createClient({ baseUrl: server?.address ?? '', key });
      return await client.call(operation, { ...input, idempotencyKey } as never); // one of three above
    } catch (error) {
      // A server that lost its connection or is shutting down answers 500: nothing is known.
      if (error instanceof ProblemError && error.problem.status < 500) {
        if (operation.id === claims.renew.id) return null;
        throw error;
      }
      await delay(20);
    }
  }
}

const directories = ['src', 'lib'];
const weaknesses = ['CWE-79', 'CWE-89', 'CWE-125'];

function randomScope(): ModelScope {
  const pick = <T>(from: readonly T[]) => from.filter(() => Math.random() < 0.5);
  const depth = Math.floor(Math.random() * 4);
  const somewhere = Array.from(
    { length: depth },
    () => directories[Math.floor(Math.random() * 2)] ?? '',
  );
  const methods = pick(['fuzz', 'static'] as const);
  return {
    path: somewhere,
    methods: methods.length === 0 ? ['fuzz'] : methods,
    weaknesses: pick(weaknesses),
  };
}

function asScope({ path: segments, methods, weaknesses: classes }: ModelScope) {
  const below = segments.length === 0 ? '' : `#${segments.join('/')}`;
  return {
    targets: [`repo:github.com/acme/contended${below}`],
    places: [],
    except: [],
    methods: [...methods],
    weaknesses: [...classes],
    exceptWeaknesses: [],
  };
}

/** A claim that a server lists, in the words of the model. */
function modelOf({ id, holder, scope, sharing, ...claim }: Claim): ModelClaim {
  const [target = ''] = scope.targets;
  return {
    id,
    holder: holder?.id ?? '',
    scope: {
      path: target.split('#')[1]?.split('/') ?? [],
      methods: scope.methods.filter((m) => m === 'fuzz' || m === 'static'),
      weaknesses: scope.weaknesses,
    },
    sharing,
    from: Date.parse(claim.from),
    until: Date.parse(claim.endedAt ?? claim.until),
  };
}

async function everyClaim(
  client: Client,
  servers: readonly ServerProcess[],
): Promise<readonly Claim[]> {
  const all: Claim[] = [];
  for (const show of ['live', 'ended'] as const) {
    let after: string | undefined;
    do {
      const query = { show, limit: 200, ...(after === undefined ? {} : { after }) };
      const page = await ask(servers, client, claims.watch, { query } as Input);
      all.push(...(page?.items ?? []));
      after = page?.next ?? undefined;
    } while (after !== undefined);
  }
  return all;
}

function check(clients: readonly Client[], listed: readonly Claim[]): void {
  const answers = clients.flatMap((client) => client.answers);
  const granted = answers.flatMap(({ claim }) => claim ?? []);
  const model = listed.map(modelOf);
  process.stdout.write(
    `${answers.length} claims asked for, ${granted.length} granted, ` +
      `${answers.length - granted.length} in conflict, ${plan.kills} kills\n`,
  );
  expect(granted.length).toBeGreaterThan(0);
  expect(answers.some(({ answer }) => answer === 'conflict')).toBe(true);
  // Each was asked for until it was answered: so what is there is what was acknowledged, once each.
  expect(listed.map(({ id }) => id).toSorted()).toEqual(granted.toSorted());
  expect(doubleGrants(model)).toEqual([]);
  expect(wrongAnswers(answers, model)).toEqual([]);
  const byId = new Map<string, Claim>(listed.map((claim) => [claim.id, claim]));
  for (const { held, released, renewed } of clients) {
    expect(held.map((id) => byId.get(id)?.state)).toEqual(held.map(() => 'live'));
    expect(released.map((id) => byId.get(id)?.state)).toEqual(released.map(() => 'released'));
    for (const [id, until] of renewed) expect(byId.get(id)?.until).toBe(until);
  }
}

function nowText() {
  const now = parseInstant(new Date().toISOString());
  if (now === null) throw new Error('expected the clock to tell the time');
  return now;
}
