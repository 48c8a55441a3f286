import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { formatVerifierKey } from '@breakwater/log';
import { z } from 'zod';
import { readConfig } from './config.ts';
import { Refused } from './platform/backup/refused.ts';
import { type RestoreTarget, restoreBackup } from './platform/backup/restore.ts';
import { type BackupSource, takeBackup } from './platform/backup/take.ts';
import { systemClock } from './platform/clock/clock.ts';
import type { Database } from './platform/database/database.ts';
import {
  DumpFailed,
  dropTransient,
  dumpPostgres,
  endWaysIn,
  isEmpty,
  liveContent,
  markErased,
  openBeside,
  openStopped,
  restorePostgres,
} from './platform/database/dump.ts';
import { type Erasure, erasuresIn, holdingStill } from './platform/database/hold.ts';
import { logVerifierKeys } from './platform/journal/log-keys.ts';
import { openSigner } from './platform/signer/signer.ts';

// Backup and restoration, in a process of their own: the terminal client starts it with one JSON
// argument and reads one JSON document a line. No secret is in either; those are in files.

const Access = {
  passphraseFile: z.string().optional(),
  recipients: z.array(z.string()).optional(),
  identityFile: z.string().optional(),
};
const Task = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('backup'),
    dataDirectory: z.string(),
    out: z.string(),
    keysOut: z.string(),
    ...Access,
  }),
  z.strictObject({
    act: z.literal('restore'),
    dataDirectory: z.string(),
    folder: z.string(),
    keysFile: z.string(),
    erasureLists: z.array(z.string()),
    since: z.string().nullable(),
    otherKeys: z.boolean(),
    ...Access,
  }),
]);
type Task = z.infer<typeof Task>;

function tell(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}

const progress = (text: string) => tell({ progress: text });

async function run(task: Task): Promise<unknown> {
  const { databaseUrl } = readConfig(process.env);
  const { act, passphraseFile, recipients, identityFile, ...rest } = task;
  const access = { passphraseFile, recipients, identityFile };
  if (act === 'backup' && 'out' in rest) {
    const opened = await openSource(rest.dataDirectory, databaseUrl);
    try {
      return await takeBackup(opened.source, { ...rest, access, now: systemClock.now(), progress });
    } finally {
      await opened.close();
    }
  }
  if (!('folder' in rest)) throw new Error('a task is a backup or a restoration');
  const target = databaseUrl === null ? embeddedTarget() : postgresTarget(databaseUrl);
  return await restoreBackup(target, { ...rest, access, verifierKeys, progress });
}

interface OpenSource {
  readonly source: BackupSource;
  readonly close: () => Promise<void>;
}

async function openSource(dataDirectory: string, url: string | null): Promise<OpenSource> {
  if (url !== null) {
    const database = openBeside(url);
    const source: BackupSource = {
      engine: 'postgresql',
      snapshot: async ({ file }) => await dumpPostgres(url, file),
      erasures: async () => await erasuresIn(database),
    };
    return { source, close: async () => await database.close() };
  }
  const directory = path.join(dataDirectory, 'database');
  if (!existsSync(path.join(directory, 'data'))) throw new Refused(noDatabase(dataDirectory));
  const opened = await openStopped(directory);
  if ('inUse' in opened) return { source: runningSource(dataDirectory), close: async () => {} };
  const { database } = opened;
  const source: BackupSource = {
    engine: 'embedded',
    snapshot: async ({ copy }) => await holdingStill(database, copy),
    erasures: async () => await erasuresIn(database),
  };
  return { source, close: async () => await database.close() };
}

/** A server has the embedded database open: it holds it still for as long as we are connected. */
function runningSource(dataDirectory: string): BackupSource {
  const socketPath = path.join(dataDirectory, 'admin.sock');
  return {
    engine: 'embedded',
    async snapshot({ copy }) {
      const held = await ask(socketPath, 'POST', '/admin/backup/hold');
      let open = true;
      held.closed.then(
        () => {
          open = false;
        },
        () => {},
      );
      try {
        await copy();
        if (!open) throw new Refused(letGo);
      } finally {
        held.leave();
      }
    },
    async erasures() {
      const { text } = await ask(socketPath, 'GET', '/admin/backup/erasures');
      const parsed: unknown = JSON.parse(await text);
      return z.array(z.object({ id: z.string(), erasedAt: z.string() })).parse(parsed);
    },
  };
}

