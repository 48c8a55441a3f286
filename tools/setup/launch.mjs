// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { pinnedNode } from './install.mjs';

/** The signals that ask a process to end or reread; the child decides what they mean. */
const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']);

/**
 * Runs `args` with the pinned Node, forwards signals, and ends as the child ended.
 * @param {{ root: string, args: string[], cwd?: string, env?: Record<string, string> }} what
 */
export function launch({ root, args, cwd = process.cwd(), env = {} }) {
  const bin = join(root, 'node_modules/.bin');
  const path = `${bin}${delimiter}${process.env['PATH'] ?? ''}`;
  const child = spawn(pinnedNode(root), args, {
    cwd,
    stdio: 'inherit',
    env: { ...process.env, ...env, PATH: path },
  });
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole group: the child has it already, and a second one
      // would read as "at once, please".
      if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`breakwater: could not start the pinned Node: ${error.message}\n`);
    process.exit(126);
  });
  child.on('close', (code, signal) => {
    process.exit(code ?? 128 + (signal ? constants.signals[signal] : 1));
  });
}
