import type { HoldLimits, RunLimits } from './sandbox.ts';

/** A slot's own control group. Its launcher joins once; every run of the slot is born inside. */
export interface SlotGroup {
  join(pid: number): void;
  /**
   * Sets this run's limits and forgets the last run's peak. Throws when the host refuses. Out of
   * memory, a run ends as a whole, and what is held loses one process.
   */
  prepare(limits: GroupLimits): void;
  /** What the group counted; the difference to a reading before the run is the run's. */
  read(): GroupReading;
  /** SIGKILLs everything inside, the launcher too; resolves when nothing is left. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

export interface GroupLimits {
  readonly memoryBytes: number;
  readonly processesMax: number;
  readonly endsAsOne: boolean;
}

export interface GroupReading {
  readonly outOfMemoryKills: number;
  readonly peakMemoryBytes: number | null;
}

/** Where slot groups can be made on this host. */
export interface GroupHome {
  readonly kind: 'cgroup2' | 'cgroup1';
  make(name: string): SlotGroup;
}

/**
 * Launcher, bwrap and its two halves, held against the group but not the target's; perl keeps up
 * to four copies of the input while handing it over.
 */
export function groupLimits(limits: RunLimits, inputBytes: number): GroupLimits {
  return {
    memoryBytes: limits.memoryBytes + OWN_MEMORY_BYTES + 4 * inputBytes,
    processesMax: limits.processesMax + OWN_PROCESSES,
    endsAsOne: true,
  };
}

/** The same for what is held: launcher and bwrap besides our processes inside. */
export function heldGroupLimits(limits: HoldLimits): GroupLimits {
  return {
    memoryBytes: limits.memoryBytes + HELD_MEMORY_BYTES,
    processesMax: limits.processesMax + HELD_PROCESSES + 2,
    endsAsOne: false,
  };
}

/** The launcher and bwrap's two processes. */
export const OWN_PROCESSES = 3;
const OWN_MEMORY_BYTES = 24 << 20;
/** Ours inside, and room for a command more than a bomb may fill. */
export const HELD_PROCESSES = 8;
const HELD_MEMORY_BYTES = 64 << 20;
