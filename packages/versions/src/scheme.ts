import { type Result, refuse } from '@breakwater/kernel';

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
  /** True where OSV ranges of type SEMVER may be held against its versions. */
  readonly isSemantic: boolean;
  /** Parses one version; refuses what the ecosystem's own tools refuse. */
  parse(text: string): Result<Version, 'version-malformed'>;
}

/** The refusal of a text that is no version: what one looks like, and an example to follow. */
export function malformed(text: string, expected: string, example: string) {
  return refuse({
    code: 'version-malformed' as const,
    expected,
    got: JSON.stringify(text.slice(0, versionLengthMax)),
    todo: `write the version as the ecosystem does, for example ${example}`,
  });
}
