import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { connectDatabase, type Database } from './database.ts';
import { DirectoryInUse, openEmbedded } from './embedded.ts';

/** The database that was opened to be backed up or restored, or who has it open. */
export type Opened = { readonly database: Database } | { readonly inUse: true };

/** Opens the embedded database in `directory`, unless a server has it open. */
export async function openStopped(directory: string): Promise<Opened> {
  try {
    return { database: await openEmbedded(directory) };
  } catch (error) {
    if (error instanceof DirectoryInUse) return { inUse: true };
    throw error;
  }
}

/**
 * Connects to PostgreSQL beside its servers, without announcing a presence: a server that starts
 * meanwhile must not take a backup for company.
 */
export function openBeside(url: string): Database {
  return connectDatabase({
    engine: 'postgresql',
    alone: false,
    connection: { connectionString: url, max: 1, application_name: 'breakwater backup' },
  });
}

/** A program of PostgreSQL failed or is not there; the message is for a person. */
export class DumpFailed extends Error {
  override readonly name = 'DumpFailed';
}

/** Writes one consistent snapshot of the whole database into `file`, while servers work. */
export async function dumpPostgres(url: string, file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const words = ['--format=custom', '--no-owner', '--no-privileges', `--file=${file}`];
  await runProgram('pg_dump', words, url);
}

/** Restores a dump whole or not at all (one transaction); the database must be empty. */
export async function restorePostgres(url: string, file: string): Promise<void> {
  const words = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges'];
  await runProgram('pg_restore', [...words, file], url);
}

/** Whether nobody has made a table in it yet. */
export async function isEmpty(database: Database): Promise<boolean> {
  const { rows } = await database.raw(
    `select count(*)::int as n from pg_class c join pg_namespace s on s.oid = c.relnamespace
     where s.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind = 'r'`,
  );
  return rows[0]?.['n'] === 0;
}

/** The password goes by the environment: a list of processes shows arguments to everybody. */
async function runProgram(name: string, words: readonly string[], url: string): Promise<void> {
  const address = new URL(url);
  const password = decodeURIComponent(address.password);
  address.password = '';
  const child = spawn(name, [...words, `--dbname=${address.href}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...(password === '' ? {} : { PGPASSWORD: password }) },
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2_000);
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', (cause) => reject(new DumpFailed(`${name} is not installed`, { cause })));
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new DumpFailed(`${name} failed: ${errors.trim().split('\n')[0] ?? ''}`));
    });
  });
}

/** Marks as erased what the lists say and the database does not know of; answers how many. */
export async function markErased(
  database: Database,
  erasures: readonly { readonly id: string; readonly erasedAt: string }[],
): Promise<number> {
  let marked = 0;
  for (const { id, erasedAt } of erasures) {
    const { rows } = await database.raw(
      `update content.item set erased_at = $2 where id = $1 and erased_at is null returning id`,
      [id, erasedAt],
    );
    marked += rows.length;
  }
  return marked;
}

/**
 * Ends every session and every link to sign in: which of them were cut or spent since the backup is
 * not known here, and a link that was spent lies in somebody's mailbox.
 */
export async function endWaysIn(database: Database, at: string): Promise<void> {
  await database.raw(`update directory.session set ended_at = $1 where ended_at is null`, [at]);
  await database.raw(`delete from directory.link`, []);
}

/** The items that the database says can be read, in pages by id. */
export async function* liveContent(database: Database): AsyncGenerator<string> {
  let after = '';
  for (;;) {
    const { rows } = await database.raw(
      `select id from content.item where erased_at is null and id > $1 order by id limit 5000`,
      [after],
    );
    for (const row of rows) yield String(row['id']);
    if (rows.length < 5_000) return;
    after = String(rows.at(-1)?.['id']);
  }
}

/** What a stopped embedded database leaves beside its data: nothing of it belongs elsewhere. */
export async function dropTransient(directory: string): Promise<void> {
  await rm(path.join(directory, 'socket'), { recursive: true, force: true });
  await rm(path.join(directory, 'lock'), { force: true });
  await rm(path.join(directory, 'data/postmaster.pid'), { force: true });
}
