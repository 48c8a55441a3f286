import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  keyed,
  killProcesses,
  processesIn,
  put,
  removeGroup,
  sweepGroups,
} from './cgroup-files.ts';
import type { GroupHome, GroupLimits, GroupReading, SlotGroup } from './slot-group.ts';

type Controller = 'memory' | 'pids' | 'cpu';

/** The version 1 hierarchies, when memory and pids are both ours to divide; else null. */
export function cgroup1Home(mounts: string, own: string): GroupHome | null {
  const memory = writableParent('memory', mounts, own);
  const pids = writableParent('pids', mounts, own);
  if (memory === null || pids === null) return null;
  const cpu = writableParent('cpu', mounts, own);
  return {
    kind: 'cgroup1',
    make: (name) =>
      new Group1(join(memory, name), join(pids, name), cpu === null ? null : join(cpu, name)),
  };
}

/** The directory of our own group in a controller's hierarchy, else its root; null: neither. */
function writableParent(controller: Controller, mounts: string, own: string): string | null {
  const mount = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, , type, options]) => type === 'cgroup' && options?.split(',').includes(controller));
  const root = mount?.[1];
  if (root === undefined) return null;
  const path = own
    .split('\n')
    .map((line) => line.split(':'))
    .find(([, names]) => names?.split(',').includes(controller))?.[2];
  const parents = path === undefined ? [root] : [join(root, path), root];
  return parents.find(canMake) ?? null;
}

function canMake(parent: string): boolean {
  const probe = join(parent, `breakwater-${process.pid}-probe`);
  try {
    sweepGroups(parent);
    mkdirSync(probe, { recursive: true });
    rmdirSync(probe);
    return true;
  } catch {
    return false;
  }
}

/**
 * The cpu group keeps its default share: however many processes a run makes, together they weigh
 * as one, and a lesser share would turn a busy host into runs that time out.
 */
class Group1 implements SlotGroup {
  readonly #memory: string;
  readonly #pids: string;
  readonly #cpu: string | null;
  #memoryBytes = Number.POSITIVE_INFINITY;

  constructor(memory: string, pids: string, cpu: string | null) {
    this.#memory = memory;
    this.#pids = pids;
    this.#cpu = cpu;
    for (const directory of this.#directories()) mkdirSync(directory);
  }

  join(pid: number): void {
    for (const directory of this.#directories()) put(join(directory, 'cgroup.procs'), pid);
  }

  prepare({ memoryBytes, processesMax }: GroupLimits): void {
    if (memoryBytes !== this.#memoryBytes) this.#limitMemory(memoryBytes);
    // the last run's processes are uncharged only after an RCU grace period: they are not ours
    const leaving = Number(readFileSync(join(this.#pids, 'pids.current'), 'utf8')) - 1;
    put(join(this.#pids, 'pids.max'), processesMax + Math.max(0, leaving));
    put(join(this.#memory, 'memory.max_usage_in_bytes'), 0);
  }

  #limitMemory(bytes: number): void {
    const plain = join(this.#memory, 'memory.limit_in_bytes');
    const withSwap = join(this.#memory, 'memory.memsw.limit_in_bytes');
    const order = bytes > this.#memoryBytes ? [withSwap, plain] : [plain, withSwap];
    for (const path of order) if (path === plain || existsSync(path)) put(path, bytes);
    this.#memoryBytes = bytes;
  }

  read(): GroupReading {
    return {
      outOfMemoryKills: keyed(join(this.#memory, 'memory.oom_control'), 'oom_kill'),
      peakMemoryBytes: Number(readFileSync(join(this.#memory, 'memory.max_usage_in_bytes'))),
    };
  }

  async kill(): Promise<void> {
    put(join(this.#pids, 'pids.max'), 0);
    await killProcesses(this.#pids);
  }

  async remove(): Promise<void> {
    if (processesIn(this.#pids).length > 0) await this.kill();
    for (const directory of this.#directories()) await removeGroup(directory);
  }

  #directories(): string[] {
    return [this.#memory, this.#pids, ...(this.#cpu === null ? [] : [this.#cpu])];
  }
}
