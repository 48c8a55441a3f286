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

/** The advisory lock every Breakwater on a database shares; the number says nothing. */
const presenceLock = 6_225_807_471;

/**
 * Shares a lock with every other Breakwater on this database for as long as the connection lives:
 * PostgreSQL drops it when the process dies, however it dies. Whoever could have had it alone was
 * alone. A connection lost later loses the lock too; then a server that starts takes running jobs
 * for abandoned and they are run twice, which every job allows.
 */
async function announce(url: string): Promise<{ alone: boolean; leave: () => Promise<void> }> {
  const client = new pg.Client({ connectionString: url, application_name: 'breakwater presence' });
  client.on('error', () => {});
  await client.connect();
  const tried = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [
    presenceLock,
  ]);
  const alone = tried.rows[0]?.alone === true;
  await client.query('select pg_advisory_lock_shared($1)', [presenceLock]);
  if (alone) await client.query('select pg_advisory_unlock($1)', [presenceLock]);
  return { alone, leave: () => client.end() };
}
