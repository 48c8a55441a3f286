import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Database } from '../src/platform/database/database.ts';
import { openEmbedded } from '../src/platform/database/embedded.ts';
import { migrate } from '../src/platform/database/migrate.ts';
import { openPostgres } from '../src/platform/database/postgres.ts';
import { createPgBossQueue } from '../src/platform/queue/pg-boss.ts';
import { scratch } from './scratch.ts';

const server = path.join(import.meta.dirname, '..');
const cache = path.join(server, '../../.cache/test-database');

/** A migrated database of a test's own. */
export interface TestDatabase extends AsyncDisposable {
  readonly database: Database;
  /** Where its files are; null on a PostgreSQL cluster. */
  readonly directory: string | null;
  /** For a client beside ours. */
  readonly connection: pg.ClientConfig;
  /** Closes the connection and opens the same database anew, as a restarted server would. */
  reopen(): Promise<Database>;
}

/** True where the suite runs on the PostgreSQL of DATABASE_URL instead of the embedded engine. */
export const onPostgres = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres';

/**
 * Opens a fresh, migrated database: a copy of a template kept in `.cache/` (embedded), or one
 * created from a template on the cluster of DATABASE_URL. Disposing removes it.
 *
 * `inside` says where an embedded database shall lie; a temporary directory otherwise.
 */
export async function openTestDatabase(inside?: string): Promise<TestDatabase> {
  return onPostgres ? await onCluster() : await inDirectory(inside);
}

async function inDirectory(inside: string | undefined): Promise<TestDatabase> {
  const parent = inside ?? (await mkdtemp(path.join(scratch, 'breakwater-database-')));
  const directory = path.join(parent, 'database');
  // By cp(1): a thousand small files take Node four times as long.
  await promisify(execFile)('cp', ['-r', await template(), directory]);
  let database = await openEmbedded(directory);
  return {
    get database() {
      return database;
    },
    directory,
    connection: { host: path.join(directory, 'socket'), user: 'postgres', database: 'postgres' },
    async reopen() {
      await database.close();
      database = await openEmbedded(directory);
      return database;
    },
    async [Symbol.asyncDispose]() {
      await database.close();
      if (inside === undefined) await rm(parent, { recursive: true, force: true });
    },
  };
}

async function template(): Promise<string> {
  const directory = path.join(cache, await fingerprint());
  if (await exists(directory)) return directory;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(path.join(cache, 'making-'));
  await prepare(await openEmbedded(fresh));
  await rm(path.join(fresh, 'socket'), { recursive: true, force: true });
  await rename(fresh, directory).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true, force: true });
    if (!(await exists(directory))) throw error; // else another worker was faster
  });
  return directory;
}

/** Migrates, lets the queue make its own tables, and closes. */
async function prepare(database: Database): Promise<void> {
  await migrate(database);
  const queue = createPgBossQueue({ database, onError: () => {} });
  await queue.start({});
  await queue.stop();
  await database.close();
}

/** Of everything a template is made of: our migrations and the versions of the engines. */
async function fingerprint(): Promise<string> {
  const folder = path.join(server, 'migrations');
  const files = (await readdir(folder)).sort().map((name) => path.join(folder, name));
  const hash = createHash('sha256');
  for (const file of [...files, path.join(server, 'package.json')]) {
    hash.update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 24);
}

async function exists(directory: string): Promise<boolean> {
  return await readdir(directory).then(
    () => true,
    () => false,
  );
}

async function onCluster(): Promise<TestDatabase> {
  const cluster = process.env['DATABASE_URL'];
  if (cluster === undefined) throw new Error('expected DATABASE_URL to name a PostgreSQL cluster');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const from = `template_${await fingerprint()}`;
  await asSuperuser(cluster, async (client) => {
    // Two workers must not make the template at once; the lock goes with the connection.
    await client.query('select pg_advisory_lock(8420)');
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [from]);
    if (rowCount === 0) {
      await client.query(`create database making_${from}`);
      await prepare(await openPostgres(urlOf(cluster, `making_${from}`)));
      await client.query(`alter database making_${from} rename to ${from}`);
    }
    await client.query(`create database ${name} template ${from}`);
  });
  let database = await openPostgres(urlOf(cluster, name));
  return {
    get database() {
      return database;
    },
    directory: null,
    connection: { connectionString: urlOf(cluster, name) },
    async reopen() {
      await database.close();
      database = await openPostgres(urlOf(cluster, name));
      return database;
    },
    async [Symbol.asyncDispose]() {
      await database.close();
      await asSuperuser(cluster, async (client) => {
        await client.query(`drop database ${name} with (force)`);
      });
    },
  };
}

async function asSuperuser(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(cluster: string, database: string): string {
  const url = new URL(cluster);
  url.pathname = `/${database}`;
  return url.href;
}
