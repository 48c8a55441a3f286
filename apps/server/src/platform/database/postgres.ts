import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { connectDatabase, type Database } from './database.ts';

/** Opens PostgreSQL 15 or later by URL. Rejects if it cannot be reached or is too old. */
export async function openPostgres(url: string): Promise<Database> {
  const presence = await announce(url);
  const database = connectDatabase({
    engine: 'postgresql',
    alone: presence.alone,
    connection: { connectionString: url, max: 10, application_name: 'breakwater' },
    onClose: presence.leave,
  });
  const { rows } = await database.raw('show server_version_num');
  const version = Number(rows[0]?.['server_version_num']);
  if (version < 150_000) {
    await database.close();
    throw new Error(
      `expected PostgreSQL 15 or later, got ${version}: upgrade it or unset DATABASE_URL`,
    );
  }
  return database;
}

/**
 * Opens PostgreSQL for a process that works beside the server: it is nobody whom a server counts
 * among its like, and it makes no tables. Not reached is told by the first query.
 */
export function openPostgresBeside(url: string): Database {
  return connectDatabase({
    engine: 'postgresql',
    alone: false,
    connection: { connectionString: url, max: 6, application_name: 'breakwater gateway' },
  });
}

const presenceName = 'breakwater presence';
const presencePauseMs = 1_000;

/**
 * Holds a connection by which other servers on this database see that this one lives: PostgreSQL
 * ends it when the process dies, however it dies. Whoever finds no other such connection is alone.
 * Two that start at once both find the other. One that breaks is made again; a server that starts
 * before it is takes running jobs for abandoned, and they are run twice, which every job allows. An
 * engine that does not list its connections leaves everyone in company.
 */
async function announce(url: string): Promise<{ alone: boolean; leave: () => Promise<void> }> {
  let left = false;
  let client = await connect();

  async function connect(): Promise<pg.Client> {
    const made = new pg.Client({ connectionString: url, application_name: presenceName });
    made.on('error', () => {});
    await made.connect();
    made.once('end', () => void again());
    return made;
  }

  async function again(): Promise<void> {
    while (!left) {
      try {
        client = await connect();
        if (left) await client.end();
        return;
      } catch {
        await delay(presencePauseMs, null, { ref: false });
      }
    }
  }
  const others = await client
    .query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
       where application_name = $1 and datname = current_database() and pid <> pg_backend_pid()`,
      [presenceName],
    )
    .catch(() => null);
  return {
    alone: others?.rows[0]?.n === 0,
    async leave() {
      left = true;
      await client.end();
    },
  };
}
