// @ts-check
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * What the server is started with. Room for what a few seconds of requests leave behind: with less
 * of it one request in a hundred waits for the collector, which takes as long as the answer.
 */
export const serverCommand = ['--max-semi-space-size=32', join(root, 'apps/server/src/main.ts')];
