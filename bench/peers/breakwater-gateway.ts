import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Body, type Client, earlyAccess, gateway, partners } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { systemClock } from '../../apps/server/src/platform/clock/clock.ts';
import { acceptAll, engageModel, openWindow } from '../../apps/server/test/accessing.ts';
import { partnerIn } from '../../apps/server/test/keying.ts';
import { type Engine, openBeside } from '../engines.ts';
import { type Server, startServer } from '../server.ts';
import { answers, end, freePort, type Running } from './gateways.ts';
import { cores, fromOn, processorSeconds, spawnPinned } from './pinned.ts';

const program = path.resolve(import.meta.dirname, '../../apps/server/src/gateway.ts');
/** As docs/operate/gateway.md has them for a process with a processor of its own. */
const flags = [
  '--max-semi-space-size=16',
  '--no-allocation-site-pretenuring',
  '--heap-growing-percent=100',
  '--single-threaded-gc',
];
/** Keys that call, each with its share of what is given. */
const keysCount = 4;
const recordedMsMax = 60_000;
/** The fake upstream is on this machine, where none may lie unless it is said. */
export const upstreamsHere = { BREAKWATER_GATEWAY_UPSTREAMS: '127.0.0.1' };

/** Our gateway as a deployment has it: a process of its own beside the server, on PostgreSQL. */
export interface Ours extends Running {
  /** Processor time of the database engine so far. */
  databaseSeconds(): number;
  /** How many requests are in the record, once nothing is added to it any more. */
  recorded(): Promise<number>;
}

export async function startBreakwater(engine: Engine, upstream: string): Promise<Ours> {
  const server = await startServer(engine, { settings: upstreamsHere });
  const { keys } = await giveAccess(server, upstream);
  const { child, address } = await startGateway(engine, cores.gateway);
  return {
    name: 'Breakwater',
    pid: child.pid ?? 0,
    target: {
      url: `${address}/v1/chat/completions`,
      callers: keys.map(({ secret }) => [`authorization: Bearer ${secret}`]),
      model: 'fake',
    },
    databaseSeconds: () => secondsOfEngine(engine),
    recorded: async () => await recordedIn(engine),
    async [Symbol.asyncDispose]() {
      await end(child);
      await server.stop();
    },
  };
}

/** One process of the gateway, on one processor, as docs/operate/gateway.md starts it. */
export async function startGateway(
  engine: Engine,
  core: number,
): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const port = await freePort();
  const child = spawnPinned(
    core,
    [process.execPath, ...flags, program],
    ['ignore', 'ignore', 'inherit'],
    {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        ...upstreamsHere,
        BREAKWATER_GATEWAY_LISTEN: `127.0.0.1:${port}`,
        BREAKWATER_DATA_DIRECTORY: engine.dataDirectory,
        BREAKWATER_LOG_LEVEL: 'error',
        DATABASE_URL: engine.databaseUrl ?? '',
      },
    },
  );
  const address = `http://127.0.0.1:${port}`;
  await answers(child, `${address}/health`);
  return { child, address };
}

/** What calls are made by, and what can be cut off of it. */
export interface Access {
  /** Of the developer, who may cut off all of it. */
  readonly developer: Client;
  readonly model: Id<'model'>;
  readonly window: Id<'window'>;
  readonly party: Id<'party'>;
  readonly member: Id<'member'>;
  readonly keys: readonly Key[];
  readonly tier: Id<'tier'>;
  /** Of a partner in the tier. */
  readonly tierKeys: readonly Key[];
}

interface Key {
  readonly key: Id<'gkey'>;
  readonly secret: string;
}

/**
 * An engagement, a window, a person inside it, a partner in a tier, and the keys of both, each with
 * every quota.
 */
