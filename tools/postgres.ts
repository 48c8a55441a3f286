import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VERSION_MIN = 15;
const START_MAX_MS = 60_000;

export type Postgres = {
  /** For `pg` and Kysely: a superuser over a unix socket that only this user can reach. */
  readonly url: string;
  readonly version: number;
  /** Takes it away as a crash would: every connection breaks, nothing is written any more. */
  readonly halt: () => Promise<void>;
  /** Brings it back, recovered from its own log. */
  readonly resume: () => Promise<void>;
  /** Has it say nothing any more, with every connection open, as where a network is cut. */
  readonly freeze: () => void;
  readonly thaw: () => void;
};

export type PostgresOptions = {
  /** Keep every promise to the disk, for measuring; tests run without. Default false. */
  readonly durable?: boolean;
};

/** Where the newest PostgreSQL of this machine is, or why there is none to use. */
export function findPostgres(): { bin: string; version: number } | { missing: string } {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).map(Number) : [];
  const version = Math.max(0, ...versions.filter((one) => existsSync(`${root}/${one}/bin/initdb`)));
  return version >= VERSION_MIN
    ? { bin: `${root}/${version}/bin`, version }
    : { missing: 'PostgreSQL 15 or later is not installed (Debian: apt-get install postgresql)' };
}

/**
 * Runs `work` with a PostgreSQL cluster of its own in a fresh folder, and removes both afterwards.
 *
 * No port is opened: the unix socket lives in the cluster's folder, so any number run side by side.
 * Throws when no PostgreSQL 15 or later is installed (ask `findPostgres` first) or it cannot start.
 */
export async function withPostgres<T>(
  work: (postgres: Postgres) => Promise<T>,
  options: PostgresOptions = {},
): Promise<T> {
  const found = findPostgres();
  if ('missing' in found) throw new Error(found.missing);
  const owner = unprivileged();
  const folder = await mkdtemp(join(tmpdir(), 'breakwater-postgres-'));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  let server: ChildProcess | undefined;
  let frozen: readonly number[] = [];
  const thaw = () => {
    for (const pid of frozen) process.kill(pid, 'SIGCONT');
    frozen = [];
  };
  try {
    initialize(found.bin, folder, owner);
    const wish = { bin: found.bin, folder, owner, durable: options.durable ?? false };
    server = await start(wish);
    const host = encodeURIComponent(folder);
    return await work({
      url: `postgresql://breakwater@localhost/postgres?host=${host}`,
      version: found.version,
      async halt() {
        if (server) await stop(server, 'SIGQUIT');
      },
      async resume() {
        server = await start(wish);
      },
      freeze() {
        if (server) frozen = freeze(server);
      },
      thaw,
    });
  } finally {
    thaw();
    if (server) await stop(server);
    await rm(folder, { recursive: true, force: true });
  }
}

type Owner = { uid: number; gid: number } | undefined;

// PostgreSQL refuses to run as root, and initdb wants a user that has a name.
function unprivileged(): Owner {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const line = ['postgres', 'nobody']
    .map((name) => users.find((user) => user.startsWith(`${name}:`)))
    .find((user) => user !== undefined);
  const [, , uid, gid] = line?.split(':') ?? [];
  if (!uid || !gid) throw new Error('expected a user "postgres" or "nobody" in /etc/passwd');
  return { uid: Number(uid), gid: Number(gid) };
}

function initialize(bin: string, folder: string, owner: Owner): void {
  const flags = ['--username=breakwater', '--auth=trust', '--encoding=UTF8', '--locale=C'];
  const [program = '', ...rest] = named(folder);
  const { status, stderr, error } = spawnSync(
    program,
    [...rest, join(bin, 'initdb'), '--pgdata', join(folder, 'data'), '--no-sync', ...flags],
    { ...owner, cwd: folder, encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } },
  );
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr.trim()}`);
}

// initdb refuses a user without a name, which is what containers often run as: lend it one.
function named(folder: string): string[] {
  const uid = process.getuid?.() ?? 0;
  const known = readFileSync('/etc/passwd', 'utf8').includes(`:x:${uid}:`);
  if (known || !existsSync('/usr/bin/bwrap')) return ['env'];
  const names = join(folder, 'passwd');
  writeFileSync(names, `breakwater:x:${uid}:${process.getgid?.() ?? uid}::/:/bin/sh\n`);
  return ['bwrap', '--dev-bind', '/', '/', '--ro-bind', names, '/etc/passwd'];
}

/** Stops a server and those who serve its connections where they are; answers with all of them. */
function freeze({ pid }: ChildProcess): readonly number[] {
  if (pid === undefined) return [];
  process.kill(pid, 'SIGSTOP');
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? [];
  for (const child of children) process.kill(Number(child), 'SIGSTOP');
  return [pid, ...children.map(Number)];
}

type Start = { bin: string; folder: string; owner: Owner; durable: boolean };

async function start({ bin, folder, owner, durable }: Start): Promise<ChildProcess> {
  const fast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
    'unix_socket_permissions=0700',
    'max_connections=300',
    'timezone=UTC',
    ...(durable ? [] : fast),
  ].flatMap((setting) => ['-c', setting]);
  // setpriv makes the kernel end the cluster with us, however we end.
  const user = owner ? [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'] : [];
  const server = spawn(
    'setpriv',
    [
      '--pdeathsig',
      'QUIT',
      ...user,
      join(bin, 'postgres'),
      '-D',
      join(folder, 'data'),
      ...settings,
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: '/usr/bin:/bin' } },
  );
  await ready(server);
  return server;
}

async function ready(server: ChildProcess): Promise<void> {
  let said = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4000);
    if (said.includes('database system is ready to accept connections')) resolve();
  });
  server.once('error', reject);
  server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said.trim()}`)));
  const timer = setTimeout(
    () => reject(new Error(`PostgreSQL was not ready after a minute: ${said.trim()}`)),
    START_MAX_MS,
  );
  try {
    await promise;
  } catch (error) {
    server.kill('SIGQUIT');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

// SIGINT is PostgreSQL's fast shutdown, which disconnects whoever a test left behind; SIGQUIT the
// immediate one, without a word to the disk.
async function stop(server: ChildProcess, signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill(signal);
  await ended;
}
