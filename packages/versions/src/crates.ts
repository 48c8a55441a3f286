import { ok, type Result } from '@breakwater/kernel';
import { malformed, type Version, type VersionScheme, versionLengthMax } from './scheme.ts';
import { semverKey } from './semver-key.ts';

/**
 * Versions of crates: Semantic Versioning 2.0.0 to the letter, as Cargo reads it (The Cargo Book,
 * "The version field"); numbers of any size. Build metadata does not take part in the order (§10).
 */
export const crates: VersionScheme = { isSemantic: true, parse };

const number = '(0|[1-9]\\d*)';
const field = '(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)';
/** The grammar of semver.org. */
const shape = new RegExp(
  `^${number}\\.${number}\\.${number}(?:-(${field}(?:\\.${field})*))?(?:\\+[0-9A-Za-z.-]+)?$`,
);

function parse(text: string): Result<Version, 'version-malformed'> {
  const found = text.length <= versionLengthMax ? shape.exec(text) : null;
  const [, major, minor, patch, prerelease] = found ?? [];
  if (major === undefined || minor === undefined || patch === undefined) {
    return malformed(text, 'a semantic version, MAJOR.MINOR.PATCH', '1.0.219');
  }
  return ok({ text, key: semverKey([major, minor, patch], prerelease?.split('.') ?? []) });
}
