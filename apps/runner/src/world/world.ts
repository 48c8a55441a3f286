import type { Refusal, Result } from '@breakwater/kernel';
import type { Capabilities } from '../sandbox/sandbox.ts';
import type { BlobStore } from './blobs.ts';
import type { LostProcess, Manifest } from './manifest.ts';

/**
 * A sealed world that lives over many turns: one launcher of the sandbox, held, whose first
 * process inside takes commands over a pipe that nobody else can reach.
 *
 * Places inside: `/work` (the working directory), `/home/agent` (HOME) and `/tmp` are the
 * agent's; `/service` is the services' own, which commands of the agent cannot open.
 * Consistency: operations are done one after another in the order they were asked for.
 * Durability: none but by `keep`; `/tmp`, processes and the services' memory are never kept.
 * Limits: memory (files count), processes, bytes of files, processor time of each process, wall
 * clock and output of each command.
 * Errors: every operation answers with a refusal of `WorldRefusalCode`, and none throws for
 * anything that happens inside. After `world-ended` every later operation answers it too.
 */
export interface World {
  readonly name: string;
  readonly evidence: WorldEvidence;
  /** The agent's processes that ran when the restored files were kept, and do not run now. */
  readonly lost: readonly LostProcess[];
  /** Set when the world is over: by `close`, or because something inside ended it. */
  readonly ended: WorldEnd | null;
  /**
   * Runs one command as the agent, in a session of its own, and answers when that process has
   * ended; what it left in the background lives on. One that reaches `wallMs` is killed with its
   * whole session.
   */
  exec(command: Command): Promise<WorldResult<CommandOutcome>>;
  /** Reads a regular file of the agent's places; no part of the path may be a link. */
  readFile(path: string, maxBytes: number): Promise<WorldResult<Uint8Array>>;
  /**
   * Puts a file of the agent's places, whole or not at all, and makes missing directories; what
   * has the name already is replaced, never written through. Mode 0644 unless said.
   */
  writeFile(path: string, bytes: Uint8Array, mode?: number): Promise<WorldResult<void>>;
  /**
   * Stops every process, lists the files of `/work`, `/home/agent` and `/service`, puts the bytes
   * of those that changed since the last `keep` of this world into `store`, and lets the processes
   * go on. Durable in the store when it resolves. What is neither file, directory nor link is named in `skipped`.
   */
  keep(store: BlobStore): Promise<WorldResult<Manifest>>;
  /**
   * Tries every way out from inside, out of the agent's reach, while listeners of ours on the host
   * hear nothing.
   */
  proveSealed(): Promise<WorldResult<EgressEvidence>>;
  /** Kills everything; resolves when nothing of it is left. May be called at any time, again too. */
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Shows in errors and evidence; the world itself cannot read it. */
  readonly name: string;
  readonly limits?: Partial<WorldLimits>;
  /** Files put before anything runs, after `restore`. */
  readonly files?: readonly SeedFile[];
  /** Files as an earlier `keep` found them. `setup` is not run again. */
  readonly restore?: { readonly manifest: Manifest; readonly store: BlobStore };
  /**
   * A script for /bin/sh, run once in a world of its own with its private files in `/setup`. What
   * it leaves in `/work`, `/home/agent` and `/service` is taken over, nothing else of it.
   */
  readonly setup?: Script;
  /**
   * A script for /bin/sh that starts the task's services and returns; run at every opening, its
   * private files and directory are `/service`. They reach each other and the agent over loopback.
   * At a restore a private file that was kept is left as it was kept.
   */
  readonly services?: Script;
}

export interface SeedFile {
  /** Absolute, below one of the agent's places or `/service`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Default 0644. */
  readonly mode?: number;
}

export interface Script {
  readonly text: Uint8Array;
  /** Relative paths below the script's private directory, which is also its working directory. */
  readonly files?: readonly SeedFile[];
  /** Default 120,000. */
  readonly wallMs?: number;
}

