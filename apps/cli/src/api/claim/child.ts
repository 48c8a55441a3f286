import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stop } from '../../stop.ts';

/** How a command ended, as shells count it: 128 and the signal where one ended it. */
export interface Ended {
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly ended: Promise<Ended>;
  /** Asks it to end, with all it started; what has not after `graceMs` is killed. */
  stop(signal: NodeJS.Signals, graceMs: number): Promise<void>;
}

export interface ChildOptions {
  /** Names of what it gets of the environment of this program beside what every program needs. */
  readonly passed: readonly string[];
  /** What it gets besides. */
  readonly variables: Readonly<Record<string, string>>;
  /** What it prints goes to standard error, because standard output bears a document. */
  readonly quiet: boolean;
}

const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGTERM: 15,
};

/**
 * Starts a command, with no shell between, in a group of its own: when the claim is gone, what it
 * started goes with it. A second Ctrl-C kills it at once. Not started at all: the command ends here.
 */
export async function startChild(words: readonly string[], options: ChildOptions): Promise<Child> {
  const [program = '', ...rest] = words;
  const child = spawn(program, rest, {
    detached: true,
    stdio: ['inherit', options.quiet ? 2 : 'inherit', 'inherit'],
    env: { ...environmentOf(process.env, options.passed), ...options.variables },
  });
  const ended = endOf(child);
  await started(child, program);
  const forget = killOnSecondSignal(child);
  return {
    ended: ended.finally(forget),
    async stop(signal, graceMs) {
      tellGroup(child, signal);
      const waited = new AbortController();
      const grace = sleep(graceMs, 'late', { signal: waited.signal }).catch(() => 'gone');
      const first = await Promise.race([ended.then(() => 'gone'), grace]);
      waited.abort();
      // Also where it is gone: what it left behind would go on without a claim.
      if (first === 'late' || hasGroup(child)) tellGroup(child, 'SIGKILL');
    },
  };
}

/** What programs need to run and to speak to a person; none of it lets anybody act for another. */
const needed =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|PWD|TMPDIR|TZ|TERM|COLORTERM|NO_COLOR|LANG|LC_.+)$/;

/**
 * The environment of a command that looks at something hostile, or is it: the key of this program is
 * not in it, nor any other secret of whoever typed, unless it was named.
 */
export function environmentOf(
  environment: Readonly<Record<string, string | undefined>>,
  passed: readonly string[],
): Record<string, string> {
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && (needed.test(name) || passed.includes(name))
      ? [[name, value] as const]
      : [],
  );
  return Object.fromEntries(kept);
}

function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('exit', (code, signal) => {
      resolve({ code: code ?? 128 + (signalNumbers[signal ?? ''] ?? 0), signal });
    });
  });
}

async function started(child: ChildProcess, program: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(notStarted(program, error)));
  });
}

function notStarted(program: string, error: Error): Stop {
  const missing = 'code' in error && error.code === 'ENOENT';
  return new Stop({
    code: 'command-not-started',
    expected: 'a command that can be run',
    got: missing ? `${program}: there is none` : `${program}: ${error.message}`,
    todo: 'write it behind --, such as: breakwater claim run pkg:npm/flat -- ./fuzz.sh',
  });
}

function killOnSecondSignal(child: ChildProcess): () => void {
  let signals = 0;
  const count = () => {
    signals += 1;
    if (signals > 1) tellGroup(child, 'SIGKILL');
  };
  // Without this its terminal goes and it does not: it is no part of our group.
  const hangUp = () => tellGroup(child, 'SIGHUP');
  process.on('SIGINT', count).on('SIGTERM', count).on('SIGHUP', hangUp);
  return () => {
    process.off('SIGINT', count).off('SIGTERM', count).off('SIGHUP', hangUp);
  };
}

function hasGroup(child: ChildProcess): boolean {
  return tellGroup(child, 0);
}

/** False: nobody is there any more. */
function tellGroup({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
