import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ClaimAnswer, claims } from '@breakwater/contract';
import { findPostgres } from '../tools/postgres.ts';
import { startBareHttp } from './bare-http.ts';
import { type Engine, onPostgres, openBeside } from './engines.ts';
import type { BenchOptions, Report, Row } from './row.ts';
import { seedClaims, seededTarget } from './seed-claims.ts';
import { type Server, startServer } from './server.ts';
import { load, quantile, timed } from './timing.ts';

const perSecond = 100;
const clientsCount = 64;
const serversCount = 3;
/** Asked before anything is measured, as fast as answered by so many: a third of a minute. */
const warming = { questions: 30_000, clients: 16 } as const;
const hourMs = 3_600_000;

/**
 * Claims on PostgreSQL with a million that live: what an asker waits for at a hundred questions a
 * second, and how many commands a second are durable when 64 clients ask three servers as fast as
 * they are answered. The peers are the least that could answer a question, at the same pace, and the
 * engine committing one row.
 */
export async function run(options: BenchOptions): Promise<Report> {
  const found = findPostgres();
  if ('missing' in found) throw new Error(found.missing);
  return await onPostgres((engine) => measure(engine, options));
}

async function measure(engine: Engine, { short }: BenchOptions): Promise<Report> {
  const live = short ? 20_000 : 1_000_000;
  const seconds = short ? 5 : 60;
  const servers = [await startServer(engine, { cadenceSeconds: 3_600 })];
  const database = openBeside(engine);
  try {
    const seededMs = await timed(() => seedClaims(database, live));
    await database.raw('create table public.one_row (n int)');
    const one = () => database.raw('insert into public.one_row values (1)');
    const bare = (await load(short ? 200 : 2_000, 1, one)).perSecond;
    const clients = await openClients(servers);
    const floor = await withBareHttp(engine, short);
    const asked = await warmThenAtPace(short, (n) =>
      post(at(clients, n), claims.preview.path, wish(seededTarget(random(live)), 'beside')),
    );
    for (let n = 1; n < serversCount; n++) {
      servers.push(await startServer(engine, { cadenceSeconds: 3_600 }));
    }
    const spread = clients.map((client, n) => ({ ...client, server: at(servers, n) }));
    await saturate(spread, { live, seconds: short ? 1 : 5 });
    const done = await saturate(spread, { live, seconds });
    return {
      rows: [...askedRows(asked, { live, floor }), ...doneRows(done, bare)],
      notes: [
        `Filling in ${live} claims took ${Math.round(seededMs / 1000)} s. ${short ? warming.clients : warming.questions} questions as fast as they are answered go before those at a pace.`,
        `Of the durable requests ${counted(done.kinds)}. Clients, servers and engine share the processors.`,
      ],
    };
  } finally {
    await database.close();
    for (const server of servers) await server.stop();
  }
}

async function withBareHttp(engine: Engine, short: boolean): Promise<Asked> {
  const bare = await startBareHttp(engine);
  try {
    const body = wish(seededTarget(0), 'beside');
    return await warmThenAtPace(short, () => post({ key: '', server: bare }, '/', body));
  } finally {
    bare.stop();
  }
}

function askedRows(
  { times, late }: Asked,
  { live, floor }: { readonly live: number; readonly floor: Asked },
): Row[] {
  const named = `overlap answered beside ${live} live claims, ${perSecond} a second`;
  const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
  const [bare50, bare99] = [quantile(floor.times, 0.5), quantile(floor.times, 0.99)];
  const bare = `bare HTTP and select 1, ${perSecond} a second`;
  return [
    { name: `${named}, p50`, value: p50, unit: 'ms', ratio: p50 / bare50 },
    {
      name: `${named}, p99`,
      value: p99,
      unit: 'ms',
      limit: { name: 'order of work', value: 5, met: p99 < 5 },
      ratio: p99 / bare99,
    },
    { name: 'of these sent after their moment, p99', value: quantile(late, 0.99), unit: 'ms' },
    { name: `${bare}, p50`, value: bare50, unit: 'ms' },
    { name: `${bare}, p99`, value: bare99, unit: 'ms' },
  ];
}

function doneRows({ times, kinds, perSecond: rate }: Saturated, bare: number): Row[] {
  const named = `${clientsCount} clients on ${serversCount} servers`;
  const total = Object.values(kinds).reduce((sum, n) => sum + n, 0);
  if (total !== times.length) throw new Error('some requests were not counted');
  return [
    {
      name: `durable claim requests, ${named}`,
      value: rate,
      unit: '/s',
      limit: { name: 'order of work', value: 500, met: rate >= 500 },
      ratio: rate / bare,
    },
    { name: 'commits of one row, one connection', value: bare, unit: '/s' },
    { name: `${named}, p50`, value: quantile(times, 0.5), unit: 'ms' },
    { name: `${named}, p99`, value: quantile(times, 0.99), unit: 'ms' },
  ];
}