export async function giveAccess(server: Server, upstream: string): Promise<Access> {
  const [developer, liaison] = [await server.party('developer'), await server.party('liaison')];
  const agency = await server.party('finder');
  const person = await server.person(agency.id);
  const { model, engagement } = await engageModel({ developer, liaison });
  const { window } = await openWindow({ developer, liaison, model, engagement });
  const { grant } = await liaison.client.call(earlyAccess.addPerson, {
    params: { window },
    body: { member: person.member },
  });
  await acceptAll(person, grant);
  const giveOut = async (of: typeof model, scope: typeof window | Id<'tier'>) => {
    const body = upstreamOf(upstream);
    await developer.client.call(gateway.addUpstream, { params: { model: of }, body });
    await allot(developer.client, scope);
  };
  await giveOut(model, window);
  const keys = await issueTo(person.client, grant);
  const applicant = await server.party('operator');
  await liaison.client.call(partners.publishCriteria, { body: { why: 'we begin with these' } });
  // While its window is open no tier on a model begins.
  const { model: offered } = await engageModel({ developer, liaison });
  const who = { developer, liaison, model: offered, applicant, asks: 'raw-access' } as const;
  const { tier, partner } = await partnerIn({ clock: systemClock }, who);
  await giveOut(offered, tier);
  const clerk = await server.person(applicant.id);
  const tierKeys = await issueTo(clerk.client, partner);
  const { member } = person;
  const of = { model, window, party: agency.id, member, tier };
  return { developer: developer.client, ...of, keys, tierKeys };
}

function upstreamOf(baseUrl: string): Body<typeof gateway.addUpstream> {
  return {
    kind: 'openai',
    baseUrl,
    modelName: 'fake',
    contextTokens: 200_000,
    outputMax: 4_096,
    concurrent: 10_000,
    prices: { currency: 'USD', inputMicros: 3_000_000, outputMicros: 15_000_000 },
    place: 0,
    secret: 'sk-fake',
  };
}

async function allot(developer: Client, scope: Id<'window'> | Id<'tier'>): Promise<void> {
  const limits = { limits: limitsOf(keysCount), keysMax: keysCount };
  const body = { names: ['fake'], ...limits, demandsProof: false, keepsFor: [] };
  await developer.call(gateway.allot, { params: { scope }, body });
}

async function issueTo(client: Client, standsOn: Id<'grant'> | Id<'partner'>) {
  const keys: Key[] = [];
  for (let n = 0; n < keysCount; n++) {
    const body = { standsOn, name: 'bench', limits: limitsOf(1) };
    keys.push(await client.call(gateway.issue, { body }));
  }
  return keys;
}

/** More than a measurement uses, of every kind and of every span, so that all is metered. */
function limitsOf(keys: number) {
  const quota = {
    requests: 100_000_000 * keys,
    inputTokens: 200_000_000_000 * keys,
    outputTokens: 100_000_000_000 * keys,
    costMicros: 200_000_000_000 * keys,
  };
  return {
    outputTokensMax: 4_096,
    concurrency: 4_000 * keys,
    minute: quota,
    day: quota,
    grant: quota,
    currency: 'USD',
  };
}

/** Of the cluster's first process, of those below it, and of those that ended. */
function secondsOfEngine(engine: Engine): number {
  return fromOn(postmasterOf(engine)).reduce((sum, pid) => sum + processorSeconds(pid), 0);
}

function postmasterOf({ databaseUrl }: Engine): number {
  const folder = new URL(databaseUrl ?? '').searchParams.get('host') ?? '';
  return Number.parseInt(readFileSync(path.join(folder, 'data/postmaster.pid'), 'utf8'), 10);
}

async function recordedIn(engine: Engine): Promise<number> {
  const database = openBeside(engine);
  const started = performance.now();
  let count = -1;
  try {
    while (performance.now() - started < recordedMsMax) {
      const { rows } = await database.raw('select count(*)::int as n from gateway.request');
      const now = Number(rows[0]?.['n']);
      if (now === count) return now;
      count = now;
      await delay(2_000);
    }
    return count;
  } finally {
    await database.close();
  }
}
