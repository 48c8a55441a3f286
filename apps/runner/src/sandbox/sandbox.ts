import type { Frame } from './frames.ts';

/**
 * The sandbox port: runs one untrusted command, sealed, and tells what happened.
 *
 * Consistency: every run starts in a fresh world; nothing a run leaves behind is seen by another.
 * Durability: none; what must be kept is in the returned record.
 * Limits: every run is bounded in wall clock, processor time, memory, processes, file size and
 * output; the whole process tree is gone when `run` resolves.
 * Errors: a run that fails, crashes, is killed or is refused by a limit *resolves* with a record
 * that says so; `run` rejects only when the host could not start it (SandboxUnavailable) or when
 * the request itself is malformed (SandboxRequestError), or with the signal's reason when it was
 * aborted before a slot was free.
 */
export interface Sandbox {
  readonly capabilities: Capabilities;
  run(spec: RunSpec, signal?: AbortSignal): Promise<RunRecord>;
  /**
   * Copies a file or directory to where runs may mount it from, readable by nobody else. Needed
   * for whatever the sandbox's user cannot read (our data directory, collected files), and makes
   * collected programs executable again. Dispose of it when no run needs it any more.
   */
  stage(source: string): Promise<Staged>;
  /**
   * Starts a program of ours behind the same walls, in a slot of its own, and keeps it to be
   * spoken to. Rejects with SandboxUnavailable when it did not come up or a wall was missing.
   */
  hold(spec: HoldSpec): Promise<Held>;
  close(): Promise<void>;
}

/** What is held is `/.world`, which speaks frames as `world/inside/frames.pl` says. */
export interface HoldSpec {
  /** Writable places inside, each a tmpfs of its own; `/tmp` must be among them. */
  readonly places: readonly { readonly target: string; readonly bytes: number }[];
  readonly cwd: string;
  readonly limits: HoldLimits;
}

export interface HoldLimits {
  /** Processes and files together. */
  readonly memoryBytes: number;
  readonly processesMax: number;
  readonly fileBytesMax: number;
}

export interface Held {
  readonly evidence: HeldEvidence;
  /** Says something to it; what cannot be said any more is noticed by `next`. */
  send(kind: string, body: Uint8Array): void;
  /** What it says next; null when it is gone. Its bytes are a hostile neighbor's until judged. */
  next(): Promise<Frame | null>;
  /** Whether the kernel ended processes of it for want of memory, and how it ended. */
  ending(): { readonly outOfMemory: boolean; readonly detail: string };
  /** Kills everything of it; resolves when nothing is left. */
  end(): Promise<void>;
}

export interface HeldEvidence {
  readonly capabilities: Capabilities;
  readonly seccompSha256: string;
  readonly kernel: string;
  readonly network: RunEvidence['network'];
  readonly status: RunEvidence['status'];
}

/** How strong the walls are; written into the evidence of every run. */
export type Tier = 'strong' | 'standard' | 'reduced' | 'refuse';

export interface Capabilities {
  readonly driver: string;
  readonly version: string;
  readonly tier: Tier;
  /** One sentence for a person: why this tier and not a better one. */
  readonly reason: string;
  readonly limitsBy: 'cgroup2' | 'cgroup1' | 'rlimits' | 'none';
}

export interface Mount {
  /** Absolute path on the host: a file or a directory. Always bound read-only. */
  readonly source: string;
  /** Absolute path inside. */
  readonly target: string;
}

export interface Staged extends AsyncDisposable {
  /** Absolute; a `Mount`'s source. */
  readonly path: string;
}

export interface RunSpec {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** Working directory inside; must lie in a mount, /tmp or a collected directory. */
  readonly cwd: string;
  readonly mounts: readonly Mount[];
  readonly stdin?: Uint8Array;
  /**
   * A directory inside (for example /out) that the run may write and whose regular files are
   * collected afterwards, without links, modes or special files.
   */
  readonly collect?: { readonly target: string; readonly into: string } & CollectLimits;
  /**
   * `target`: deny-by-default system calls for programs under test (ptrace refused).
   * `build`: compilers and test suites; still no network.
   */
  readonly profile: 'target' | 'build';
  /** Address-space layout randomization off, so that reports are repeatable. */
  readonly fixedAddresses: boolean;
  readonly limits: RunLimits;
}

export interface CollectLimits {
  readonly filesMax: number;
  readonly bytesMax: number;
  readonly depthMax: number;
}

export interface RunLimits {
  readonly wallMs: number;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  readonly processesMax: number;
  readonly fileBytesMax: number;
  /** Size of the private /tmp. */
  readonly scratchBytes: number;
  /** Each of stdout and stderr is cut here and the run is stopped. */
  readonly outputBytesMax: number;
}

/** Why the run ended. `signaled` is inferred from 128+n: an exit(139) looks the same. */
export type Ending =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly code: number; readonly signal: string }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'output-limit' }
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'failed'; readonly detail: string };

export interface RunRecord {
  readonly ending: Ending;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly stdoutTruncated: boolean;
  readonly stderrTruncated: boolean;
  readonly wallMs: number;
  readonly peakMemoryBytes: number | null;
  readonly collected: readonly CollectedFile[];
  /** What the run left in its directory and was not taken; the first hundred, names escaped. */
  readonly skipped: readonly SkippedFile[];
  /** What the walls were in this very run, read from inside before the target started. */
  readonly evidence: RunEvidence;
}

export interface CollectedFile {
  /** Relative, `/`-separated, no `..`, no control characters. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

export interface SkippedFile {
  readonly path: string;
  /** Such as `link`, `special file`, `hard link`, `too deep`, `too many files`. */
  readonly reason: string;
}

export interface RunEvidence {
  readonly capabilities: Capabilities;
  readonly seccompSha256: string;
  readonly kernel: string;
  readonly network: {
    /** Interfaces seen inside. */
    readonly interfaces: readonly string[];
    /** Connection attempts made from inside before the target, each with how it failed. */
    readonly attempts: readonly { readonly what: string; readonly result: string }[];
    readonly denied: boolean;
  };
  /** From /proc/self/status inside: Seccomp, NoNewPrivs, CapEff. */
  readonly status: Readonly<Record<string, string>>;
  readonly limits: RunLimits;
}