interface Asked {
  readonly text: Promise<string>;
  readonly closed: Promise<void>;
  readonly leave: () => void;
}

/** A request over the administrator's socket; resolves with the first bytes of the answer. */
function ask(socketPath: string, method: string, url: string): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': '0' };
    const call = request({ socketPath, method, path: url, headers }, (answer) => {
      const parts: Buffer[] = [];
      const closed = new Promise<void>((done) => answer.once('close', done));
      const text = closed.then(() => Buffer.concat(parts).toString());
      answer.on('error', () => {});
      if (answer.statusCode !== 200) {
        call.destroy();
        return reject(new Refused(notHeld(`status ${answer.statusCode}`)));
      }
      answer.on('data', (part: Buffer) => {
        parts.push(part);
        resolve({ text, closed, leave: () => call.destroy() });
      });
      answer.once('end', () => resolve({ text, closed, leave: () => call.destroy() }));
    });
    call.on('error', (error) => reject(new Refused(notHeld(error.message))));
    call.end();
  });
}

function embeddedTarget(): RestoreTarget {
  return {
    engine: 'embedded',
    isEmpty: async () => true,
    async load(staging, erasures) {
      const directory = path.join(staging, 'database');
      const opened = await openStopped(directory);
      if ('inUse' in opened) throw new Error('nobody else knows of this folder');
      try {
        return await settle(opened.database, erasures);
      } finally {
        await opened.database.close();
        await dropTransient(directory);
      }
    },
  };
}

function postgresTarget(url: string): RestoreTarget {
  return {
    engine: 'postgresql',
    async isEmpty() {
      const database = openBeside(url);
      try {
        return await isEmpty(database);
      } finally {
        await database.close();
      }
    },
    async load(staging, erasures) {
      const folder = path.join(staging, 'database');
      await restorePostgres(url, path.join(folder, 'postgresql.dump'));
      await rm(folder, { recursive: true });
      const database = openBeside(url);
      try {
        return await settle(database, erasures);
      } finally {
        await database.close();
      }
    },
  };
}

async function settle(database: Database, erasures: readonly Erasure[]) {
  const marked = await markErased(database, erasures);
  await endWaysIn(database, systemClock.now());
  const live: string[] = [];
  for await (const id of liveContent(database)) live.push(id);
  return { marked, live };
}

async function verifierKeys(directory: string, origin: string): Promise<readonly string[]> {
  // The signer makes a first key where there is none; a restoration must not.
  if (!existsSync(directory)) return [];
  const signer = await openSigner(directory, systemClock.now());
  return logVerifierKeys(signer, origin).map(formatVerifierKey);
}

function noDatabase(dataDirectory: string) {
  return {
    code: 'database-missing',
    expected: `a database in ${dataDirectory}, or DATABASE_URL`,
    got: 'neither',
    todo: 'name the data directory with --data-directory, or set DATABASE_URL as the server has it',
  };
}

function notHeld(got: string) {
  return {
    code: 'server-not-reached',
    expected: 'the server that has the database open to hold it still',
    got,
    todo: 'run this as the user of the server, or stop the server first',
  };
}

const letGo = {
  code: 'snapshot-lost',
  expected: 'the server to hold its database still until it was copied',
  got: 'it let go before',
  todo: 'back up again; with a large database stop the server first, or use PostgreSQL',
};

try {
  const task = Task.parse(JSON.parse(process.argv[2] ?? ''));
  tell({ report: await run(task) });
} catch (error) {
  if (error instanceof Refused) tell({ refusal: error.refusal });
  else if (error instanceof DumpFailed) {
    const todo = 'install the client programs of this PostgreSQL version, and check DATABASE_URL';
    const expected = 'pg_dump or pg_restore to do its work';
    tell({ refusal: { code: 'dump-failed', expected, got: error.message, todo } });
  } else throw error;
  process.exitCode = 2;
}
