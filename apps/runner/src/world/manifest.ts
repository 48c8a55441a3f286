/**
 * The files of a world as `keep` found them; plain JSON, sorted by the bytes of `path`. Equal
 * files give equal digests, so that a store keeps each only once. Hard links come back as separate
 * files, and the set-user-id, set-group-id and sticky bits are left out.
 */
export interface Manifest {
  readonly format: 'breakwater-world/1';
  readonly entries: readonly ManifestEntry[];
  /** What was not taken (pipes, sockets), the first hundred. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  /** Processes that ran and are not kept, the first hundred. */
  readonly background: readonly LostProcess[];
}

/** `path` is absolute; names that are not plain UTF-8 are written as `writePath` says. */
export type ManifestEntry =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly mode: number;
      readonly modifiedMs: number;
      readonly size: number;
      readonly sha256: string;
    }
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

export interface LostProcess {
  /** Its arguments, joined by spaces, cut at 200 characters; the process may have changed them. */
  readonly command: string;
  /** Services are started again at a restore; what the agent left running is lost. */
  readonly of: 'agent' | 'services';
}
