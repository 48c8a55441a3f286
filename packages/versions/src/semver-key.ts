import { numberKey } from './order-key.ts';

/**
 * Key of a release and its prerelease, the precedence of Semantic Versioning 2.0.0 §11: the numbers
 * of the release, then fields where numbers < words and more fields > fewer; no prerelease is
 * highest.
 */
export function semverKey(release: readonly string[], prerelease: readonly string[]): string {
  return release.map(numberKey).join('') + prereleaseKey(prerelease);
}

function prereleaseKey(fields: readonly string[]): string {
  if (fields.length === 0) return '~';
  let key = '-';
  for (const field of fields) {
    key += /^\d+$/.test(field) ? `0${numberKey(field)}` : `A${field}!`;
  }
  return `${key}!`;
}
