import { connectDatabase, type Database } from './database.ts';

/** Opens PostgreSQL 15 or later by URL. Rejects if it cannot be reached or is too old. */
export async function openPostgres(url: string): Promise<Database> {
  const database = connectDatabase({
    engine: 'postgresql',
    connection: { connectionString: url, max: 10, application_name: 'breakwater' },
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
