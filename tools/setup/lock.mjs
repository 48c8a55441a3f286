// @ts-check
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { PlainFailure, say } from './progress.mjs';

const WAIT_MAX_MS = 10 * 60_000;
const RETRY_MS = 200;

/**
 * Runs `work` while no other process on this machine holds the same name.
 *
 * The lock is an abstract unix socket: the kernel frees it when its holder dies, however it dies,
 * so there is no stale lock file to judge.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(name, work) {
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32);
  const server = await acquire(`\0breakwater-setup-${digest}`);
  try {
    return await work();
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** @param {string} address */
async function acquire(address) {
  const until = Date.now() + WAIT_MAX_MS;
  for (let turn = 0; Date.now() < until; turn += 1) {
    const server = await listen(address);
    if (server) return server;
    if (turn === 0) say('another set-up of this checkout is running; waiting for it to end');
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new PlainFailure('another set-up of this checkout has run for ten minutes; stop it first');
}

/** @param {string} address @returns {Promise<import('node:net').Server | undefined>} */
function listen(address) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => resolve(server));
  });
}
