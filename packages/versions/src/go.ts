import { ok, type Result } from '@breakwater/kernel';
import { malformed, type Version, type VersionScheme, versionLengthMax } from './scheme.ts';
import { semverKey } from './semver-key.ts';

/**
 * Versions of Go modules (go.dev/ref/mod, "Versions"): Semantic Versioning 2.0.0 with a leading `v`,
 * which OSV leaves out, and of the standard library (`go1.21.3`, `1.22rc1`), whose releases Go's
 * vulnerability database writes as semantic versions. Pseudo-versions are prereleases and need no
 * rule of their own; `+incompatible` is build metadata. A missing minor or patch number is 0, as
 * golang.org/x/mod/semver has it.
 */
export const go: VersionScheme = { isSemantic: true, parse };

const number = '(0|[1-9]\\d*)';
const shape = new RegExp(
  `^v?${number}(?:\\.${number}(?:\\.${number}` +
    '(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+[0-9A-Za-z.-]+)?)?)?$',
);
/** A release of the toolchain: go.dev/doc/toolchain, "Go versions". */
const toolchain = /^go(\d+)\.(\d+)(?:\.(\d+)|(rc|beta)(\d+))?(?:-[0-9A-Za-z.+-]+| .*)?$/;

function parse(text: string): Result<Version, 'version-malformed'> {
  const shown = text.length <= versionLengthMax ? text : '';
  const [, major, minor = '0', patch = '0', prerelease] = shape.exec(shown) ?? [];
  if (major !== undefined) {
    const fields = prerelease?.split('.') ?? [];
    if (fields.some((each) => /^0\d+$/.test(each))) return notAVersion(text);
    return ok({ text, key: semverKey([major, minor, patch], fields) });
  }
  const [, first, second, third = '0', stage, count] = toolchain.exec(shown) ?? [];
  if (first === undefined || second === undefined) return notAVersion(text);
  const fields = stage === undefined || count === undefined ? [] : [stage, count];
  return ok({ text, key: semverKey([first, second, third], fields) });
}

function notAVersion(text: string) {
  return malformed(text, 'a module version, vMAJOR.MINOR.PATCH', 'v1.2.3');
}
