import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, vi } from 'vitest';
import {
  connectDatabase,
  type Database,
} from '../../apps/server/src/platform/database/database.ts';
import type { Plan } from '../../demo/driver/plan.ts';
import { type ServerProcess, startServer } from '../../demo/driver/server.ts';
import { faultsOf, runDemo } from '../../demo/run.ts';
import { auditAnswers, auditCounts, auditDisclosures } from './audit.ts';
import { auditHistory, auditJournal } from './audit-log.ts';
import { freePort } from './free-port.ts';
import { createWitness } from './witness.ts';

/** Something that is done to a server, or to what it stands on, while it works. */
export interface Disturbance<T> {
  /** Ends it and brings everything back; rejects where something did not come back. */
  stop(): Promise<T>;
}

export interface Given<T> {
  readonly plan: Plan;
  /** null: the embedded database. */
  readonly databaseUrl: string | null;
  /** Where the server keeps its files; a fresh folder unless told. */
  readonly dataDirectory?: string;
  readonly disturb: (server: ServerProcess) => Disturbance<T>;
}

export interface Seen<T> {
  readonly figures: T;
  readonly seconds: number;
  readonly acknowledged: number;
  readonly checkpoints: number;
}

/**
 * Runs the main job while it is disturbed, then looks at what there is with other eyes: nothing
 * acknowledged is lost, nothing is there twice, each attempt has one verdict, and the log holds from
 * every checkpoint that anybody saw.
 */
export async function tellUnder<T>(given: Given<T>): Promise<Seen<T>> {
  const { plan, databaseUrl } = given;
  const made = given.dataDirectory ?? (await mkdtemp(path.join(tmpdir(), 'breakwater-sim-')));
  const dataDirectory = path.join(made, 'data');
  const witness = createWitness();
  const server = await startServer({
    dataDirectory,
    port: await freePort(),
    environment: {
      BREAKWATER_LOG_CADENCE_SECONDS: '0.3',
      DATABASE_URL: databaseUrl ?? undefined,
    },
    patience: 10,
    acknowledged: (answer) => witness.hear(answer),
  });
  const stopWatching = witness.watch(server);
  try {
    const disturbance = given.disturb(server);
    const from = performance.now();
    const result = await runDemo(server, () => {}, plan);
    const figures = await disturbance.stop();
    const seconds = (performance.now() - from) / 1_000;
    await using database = auditorsOwn(databaseUrl, dataDirectory);
    await everythingSigned(database.handle);
    await stopWatching();

    const vkeys = [(await (await fetch(`${server.address}/log/key`)).text()).trim()];
    const directory = path.join(dataDirectory, 'log');
    const { acknowledged, checkpoints } = witness;
    const audited = { plan, result, acknowledged, vkeys };
    expect(faultsOf(result)).toEqual([]);
    expect(await auditAnswers(audited)).toEqual([]);
    expect(await auditCounts(audited)).toEqual([]);
    expect(await auditDisclosures(audited)).toEqual([]);
    expect(await auditJournal(database.handle, { directory, vkeys }, acknowledged)).toEqual([]);
    expect(await auditHistory(directory, vkeys, checkpoints)).toEqual([]);
    return {
      figures,
      seconds,
      acknowledged: acknowledged.length,
      checkpoints: checkpoints.length,
    };
  } finally {
    await stopWatching();
    await server.stop();
    if (given.dataDirectory === undefined) await rm(made, { recursive: true, force: true });
  }
}

/** A connection of the auditor's own, beside the server's. */
function auditorsOwn(databaseUrl: string | null, dataDirectory: string) {
  const handle = connectDatabase({
    engine: databaseUrl === null ? 'embedded' : 'postgresql',
    alone: false,
    connection:
      databaseUrl === null
        ? {
            host: path.join(dataDirectory, 'database/socket'),
            user: 'postgres',
            database: 'postgres',
            max: 1,
          }
        : { connectionString: databaseUrl, max: 1 },
  });
  return { handle, [Symbol.asyncDispose]: () => handle.close() };
}

async function everythingSigned(database: Database): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await database.raw('select id from journal.entry where index is null');
      expect(rows).toEqual([]);
    },
    { timeout: 60_000, interval: 100 },
  );
}
