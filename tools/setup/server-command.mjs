// @ts-check
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * What the server is started with. Room from the start for what a few seconds of requests leave
 * behind: with less of it one request in a hundred waits for the collector, which takes as long as
 * the answer. One thread for the engine's own work fewer than there are processors: four of them,
 * as it is otherwise, leave nothing of two to requests for as long as old memory is looked through.
 * And nothing is made in old memory at once, where it would keep alive whatever it names.
 */
export const serverCommand = [
  '--v8-pool-size=0',
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
  '--no-allocation-site-pretenuring',
  join(root, 'apps/server/src/main.ts'),
];
