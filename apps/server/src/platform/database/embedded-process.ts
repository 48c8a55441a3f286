import { rm } from 'node:fs/promises';
import path from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

// The embedded database's own process: started by embedded.ts under a lock, stops with its parent.
const directory = process.argv[2];
if (directory === undefined || process.send === undefined) {
  throw new Error('this file is started by embedded.ts, with a directory and a channel');
}
const socket = path.join(directory, 'socket', '.s.PGSQL.5432');
await rm(socket, { force: true });
const db = await PGlite.create(path.join(directory, 'data'));
const server = new PGLiteSocketServer({ db, path: socket, maxConnections: 4 });
await server.start();

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await server.stop();
  await db.close();
  process.exit(0);
}
process.on('disconnect', () => void stop());
process.on('message', () => void stop());
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => {});
process.send('ready');
