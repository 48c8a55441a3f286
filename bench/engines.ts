import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectDatabase, type Database } from '../apps/server/src/platform/database/database.ts';
import { findPostgres, withPostgres } from '../tools/postgres.ts';

/** An engine to measure on, in a data directory of its own that is gone afterwards. */
export interface Engine {
  readonly name: 'PGlite' | 'PostgreSQL';
  readonly dataDirectory: string;
  /** null: the embedded engine, in the data directory. */
  readonly databaseUrl: string | null;
}

/** Runs `work` on each engine of this machine; both keep what they are told to keep. */
export async function onEachEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T[]> {
  const results = [await onEmbedded(work)];
  if ('missing' in findPostgres()) return results;
  results.push(await onPostgres(work));
  return results;
}

/** Runs `work` on the embedded engine. */
export async function onEmbedded<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  return await inDirectory((dataDirectory) =>
    work({ name: 'PGlite', dataDirectory, databaseUrl: null }),
  );
}

/**
 * Runs `work` on a PostgreSQL cluster that fsyncs, unless it shall stand as still as can be. Throws
 * where none is installed.
 */
export async function onPostgres<T>(
  work: (engine: Engine) => Promise<T>,
  { durable = true }: { readonly durable?: boolean } = {},
): Promise<T> {
  return await withPostgres(
    ({ url }) =>
      inDirectory((dataDirectory) => work({ name: 'PostgreSQL', dataDirectory, databaseUrl: url })),
    { durable },
  );
}

async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(path.join(tmpdir(), 'breakwater-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** One connection to the engine of a server that runs, for what the server is compared with. */
export function openBeside({ databaseUrl, dataDirectory }: Engine): Database {
  const embedded = {
    host: path.join(dataDirectory, 'database/socket'),
    user: 'postgres',
    database: 'postgres',
  };
  return connectDatabase({
    engine: databaseUrl === null ? 'embedded' : 'postgresql',
    alone: false,
    connection: {
      ...(databaseUrl === null ? embedded : { connectionString: databaseUrl }),
      max: 1,
    },
  });
}

/** Leaves a database as it would be a few minutes after it was filled in. */
export async function settle(database: Database): Promise<void> {
  // Both would come by themselves, in the midst of what is measured.
  await database.raw('vacuum analyze');
  await database.raw('checkpoint');
}
