import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

/** What is measured has a processor to itself; who calls it, and whom it calls, share the other. */
export const cores = { ends: 0, gateway: 1 } as const;

/** Why processes cannot be pinned here; null where they can. */
export function cannotPin(): string | null {
  if (availableParallelism() < 2) return 'one processor: nothing could be told apart';
  const { status } = spawnSync('taskset', ['--version'], { stdio: 'ignore' });
  return status === 0 ? null : 'taskset is missing (Debian: apt-get install util-linux)';
}

/** Moves this process to one processor, and with it all that it starts and does not pin elsewhere. */
export function pinThis(core: number): void {
  const { status } = spawnSync('taskset', ['-acp', String(core), String(process.pid)]);
  if (status !== 0) throw new Error(`this process could not be moved to processor ${core}`);
}

/** Starts a command on one processor alone. */
export function spawnPinned(
  core: number,
  [command = '', ...args]: readonly string[],
  stdio: StdioOptions = 'ignore',
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): ChildProcess {
  return spawn('taskset', ['-c', String(core), command, ...args], { stdio, ...options });
}

/** Whether a process may be one that never waits for the others of its processor. */
export function canGoFirst(): boolean {
  return spawnSync('chrt', ['-r', '1', 'true'], { stdio: 'ignore' }).status === 0;
}

/**
 * Starts a command on the processor of both ends. Where that may be (SCHED_RR needs CAP_SYS_NICE)
 * it never waits for what else is there: its own waiting would count as that of what is measured.
 */
export function spawnEnd(command: readonly string[], stdio: StdioOptions): ChildProcess {
  const first = canGoFirst() ? ['chrt', '-r', '1'] : [];
  return spawnPinned(cores.ends, [...first, ...command], stdio);
}

/** Resident memory of a process and all below it, in MiB. */
export function residentMiB(pid: number): number {
  let kib = 0;
  for (const each of fromOn(pid)) {
    const status = readOrNothing(path.join('/proc', String(each), 'status'));
    kib += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return kib / 1024;
}

/** A process and all below it. */
export function fromOn(pid: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const parent = Number(statOf(name)[1]);
    if (Number.isInteger(parent)) parents.set(Number(name), parent);
  }
  return [...parents.keys()].filter((each) => isBelow(each, pid, parents));
}

function isBelow(pid: number, top: number, parents: ReadonlyMap<number, number>): boolean {
  let at: number | undefined = pid;
  for (let depth = 0; at !== undefined && depth < 64; depth++) {
    if (at === top) return true;
    at = parents.get(at);
  }
  return false;
}

/** Seconds of processor time that a process has used so far. */
export function processorSeconds(pid: number): number {
  const fields = statOf(String(pid));
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

/** The fields of /proc/<pid>/stat from the state on: the name before may have spaces in it. */
function statOf(pid: string): readonly string[] {
  const text = readOrNothing(path.join('/proc', pid, 'stat'));
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it ended in between
  }
}

/** Busy and whole time of a processor so far, in ticks. */
export function busyOf(core: number): { readonly busy: number; readonly all: number } {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  const ticks = (line ?? '').split(' ').slice(0, 8).map(Number);
  const all = ticks.reduce((sum, each) => sum + each, 0);
  return { busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0), all };
}
