import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { connectDatabase, type Database } from './database.ts';

/** The data directory is in use by another process. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
}

const lockHeld = 75;

/**
 * Opens the embedded PostgreSQL (PGlite) in `directory`, in a process of its own so that a long
 * query never blocks the HTTP loop.
 *
 * Two processes on one directory would corrupt it silently, so the child runs under flock(1): the
 * kernel drops the lock when the child dies, however it dies, and a stale lock cannot exist.
 * Rejects with DirectoryInUse where the lock is held. `onLost` is called if that process ends by
 * itself later; nothing can be read or written then.
 */
export async function openEmbedded(directory: string, onLost?: () => void): Promise<Database> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const socketDirectory = path.join(directory, 'socket');
  await mkdir(socketDirectory, { recursive: true, mode: 0o700 });
  const child = startLocked(directory);
  await ready(child, directory);
  const lost = () => onLost?.();
  child.once('exit', lost);
  return connectDatabase({
    engine: 'embedded',
    // The lock on the directory says so.
    alone: true,
    // One connection: the engine has one session, and pg multiplexes nothing over it.
    connection: { host: socketDirectory, user: 'postgres', database: 'postgres', max: 1 },
    onClose: async () => {
      child.off('exit', lost);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      const gone = once(child, 'exit');
      child.send('stop');
      await gone;
    },
  });
}

function startLocked(directory: string): ChildProcess {
  const script = path.join(import.meta.dirname, 'embedded-process.ts');
  const args = ['--no-fork', '--wait', '3', '--conflict-exit-code', String(lockHeld)];
  return spawn(
    'flock',
    [...args, path.join(directory, 'lock'), process.execPath, script, directory],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Its own group: a Ctrl-C reaches the server first, which then stops the database in order.
      detached: true,
    },
  );
}

async function ready(child: ChildProcess, directory: string): Promise<void> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4_000);
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(
        code === lockHeld
          ? new DirectoryInUse(`the data directory ${directory} is in use by another Breakwater`)
          : new Error(`the embedded database stopped while starting (exit ${code}): ${errors}`),
      );
    });
  });
  child.removeAllListeners('exit');
  // Holding the IPC channel must not keep a finished server alive.
  child.unref();
  child.channel?.unref();
}

/** Reads the address that the server holding `directory` wrote down, or null. */
export async function runningAddress(directory: string): Promise<string | null> {
  try {
    return (await readFile(path.join(directory, 'address'), 'utf8')).trim();
  } catch {
    return null;
  }
}
