import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { collect } from '@breakwater/contract';
import { toBase64 } from '@breakwater/kernel';
import type { Database } from '../apps/server/src/platform/database/database.ts';
import { type Engine, onEachEngine, openBeside } from './engines.ts';
import type { BenchOptions, Row } from './row.ts';
import { makeReport } from './seed-report.ts';
import { type Server, startServer } from './server.ts';
import { timed } from './timing.ts';

const limits = { first: 5_000, again: 2_000 };

/**
 * A report of 10,000 results handed in at once over HTTP: until it is answered, with every finding
 * in its case, on disk, in the log's journal and in the lists of its reporter and of coordinators;
 * and the same file again. The peer, on PostgreSQL, is the engine itself committing as many rows, of
 * one narrow table with two indexes, in as many transactions.
 */
export async function run(options: BenchOptions): Promise<Row[]> {
  return (await onEachEngine((engine) => measure(engine, options))).flat();
}

async function measure(engine: Engine, { short }: BenchOptions): Promise<Row[]> {
  const count = short ? 1_000 : 10_000;
  const file = makeReport(count);
  const server = await startServer(engine);
  // The embedded engine has one session for all its connections: nobody works beside the server.
  const database = engine.databaseUrl === null ? null : openBeside(engine);
  try {
    const finder = await server.party('finder');
    const coordinator = await server.party('coordinator');
    const other = await server.party('finder');
    const body = {
      format: 'sarif' as const,
      file: toBase64(file),
      package: 'pkg:github/example/measured',
      version: '1.0.0',
    };
    const rows: Row[] = [];
    const hand = async (name: string, who: typeof finder, limit?: number) => {
      const cpu = await cpuOf(server, database);
      const before = await insertedIn(database);
      let answer: Awaited<ReturnType<typeof send>> | null = null;
      const ms = await timed(async () => {
        answer = await send(who);
        for (const each of [who, coordinator]) await newest(each);
      });
      const spent = (await cpuOf(server, database)) - cpu;
      const inserted = (await insertedIn(database)) - before;
      const held = limit === undefined || short ? {} : { limit: limitOf(limit, ms, engine) };
      rows.push({ name: `${engine.name}: ${name}`, value: ms, unit: 'ms', ...held });
      rows.push({ name: `${engine.name}: ${name}, processor`, value: spent, unit: 'ms' });
      if (database !== null) {
        rows.push({ name: `${engine.name}: ${name}, rows written`, value: inserted, unit: '' });
      }
      return { ms, inserted, answer };
    };
    const send = (who: typeof finder) => who.client.call(collect.import, { body });
    rows.push({ name: 'load of the machine as it begins', value: loadavg()[0] ?? 0, unit: '' });
    rows.push({ name: 'size of the file', value: file.length / 1024 ** 2, unit: 'MiB' });
    const first = await hand(`${count} results`, finder, limits.first);
    const seen = await countSeen(coordinator);
    rows.push({ name: `${engine.name}: findings the coordinator sees`, value: seen, unit: '' });
    await hand('the same file again', finder, limits.again);
    // Twenty of them join at once, and the rest waits (COR-7).
    await hand('the same file by another party', other);
    if (database !== null) {
      const bare = await timed(() => insertBare(database, first.inserted, count / 1_000));
      const name = `${engine.name}: as many rows of one table`;
      rows.push({ name, value: bare, unit: 'ms', ratio: first.ms / bare });
    }
    return rows;
  } finally {
    await database?.close();
    await server.stop();
  }
}

function limitOf(value: number, ms: number, engine: Engine) {
  const met = engine.name === 'PostgreSQL' ? { met: ms <= value } : {};
  return { name: 'of ours, on PostgreSQL', value, ...met };
}

type Party = Awaited<ReturnType<Server['party']>>;

async function newest({ client }: Party): Promise<void> {
  const { items } = await client.call(collect.list, { query: { limit: 1 } });
  if (items[0]?.package !== 'pkg:github/example/measured') throw new Error('expected to see it');
}

async function countSeen({ client }: Party): Promise<number> {
  let count = 0;
  let after: string | null = null;
  do {
    const query: { limit: number; after?: string } = { limit: 200 };
    if (after !== null) query.after = after;
    const page: Awaited<ReturnType<typeof list>> = await list(query);
    count += page.items.length;
    after = page.next;
  } while (after !== null);
  return count;

  function list(query: { limit: number; after?: string }) {
    return client.call(collect.list, { query });
  }
}

async function insertedIn(database: Database | null): Promise<number> {
  if (database === null) return 0;
  // Counted by the engine a moment after each commit.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  const { rows } = await database.raw(
    'select coalesce(sum(n_tup_ins), 0)::bigint as n from pg_stat_user_tables',
  );
  return Number(rows[0]?.['n'] ?? 0);
}

async function insertBare(database: Database, rows: number, transactions: number): Promise<void> {
  await database.raw(
    'create table public.bare (id text primary key, subject text not null, said text not null)',
  );
  await database.raw('create index bare_by_subject on public.bare (subject)');
  const each = Math.ceil(rows / transactions);
  for (let at = 0; at < rows; at += each) {
    const ids = Array.from({ length: Math.min(each, rows - at) }, (_, i) => `row_${at + i}`);
    const texts = ids.map((id) => `${id} `.repeat(10));
    await database.raw(
      'insert into public.bare select * from unnest($1::text[], $1::text[], $2::text[])',
      [ids, texts],
    );
  }
}

/** What the server's and the engine's processes have used of the processors, in milliseconds. */
async function cpuOf(server: Server, database: Database | null): Promise<number> {
  const roots = [server.pid];
  if (database !== null) {
    const { rows } = await database.raw('select pg_backend_pid() as pid');
    roots.push(statOf(Number(rows[0]?.['pid'])).parent);
  }
  const stats = readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? statOf(Number(name)) : [],
  );
  const own = stats.filter(({ pid, parent }) => roots.includes(pid) || roots.includes(parent));
  return own.reduce((sum, { ticks }) => sum + ticks, 0) * 10;
}

/** proc_pid_stat(5): the name in brackets may hold anything, so it is read from behind it. */
function statOf(pid: number): { pid: number; parent: number; ticks: number } {
  let text = '';
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return { pid, parent: 0, ticks: 0 };
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[11], fields[12]].map(Number);
  return { pid, parent: Number(fields[1]), ticks: (user ?? 0) + (system ?? 0) };
}
