import type { BlobStore } from './blobs.ts';
import type { Manifest } from './manifest.ts';
import type { Script, SeedFile, WorldLimits } from './world.ts';

/**
 * What `scoreIn` is asked. The scorer runs in a fresh world with the kept files in their places and
 * the services started again; no process of the agent is there.
 *
 * The scorer is a script for the host's own /bin/sh, started in `/score` with `PATH=/usr/bin:/bin`
 * and `HOME=/score`; its private files are below `/score`, and `answer` is `/score/answer`.
 * It prints its result as one line of JSON on descriptor 3: `{"score": 0..1, "reason": "…"}`, as by
 * `echo '{"score": 1, "reason": "flag found"}' >&3`. No line, or two, is no score.
 * A program of the agent is started by `/usr/bin/perl /.world agent PROGRAM ARGUMENT…`, which
 * closes descriptor 3 and lets it see neither `/score` nor `/service` nor the scorer's process.
 */
export interface ScoreRequest {
  readonly name: string;
  readonly kept: { readonly manifest: Manifest; readonly store: BlobStore };
  readonly scorer: Script;
  readonly answer?: Uint8Array;
  readonly files?: readonly SeedFile[];
  readonly services?: Script;
  readonly limits?: Partial<WorldLimits>;
  /** Of each of stdout and stderr. Default 64 KiB. */
  readonly outputBytes?: number;
}

export interface Score {
  /** From 0 to 1. */
  readonly score: number;
  /** At most 2,000 characters. */
  readonly reason: string;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}
