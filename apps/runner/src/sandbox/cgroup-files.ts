import { readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const EMPTY_TRIES = 500;
const EMPTY_WAIT_MS = 4;

/** The processes in a group, as our own namespace numbers them. */
export function processesIn(directory: string): number[] {
  try {
    const text = readFileSync(`${directory}/cgroup.procs`, 'utf8');
    // 0 stands for a process outside our pid namespace, and kill(0) would be ourselves
    return text
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 1);
  } catch {
    return [];
  }
}

/** SIGKILLs until the group is empty, within two seconds; throws when it is not by then. */
export async function killProcesses(directory: string): Promise<void> {
  for (let tries = 0; tries < EMPTY_TRIES; tries++) {
    const left = processesIn(directory);
    if (left.length === 0) return;
    for (const pid of left) killOne(pid);
    await delay(EMPTY_WAIT_MS);
  }
  throw new Error(`processes survive SIGKILL in ${directory}`);
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone between reading and killing
  }
}

/** A group is removed a moment after its last process ended, so a busy one is tried again. */
export async function removeGroup(directory: string): Promise<void> {
  for (let tries = 0; tries < EMPTY_TRIES; tries++) {
    try {
      rmdirSync(directory);
      return;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      await delay(EMPTY_WAIT_MS);
    }
  }
}

/** Removes groups left by owners that were killed; their names carry the owner's process id. */
export function sweepGroups(parent: string): void {
  for (const name of readdirSync(parent)) {
    const owner = /^breakwater-(\d+)-/.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    try {
      rmdirSync(`${parent}/${name}`);
    } catch {
      // still busy, or another process sweeps too: the next opening tries again
    }
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Kernel files take a value in one write, or refuse it with an errno. */
export function put(path: string, value: string | number): void {
  writeFileSync(path, String(value));
}

/** The number after `name ` in a flat-keyed file, 0 when it is not there. */
export function keyed(path: string, name: string): number {
  const line = readFileSync(path, 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}
