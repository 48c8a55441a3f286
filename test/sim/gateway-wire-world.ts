import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gateway as contract, type KeyLimits } from '@breakwater/contract';
import { systemClock } from '../../apps/server/src/platform/clock/clock.ts';
import { openPostgres } from '../../apps/server/src/platform/database/postgres.ts';
import { engageModel } from '../../apps/server/test/accessing.ts';
import {
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../apps/server/test/harness.ts';
import { grantIn, issueTo } from '../../apps/server/test/keying.ts';
import { type Postgres, withPostgres } from '../../tools/postgres.ts';
import { freePort } from './free-port.ts';
import { modelName } from './gateway-wire-caller.ts';
import { GatewayProcess } from './gateway-wire-gateways.ts';
import { limitsFor, type Size } from './gateway-wire-plan.ts';
import { type Key, prices, type Served, type UpstreamName } from './gateway-wire-seen.ts';

/** Three processes of the gateway beside a server, on a PostgreSQL, before endpoints of our own. */
export interface World {
  readonly postgres: Postgres;
  readonly server: TestServer;
  readonly sides: { readonly developer: TestParty; readonly caller: TestParty };
  readonly keys: readonly (Key & { readonly secret: string })[];
  readonly gateways: readonly GatewayProcess[];
  readonly upstreams: ReadonlyMap<string, UpstreamName>;
  /** All that the endpoints wrote down. */
  served(): Promise<readonly Served[]>;
}

interface Given {
  readonly size: Size;
  readonly mutant?: string | undefined;
}

/** Builds it, and takes it down after `work`. */
export async function inWorld<T>(given: Given, work: (world: World) => Promise<T>): Promise<T> {
  return await withPostgres(
    async (postgres) => {
      const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-wire-'));
      const { url } = postgres;
      const database = await openPostgres(url);
      await using server = await startTestServer({
        at: systemClock.now(),
        database: {
          database,
          directory: null,
          connection: { connectionString: url },
          reopen: () => Promise.reject(new Error('this one stays open')),
          [Symbol.asyncDispose]: async () => await database.close(),
        },
      });
      const ledger = path.join(folder, 'ledger');
      await using endpoints = await startEndpoints(ledger);
      const issued = await issue(server, { ports: endpoints.ports, limits: limitsFor(given.size) });
      const options = {
        dataDirectory: server.dataDirectory,
        databaseUrl: url,
        mutant: given.mutant,
      };
      const places = [0, 1, 2];
      const gateways = await Promise.all(
        places.map((place) => GatewayProcess.open(place, options)),
      );
      try {
        return await work({
          ...{ postgres, server, gateways, ...issued },
          served: async () => linesOf(await readFile(ledger, 'utf8')),
        });
      } finally {
        await Promise.all(gateways.map((each) => each.kill()));
        await rm(folder, { recursive: true, force: true });
      }
    },
    // What was committed has to be there after it was away.
    { durable: true },
  );
}

type Ports = Readonly<Record<Exclude<UpstreamName, 'nowhere'>, number>>;

async function startEndpoints(ledger: string): Promise<AsyncDisposable & { ports: Ports }> {
  const program = path.join(import.meta.dirname, 'gateway-wire-upstream-process.ts');
  const child = spawn(process.execPath, [program, ledger], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return {
    ports: JSON.parse(String(line)),
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

/** A model with its endpoints, a window on it, and a person's keys. */
async function issue(
  server: TestServer,
  { ports, limits }: { readonly ports: Ports; readonly limits: readonly KeyLimits[] },
): Promise<Pick<World, 'sides' | 'keys' | 'upstreams'>> {
  const developer = await server.party('developer');
  const caller = await server.party('finder');
  const person = await server.signIn(caller);
  const engaged = await engageModel({ developer, liaison: await server.party('liaison') });
  const { window, grant } = await grantIn(engaged, person);
  const upstreams = new Map<string, UpstreamName>();
  const add = async (name: UpstreamName, kind: 'openai' | 'anthropic', port: number) => {
    const { input, output, cached } = prices[name];
    const { upstream } = await developer.client.call(contract.addUpstream, {
      params: { model: engaged.model },
      body: {
        ...{ kind, modelName, place: upstreams.size, contextTokens: 200_000, outputMax: 1_000 },
        baseUrl: `http://127.0.0.1:${port}`,
        concurrent: 10_000,
        prices: {
          ...{ currency: 'USD', inputMicros: input, outputMicros: output },
          cacheReadMicros: cached,
        },
        secret: `sk-of-${name}`,
      },
    });
    upstreams.set(upstream, name);
  };
  await add('first', 'openai', ports.first);
  await add('second', 'openai', ports.second);
  await add('nowhere', 'anthropic', await freePort());
  await add('messages', 'anthropic', ports.messages);
  await developer.client.call(contract.allot, {
    params: { scope: window },
    body: {
      names: [modelName],
      limits: {
        ...{ outputTokensMax: 1_000, concurrency: 100_000, currency: 'USD' },
        ...{ minute: {}, day: {}, grant: {} },
      },
      keysMax: limits.length,
      demandsProof: false,
      keepsFor: [],
    },
  });
  const keys: (Key & { secret: string })[] = [];
  for (const [at, each] of limits.entries()) {
    const asksUsage = at === limits.length - 1;
    const usageInStreams = asksUsage ? ('always' as const) : ('as-asked' as const);
    const made = await issueTo(person, grant, { limits: each, usageInStreams });
    keys.push({ id: made.key, secret: made.secret, limits: made.limits, asksUsage });
  }
  return { sides: { developer, caller }, keys, upstreams };
}

function linesOf(text: string): readonly Served[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Served => JSON.parse(line));
}

/** Resolves once what `is` asks for holds. */
export async function until(is: () => Promise<boolean>): Promise<void> {
  while (!(await is())) await delay(50);
}