function counted(kinds: Readonly<Record<string, number>>): string {
  return Object.entries(kinds)
    .map(([kind, n]) => `${n} were ${kind}`)
    .join(', ');
}

interface Asker {
  readonly key: string;
  readonly server: Server;
  /** Claims it holds, with their end. */
  readonly held: { id: string; until: number; renewed: number }[];
}

async function openClients([server]: readonly Server[]): Promise<Asker[]> {
  if (server === undefined) throw new Error('no server');
  const clients: Asker[] = [];
  for (let n = 0; n < clientsCount; n++) {
    clients.push({ key: (await server.party('finder')).key, server, held: [] });
  }
  return clients;
}

interface Asked {
  readonly times: readonly number[];
  /** How long after its moment each question was sent. */
  readonly late: readonly number[];
}

/** As of a server that runs: what it answers with is compiled, and the engine's pages are in memory. */
async function warmThenAtPace(
  short: boolean,
  ask: (n: number) => Promise<unknown>,
): Promise<Asked> {
  const { questions, clients } = warming;
  await load(short ? clients : questions, clients, ask);
  return await atPace(short ? 5 : 60, ask);
}

/**
 * Questions at fixed moments, whether the last was answered or not. Each counts from when it was
 * sent; how late that was, because this process shares the processors, is told beside it.
 */
async function atPace(seconds: number, ask: (n: number) => Promise<unknown>): Promise<Asked> {
  const times: number[] = [];
  const late: number[] = [];
  const warmUp = perSecond * 3;
  const total = perSecond * seconds + warmUp;
  const start = performance.now();
  const open: Promise<void>[] = [];
  for (let n = 0; n < total; n++) {
    const due = start + (n * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await delay(wait);
    const sent = performance.now();
    if (n >= warmUp) late.push(sent - due);
    open.push(
      ask(n).then(() => {
        if (n >= warmUp) times.push(performance.now() - sent);
      }),
    );
  }
  await Promise.all(open);
  return { times, late };
}

interface Saturated {
  readonly times: readonly number[];
  readonly kinds: Readonly<Record<string, number>>;
  readonly perSecond: number;
}

/** Each client sends its next command as soon as the last was answered. */
async function saturate(
  clients: readonly Asker[],
  { live, seconds }: { readonly live: number; readonly seconds: number },
): Promise<Saturated> {
  const times: number[] = [];
  const kinds: Record<string, number> = {};
  const end = performance.now() + seconds * 1_000;
  const took = await timed(() =>
    Promise.all(
      clients.map(async (client) => {
        while (performance.now() < end) {
          let kind = '';
          times.push(
            await timed(async () => {
              kind = await act(client, live);
            }),
          );
          kinds[kind] = (kinds[kind] ?? 0) + 1;
        }
      }),
    ),
  );
  return { times, kinds, perSecond: (times.length / took) * 1_000 };
}

/** One command of the mix: half new claims, a quarter what others hold, a quarter one's own. */
async function act(client: Asker, live: number): Promise<string> {
  const dice = Math.random();
  const [own] = client.held;
  if (own === undefined || dice < 0.5) {
    const answer = await claim(client, `pkg:npm/fresh-${randomUUID()}`);
    if (answer.claim === null) throw new Error('a target of its own was refused');
    client.held.push({ id: answer.claim, until: Date.parse(answer.until), renewed: 0 });
    return 'granted';
  }
  if (dice < 0.75) {
    const answer = await claim(client, seededTarget(random(live)));
    return answer.answer === 'conflict' ? 'in conflict' : 'granted';
  }
  if (own.renewed < 3) {
    own.renewed += 1;
    own.until += hourMs;
    const path = claims.renew.path.replace('{claim}', own.id);
    await post(client, path, { until: new Date(own.until).toISOString() });
    return 'renewed';
  }
  client.held.shift();
  await post(client, claims.release.path.replace('{claim}', own.id), {});
  return 'released';
}

async function claim(client: Asker, target: string): Promise<ClaimAnswer> {
  return ClaimAnswer.parse(
    JSON.parse(await post(client, claims.claim.path, wish(target, 'alone'))),
  );
}

function wish(target: string, sharing: 'alone' | 'beside') {
  const scope = { targets: [target], methods: ['fuzz'], weaknesses: ['CWE-119'] };
  return { scope, sharing, until: new Date(Date.now() + 24 * hourMs).toISOString() };
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('expected at least one');
  return item;
}

const agent = new Agent({ keepAlive: true, maxSockets: clientsCount });

/** The platform's own fetch takes as long as the server does; the processors are shared. */
function post(
  { server, key }: { readonly server: { readonly address: string }; readonly key: string },
  path: string,
  body: unknown,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'idempotency-key': randomUUID(),
      'content-type': 'application/json',
    };
    const out = request(server.address + path, { agent, method: 'POST', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
      });
      answer.once('error', reject);
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve(text);
        else reject(new Error(`${path} answered ${answer.statusCode}: ${text}`));
      });
    });
    out.once('error', reject);
    out.end(JSON.stringify(body));
  });
}
