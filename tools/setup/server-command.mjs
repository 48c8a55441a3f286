// @ts-check
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * What the server is started with. Room for what a few seconds of requests leave behind: with less
 * of it one request in a hundred waits for the collector, which takes as long as the answer. And
 * nothing is made in old memory at once, where it would keep alive whatever it names.
 */
export const serverCommand = [
  '--max-semi-space-size=32',
  '--no-allocation-site-pretenuring',
  join(root, 'apps/server/src/main.ts'),
];
