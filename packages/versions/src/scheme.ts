import type { Result } from '@breakwater/kernel';

/** Longest version text looked at, in UTF-16 code units; npm itself allows 256. */
export const versionLengthMax = 256;

/** A version understood: its text as given and its order key. */
export interface Version {
  readonly text: string;
  /** Compares with `<`, `>` and `===` against keys of the same ecosystem, and only those. */
  readonly key: string;
}

/** How one ecosystem writes and orders its versions. */
export interface VersionScheme {
  /** Parses one version; refuses what the ecosystem's own tools refuse. */
  parse(text: string): Result<Version, 'version-malformed'>;
}
