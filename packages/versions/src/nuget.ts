import { ok, type Result } from '@breakwater/kernel';
import { malformed, type Version, type VersionScheme, versionLengthMax } from './scheme.ts';
import { semverKey } from './semver-key.ts';

/**
 * Versions of NuGet packages (learn.microsoft.com/nuget, "Package versioning"): Semantic Versioning
 * 2.0.0 with one to four numbers, missing ones being 0, leading zeros allowed, and prerelease words
 * compared without case. Metadata does not take part in the order.
 */
export const nuget: VersionScheme = { isSemantic: false, parse };

const shape =
  /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

function parse(text: string): Result<Version, 'version-malformed'> {
  const found = text.length <= versionLengthMax ? shape.exec(text.trim()) : null;
  const [, major, minor = '0', patch = '0', revision = '0', prerelease] = found ?? [];
  if (major === undefined) {
    return malformed(text, 'one to four numbers with an optional prerelease', '13.0.3');
  }
  const fields = prerelease?.toLowerCase().split('.') ?? [];
  return ok({ text, key: semverKey([major, minor, patch, revision], fields) });
}
