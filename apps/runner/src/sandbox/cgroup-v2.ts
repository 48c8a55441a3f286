import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  keyed,
  killProcesses,
  processesIn,
  put,
  removeGroup,
  sweepGroups,
} from './cgroup-files.ts';
import type { GroupHome, GroupLimits, GroupReading, SlotGroup } from './slot-group.ts';

/**
 * The unified hierarchy, when it hands us memory and pids; else null. Tried in turn: our own
 * group, the one above it (systemd: Delegate=yes, DelegateSubgroup=), and the root.
 */
export function cgroup2Home(mounts: string, own: string): GroupHome | null {
  const root = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, , type]) => type === 'cgroup2')?.[1];
  if (root === undefined) return null;
  const path =
    own
      .split('\n')
      .find((line) => line.startsWith('0::'))
      ?.slice(3) ?? '/';
  const parents = [join(root, path), join(root, dirname(path)), root];
  const parent = parents.find(hands);
  return parent === undefined
    ? null
    : { kind: 'cgroup2', make: (name) => new Group2(join(parent, name)) };
}

function hands(parent: string): boolean {
  const probe = join(parent, `breakwater-${process.pid}-probe`);
  try {
    const offered = readFileSync(join(parent, 'cgroup.controllers'), 'utf8').trim().split(' ');
    if (!offered.includes('memory') || !offered.includes('pids')) return false;
    const wanted = ['memory', 'pids', 'cpu'].filter((name) => offered.includes(name));
    // refused with EBUSY where processes live in the very group that would be divided
    put(join(parent, 'cgroup.subtree_control'), wanted.map((name) => `+${name}`).join(' '));
    sweepGroups(parent);
    mkdirSync(probe, { recursive: true });
    const divided = existsSync(join(probe, 'memory.max')) && existsSync(join(probe, 'pids.max'));
    rmdirSync(probe);
    return divided;
  } catch {
    return false;
  }
}

/** One slot's group of the unified hierarchy, made at `directory`. */
export class Group2 implements SlotGroup {
  readonly #directory: string;
  #peakBefore = 0;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
    if (existsSync(this.#file('memory.swap.max'))) put(this.#file('memory.swap.max'), 0);
  }

  join(pid: number): void {
    put(this.#file('cgroup.procs'), pid);
  }

  prepare({ memoryBytes, processesMax, endsAsOne }: GroupLimits): void {
    // one victim of the limit takes the rest of the run with it: no half-dead trees
    put(this.#file('memory.oom.group'), endsAsOne ? 1 : 0);
    put(this.#file('memory.max'), memoryBytes);
    // the last run's processes are uncharged only after an RCU grace period: they are not ours
    const leaving = Number(readFileSync(this.#file('pids.current'), 'utf8')) - 1;
    put(this.#file('pids.max'), processesMax + Math.max(0, leaving));
    this.#peakBefore = this.#peak() ?? 0;
  }

  read(): GroupReading {
    const peak = this.#peak();
    return {
      outOfMemoryKills: keyed(this.#file('memory.events'), 'oom_kill'),
      // never falls: below an earlier run's peak, this run's is unknown and not invented
      peakMemoryBytes: peak !== null && peak > this.#peakBefore ? peak : null,
    };
  }

  async kill(): Promise<void> {
    // Linux 5.14; before it, one by one
    if (existsSync(this.#file('cgroup.kill'))) put(this.#file('cgroup.kill'), 1);
    else put(this.#file('pids.max'), 0);
    await killProcesses(this.#directory);
  }

  async remove(): Promise<void> {
    if (processesIn(this.#directory).length > 0) await this.kill();
    await removeGroup(this.#directory);
  }

  /** Linux 5.19 and later. */
  #peak(): number | null {
    const path = this.#file('memory.peak');
    return existsSync(path) ? Number(readFileSync(path, 'utf8')) : null;
  }

  #file(name: string): string {
    return join(this.#directory, name);
  }
}
