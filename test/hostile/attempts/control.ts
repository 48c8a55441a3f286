import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Where a script is run to show that it does harm without the sandbox: as an ordinary user, as
 * root, as root of a namespace of its own, or at a terminal.
 */
export type ControlKind = 'outside' | 'root' | 'namespace' | 'terminal';

/** No such user exists; controls must not be able to do more than they show. */
export const ordinaryUser = 61_184;
const SECONDS_MAX = 20;
const PATIENCE_MS = 5000;
export const isRoot: boolean = process.getuid?.() === 0;

const user = ['--reuid', String(ordinaryUser), '--regid', String(ordinaryUser), '--clear-groups'];
const drop = isRoot ? ['/usr/bin/setpriv', ...user, '--inh-caps', '-all'] : [];
const space = ['unshare', '--user', '--map-root-user', '--mount', '--net', '--uts', '--ipc'];

/** Which mounts a script in a namespace finds: one that it may take away. */
const prepared = 'mount -t tmpfs none /mnt && exec /usr/bin/perl -e "$1"';

interface Started {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What a script printed; null where this host cannot run it so. */
export async function runControl(
  kind: ControlKind,
  script: string,
  started: Started,
): Promise<string | null> {
  if (kind === 'root' && !isRoot) return null;
  // a shell stays above it, so that it has a parent of its own to attack
  const shell = ['sh', '-c', '/usr/bin/perl -e "$1"; :', 'sh', script];
  const commands: Record<ControlKind, readonly string[]> = {
    outside: [...drop, ...shell],
    root: shell,
    namespace: [...drop, ...space, 'sh', '-c', prepared, 'sh', script],
    terminal: ['script', '-qec', `/usr/bin/perl -e ${quoted(script)}`, '/dev/null'],
  };
  return runCommand(commands[kind], started);
}

/**
 * Runs a command in a group of its own, which is killed when it is over. Its folder is left open to
 * it, as by a starter that takes no care of what it hands on.
 */
export async function runCommand(
  command: readonly string[],
  { folder, env }: Started,
): Promise<string> {
  const patient = ['-s', 'KILL', String(SECONDS_MAX), ...command];
  const left = await open(folder);
  const child = spawn('timeout', patient, {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit', left.fd],
  });
  const exited = once(child, 'exit');
  if (child.stdout === null) throw new Error('expected a pipe');
  const printed = text(child.stdout);
  await left.close();
  await exited;
  // whoever outlives its starter may still have something to say
  await Promise.race([printed, delay(PATIENCE_MS, undefined, { ref: false })]);
  killGroup(child.pid);
  return (await printed).replaceAll('\r', '');
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nobody of it is left
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
