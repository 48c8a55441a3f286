// @ts-check
/**
 * What stands behind each npm script: sets up what is missing, then runs the command on the pinned
 * Node. Plain JavaScript without dependencies, because it runs before there are any, on Node 20.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { launch } from './launch.mjs';
import { PlainFailure } from './progress.mjs';
import { serverCommand } from './server-command.mjs';
import { ensureSystem } from './system.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const long = { BREAKWATER_LONG: '1' };

/** @type {Record<string, { args: string[], env?: Record<string, string> }>} */
const commands = {
  start: { args: serverCommand },
  demo: { args: [join(root, 'demo/run.ts')] },
  check: { args: [join(root, 'tools/check.ts')] },
  test: { args: [join(root, 'tools/test.ts')] },
  bench: { args: [join(root, 'bench/run.ts')] },
  'test:hostile': { args: [vitest, 'run', 'test/hostile'], env: long },
  'test:sim': { args: [vitest, 'run', 'test/sim'], env: long },
  'test:targets': { args: [vitest, 'run', 'test/targets'], env: long },
  'test:interop': { args: [vitest, 'run', 'test/interop'], env: long },
};

const [name = '', ...args] = process.argv.slice(2);
const command = commands[name];
try {
  if (command === undefined) {
    throw new PlainFailure(
      `no command "${name}"; expected one of: ${Object.keys(commands).join(', ')}`,
    );
  }
  await ensureInstalled(root);
  await ensureSystem(name, root);
  launch({ root, cwd: root, args: [...command.args, ...args], env: command.env ?? {} });
} catch (error) {
  if (!(error instanceof PlainFailure)) throw error;
  process.stderr.write(`breakwater: ${error.message}\n`);
  process.exitCode = 1;
}
