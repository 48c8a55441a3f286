import type { HoldSpec, RunSpec } from './sandbox.ts';
import { HELD_PROCESSES, OWN_PROCESSES } from './slot-group.ts';

/** What every sandbox sees of the host besides the caller's mounts. */
export interface Base {
  /** The staged files: init.pl, world.pl and a neutral etc. */
  readonly directory: string;
  /** Links of a merged /usr, such as `lib64` to `usr/lib64`. */
  readonly links: readonly (readonly [name: string, to: string])[];
  /** Host files of /etc that compilers and the loader need. */
  readonly etc: readonly string[];
  /** Files of /proc that show empty. */
  readonly masked: readonly string[];
}

const SHARED_MEMORY_BYTES = 8 << 20;
export const INSIDE_ID = 65534;

/**
 * The arguments of bwrap 0.8 for one run, as it reads them NUL-separated from --args: so no
 * path of the host shows in /proc/1/cmdline.
 */
export function bwrapArguments(spec: RunSpec, base: Base): string[] {
  return [
    ...walls(base),
    ...tmpfs('/tmp', spec.limits.scratchBytes),
    ...(spec.collect === undefined ? [] : tmpfs(spec.collect.target, spec.collect.bytesMax)),
    ...spec.mounts.flatMap(({ source, target }) => ['--ro-bind', source, target]),
    ...lastArguments(spec.cwd),
  ];
}

/**
 * The arguments for what is held and spoken to: the same walls, and its first process is the first
 * of its namespace, so that nobody inside can kill it and orphans come to it.
 */
export function heldArguments({ places, cwd }: HoldSpec, base: Base): string[] {
  return [
    ...walls(base),
    '--as-pid-1',
    ...['--ro-bind', `${base.directory}/world.pl`, '/.world'],
    ...places.flatMap(({ target, bytes }) => tmpfs(target, bytes)),
    ...lastArguments(cwd),
  ];
}

function tmpfs(target: string, bytes: number): string[] {
  return ['--size', String(bytes), '--tmpfs', target];
}

function walls(base: Base): string[] {
  const id = String(INSIDE_ID);
  return [
    ...['--unshare-all', '--unshare-user', '--disable-userns', '--uid', id, '--gid', id],
    ...['--hostname', 'sandbox', '--cap-drop', 'ALL', '--new-session', '--die-with-parent'],
    '--clearenv',
    ...['--ro-bind', '/usr', '/usr'],
    ...base.links.flatMap(([name, to]) => ['--symlink', to, `/${name}`]),
    ...['--ro-bind', `${base.directory}/etc`, '/etc'],
    ...base.etc.flatMap((path) => ['--ro-bind', path, path]),
    ...['--ro-bind', `${base.directory}/init.pl`, '/.init'],
    // sysctls are writable to whoever is uid 0 outside; we never are, and this is the second lock
    ...['--proc', '/proc', '--ro-bind', '/proc/sys', '/proc/sys'],
    ...base.masked.flatMap((path) => ['--ro-bind', `${base.directory}/empty`, path]),
    // bwrap's own /dev and /dev/shm are each half of memory
    ...['--dev', '/dev', ...tmpfs('/dev/shm', SHARED_MEMORY_BYTES)],
    ...['--remount-ro', '/dev'],
  ];
}

/** After every mount: nothing is added to the root any more. */
function lastArguments(cwd: string): string[] {
  return ['--remount-ro', '/', '--chdir', cwd, '--seccomp', '7', '--json-status-fd', '8'];
}

// include/uapi/asm-generic/resource.h, the same on both machines
const RLIMIT_CPU = 0;
const RLIMIT_FSIZE = 1;
const RLIMIT_NPROC = 6;
const RLIMIT_NOFILE = 7;
const OPEN_FILES_MAX = 1024;

/**
 * Limits the init step sets; that of core files was the launcher's. RLIMIT_AS and RLIMIT_DATA are
 * left out: AddressSanitizer reserves 15 TB and would die of them.
 */
export function resourceLimits({ limits }: RunSpec): string[] {
  return [
    // SIGXCPU at the soft limit says what happened; SIGKILL a second later makes it so
    `${RLIMIT_CPU} ${limits.cpuSeconds} ${limits.cpuSeconds + 1}`,
    both(RLIMIT_FSIZE, limits.fileBytesMax),
    both(RLIMIT_NPROC, limits.processesMax + OWN_PROCESSES),
    both(RLIMIT_NOFILE, OPEN_FILES_MAX),
  ];
}

/** Limits of the first process of what is held; it sets further ones for what it starts. */
export function heldLimits({ limits }: HoldSpec): string[] {
  return [
    both(RLIMIT_FSIZE, limits.fileBytesMax),
    both(RLIMIT_NPROC, limits.processesMax + HELD_PROCESSES),
    both(RLIMIT_NOFILE, OPEN_FILES_MAX),
  ];
}

function both(resource: number, value: number): string {
  return `${resource} ${value} ${value}`;
}
