import { ok, type Result, refuse } from '@breakwater/kernel';
import { debian } from './debian.ts';
import { npm } from './npm.ts';
import type { Version, VersionScheme } from './scheme.ts';

export { type DebianParts, splitDebian } from './debian.ts';
export type { Version, VersionScheme } from './scheme.ts';

/**
 * Ecosystems whose order is known, by OSV's names. Ubuntu orders as Debian does: both are dpkg.
 */
const schemes: ReadonlyMap<string, VersionScheme> = new Map([
  ['npm', npm],
  ['Debian', debian],
  ['Ubuntu', debian],
]);

/** OSV's ecosystem without its release suffix: `Debian:12` gives `Debian`. */
export function baseEcosystem(ecosystem: string): string {
  const colon = ecosystem.indexOf(':');
  return colon < 0 ? ecosystem : ecosystem.slice(0, colon);
}

/** The ecosystem's scheme, or undefined; a release suffix (`Debian:12`) does not change it. */
export function schemeOf(ecosystem: string): VersionScheme | undefined {
  return schemes.get(baseEcosystem(ecosystem));
}

/** Semantic versions whatever the ecosystem: what OSV ranges of type SEMVER are written in. */
export const semanticVersions: VersionScheme = npm;

type VersionRefusal = 'version-malformed' | 'ecosystem-unknown';

/**
 * Parses `text` as a version of `ecosystem` (OSV's name, release suffix allowed).
 *
 * Out: the version with an order key that may be compared with keys of the same ecosystem.
 */
export function parse(ecosystem: string, text: string): Result<Version, VersionRefusal> {
  const scheme = schemeOf(ecosystem);
  if (scheme !== undefined) return scheme.parse(text);
  return refuse({
    code: 'ecosystem-unknown',
    expected: `an ecosystem whose order of versions is known: ${[...schemes.keys()].join(', ')}`,
    got: JSON.stringify(ecosystem.slice(0, 100)),
    todo: 'compare these versions with the ecosystem’s own tool',
  });
}

/** Orders two versions of one ecosystem: -1 where `a` is older, 0 where equal, 1 where newer. */
export function compare(
  ecosystem: string,
  a: string,
  b: string,
): Result<-1 | 0 | 1, VersionRefusal> {
  const left = parse(ecosystem, a);
  if (!left.ok) return left;
  const right = parse(ecosystem, b);
  if (!right.ok) return right;
  if (left.value.key === right.value.key) return ok(0);
  return ok(left.value.key < right.value.key ? -1 : 1);
}
