#!/usr/bin/env node
// @ts-check
/** `breakwater`: the terminal client of this checkout, set up on first use. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { launch } from './launch.mjs';
import { PlainFailure } from './progress.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
try {
  await ensureInstalled(root);
  launch({ root, args: [join(root, 'apps/cli/src/main.ts'), ...process.argv.slice(2)] });
} catch (error) {
  if (!(error instanceof PlainFailure)) throw error;
  process.stderr.write(`breakwater: ${error.message}\n`);
  process.exitCode = 1;
}
