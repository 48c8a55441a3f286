import { homedir } from 'node:os';
import path from 'node:path';
import type { Environment } from './command.ts';
import { run } from './run.ts';
import { createTerminal, type Sink } from './terminal.ts';

// The process: its streams, its environment, its signals and its exit code, and nothing else.

const aborted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Once: a second Ctrl-C ends the process at once.
  process.once(signal, () => aborted.abort(new Error(`stopped by ${signal}`)));
}

aborted.signal.addEventListener('abort', () => {
  // Whoever reads it learns the reason; where nobody does, it must not end the process.
  process.stdin.once('error', () => undefined);
  process.stdin.destroy(aborted.signal.reason);
});

process.exitCode = await run(process.argv.slice(2), {
  terminal: createTerminal(quietOnceClosed(process.stdout), quietOnceClosed(process.stderr)),
  environment: readEnvironment(process.env),
  signal: aborted.signal,
  stdin: process.stdin,
});

/** `breakwater … | head` closes our output early: the rest goes nowhere, and that is no fault. */
function quietOnceClosed(stream: NodeJS.WriteStream): Sink {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
  });
  return {
    write: (data) => closed || stream.write(data),
    isTTY: stream.isTTY,
    columns: stream.columns,
  };
}

function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const kept = variables['XDG_DATA_HOME'] || path.join(homedir(), '.local/share');
  const caches = variables['XDG_CACHE_HOME'] || path.join(homedir(), '.cache');
  return {
    server: variables['BREAKWATER_SERVER'] || undefined,
    key: variables['BREAKWATER_KEY'] || undefined,
    dataDirectory: path.resolve(variables['BREAKWATER_DATA_DIRECTORY'] || '.breakwater'),
    cacheDirectory: path.resolve(caches, 'breakwater'),
    localDirectory: path.resolve(kept, 'breakwater'),
    variables,
  };
}
