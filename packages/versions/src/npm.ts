import { ok, type Result, refuse } from '@breakwater/kernel';
import semver from 'semver';
import { numberKey } from './order-key.ts';
import { type Version, type VersionScheme, versionLengthMax } from './scheme.ts';

/**
 * Versions of npm packages: Semantic Versioning 2.0.0 as npm's own `semver` reads it, which also
 * takes a leading `v` and refuses numbers above 2^53 - 1. Build metadata does not take part in the
 * order (§10).
 */
export const npm: VersionScheme = { parse };

function parse(text: string): Result<Version, 'version-malformed'> {
  const parsed = text.length <= versionLengthMax ? semver.parse(text) : null;
  if (parsed === null) {
    return refuse({
      code: 'version-malformed',
      expected: 'a semantic version, MAJOR.MINOR.PATCH with an optional prerelease',
      got: JSON.stringify(text.slice(0, versionLengthMax)),
      todo: 'write the version as the registry does, for example 4.17.21',
    });
  }
  const { major, minor, patch, prerelease } = parsed;
  const release = [major, minor, patch].map((part) => numberKey(String(part))).join('');
  return ok({ text, key: release + prereleaseKey(prerelease) });
}

/** Semantic Versioning §11.4: numbers < words < more fields; no prerelease is the highest. */
function prereleaseKey(fields: readonly (string | number)[]): string {
  if (fields.length === 0) return '~';
  let key = '-';
  for (const field of fields) {
    key += typeof field === 'number' ? `0${numberKey(String(field))}` : `A${field}!`;
  }
  return `${key}!`;
}