export interface WorldLimits {
  /** Processes and files together. Default 512 MiB; at least twice `diskBytes` and 64 MiB. */
  readonly memoryBytes: number;
  /** Of `/work`; the home, `/service` and `/tmp` have a quarter of it each. Default 128 MiB. */
  readonly diskBytes: number;
  /** Default 128. */
  readonly processesMax: number;
  /** Of each process. Default 3,600. */
  readonly cpuSeconds: number;
  /** How many files, directories and links `keep` takes. Default 20,000. */
  readonly entriesMax: number;
}

export interface Command {
  /** The program is looked for in PATH where its name has no slash. */
  readonly argv: readonly [string, ...string[]];
  readonly stdin?: Uint8Array;
  /** Default `/work`. */
  readonly cwd?: string;
  /** Added to, or put in place of, PATH, HOME, LANG, USER, TMPDIR and TERM. */
  readonly env?: Readonly<Record<string, string>>;
  readonly wallMs: number;
  /** Of each of stdout and stderr; what is beyond is dropped, and the command goes on. */
  readonly outputBytes: number;
}

export interface CommandOutcome {
  /** Null when it was killed by a signal. */
  readonly exitCode: number | null;
  /** Such as `SIGKILL`; null when it ended by itself. */
  readonly signal: string | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly stdoutTruncated: boolean;
  readonly stderrTruncated: boolean;
  readonly timedOut: boolean;
  readonly wallMs: number;
}

/** What the walls were when the world opened, read from inside before anything of it existed. */
export interface WorldEvidence {
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly seccompSha256: string;
  readonly kernel: string;
  readonly limits: WorldLimits;
  /** From /proc/self/status inside: Seccomp, NoNewPrivs, CapEff. */
  readonly status: Readonly<Record<string, string>>;
  readonly network: {
    readonly interfaces: readonly string[];
    readonly attempts: readonly EgressAttempt[];
  };
  /** Whether the kernel (Landlock) keeps `/service` and the services' processes from the agent. */
  readonly servicesHidden: boolean;
}

export interface EgressEvidence {
  readonly interfaces: readonly string[];
  /** Routes inside that lead anywhere but to its own loopback. */
  readonly routes: readonly string[];
  readonly attempts: readonly EgressAttempt[];
  /** Connections and packets that our listeners on the host received from inside. */
  readonly heardOutside: number;
  readonly sealed: boolean;
}

export interface EgressAttempt {
  /** Such as `tcp 169.254.169.254:80`. */
  readonly what: string;
  /** Such as `connect: Network is unreachable`. */
  readonly result: string;
}

export interface WorldEnd {
  readonly reason: 'closed' | 'out-of-memory' | 'ended-from-inside' | 'unresponsive';
  readonly detail: string;
}

export type WorldRefusalCode =
  /** This host offers no sandbox, or could not start one more. */
  | 'sandbox-unavailable'
  /** The request itself is malformed. */
  | 'request-malformed'
  /** The world is over; `World.ended` says why. */
  | 'world-ended'
  /** The program could not be started. */
  | 'cannot-start'
  /** No process, memory or disk space is left in the world for this; it lives on. */
  | 'world-exhausted'
  | 'no-such-file'
  /** A link, directory, pipe or socket stands where a regular file is wanted. */
  | 'not-a-plain-file'
  | 'too-large'
  /** More files or bytes than may be kept. */
  | 'too-much-to-keep'
  /** A kept manifest or one of its blobs is missing, altered or malformed. */
  | 'kept-files-damaged'
  | 'setup-failed'
  | 'services-failed'
  /** This kernel cannot hide the services from the agent (Landlock is off). */
  | 'services-not-hidden'
  /** The scorer printed no result, more than one, or one that cannot be read. */
  | 'scorer-failed';

export type WorldRefusal = Refusal<WorldRefusalCode>;
export type WorldResult<T> = Result<T, WorldRefusalCode>;
