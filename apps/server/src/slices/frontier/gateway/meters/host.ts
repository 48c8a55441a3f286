import { readFileSync, readlinkSync } from 'node:fs';

/** Where a process runs and which it is there, so that others on this machine can tell it is gone. */
export interface Standing {
  /** The same for processes that see each other's numbers, until the machine starts again. */
  readonly host: string;
  readonly pid: number;
  /** When it was started; numbers are given out again. */
  readonly started: string;
}

/** This process. Where the machine does not tell, nobody takes it for gone by its number. */
export function standingOfThis(): Standing {
  const { pid } = process;
  const boot = textOf('/proc/sys/kernel/random/boot_id');
  const space = linkOf('/proc/self/ns/pid');
  const started = startOf(pid);
  const isTold = boot !== null && space !== null && started !== null;
  return { host: isTold ? `${boot} ${space}` : '', pid, started: started ?? '' };
}

/** Whether a process is certainly gone: one that does not run any more on this very machine. */
export function isGone(other: Standing, here: Standing): boolean {
  if (other.host === '' || other.host !== here.host) return false;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return true;
  }
  // Of others' processes some machines tell nothing: those are not known to be gone.
  const text = textOf(`/proc/${other.pid}/stat`);
  return text !== null && startIn(text) !== other.started;
}

function startOf(pid: number): string | null {
  const text = textOf(`/proc/${pid}/stat`);
  return text === null ? null : startIn(text);
}

/** Field 22 of proc_pid_stat(5); null of one that ended and whose parent did not ask yet. */
function startIn(text: string): string | null {
  // The name before it is in parentheses and may have spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return ['Z', 'X'].includes(fields[0] ?? '') ? null : (fields[19] ?? null);
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

function linkOf(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}
