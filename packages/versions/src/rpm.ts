import { ok, type Result } from '@breakwater/kernel';
import { numberKey } from './order-key.ts';
import { malformed, type Version, type VersionScheme, versionLengthMax } from './scheme.ts';

/**
 * Versions of RPM packages, `[epoch:]version[-release]` (rpm-version(7)), in the order of rpm's own
 * comparison: runs of digits and of letters, everything else only separates, `~` sorts before the
 * end and `^` after it. A version without a release comes before the same with one.
 */
export const rpm: VersionScheme = { isSemantic: false, parse };

function parse(text: string): Result<Version, 'version-malformed'> {
  const found = /^(?:(\d*):)?([^\s]+)$/.exec(text);
  const rest = found?.[2];
  if (rest === undefined || text.length > versionLengthMax) {
    return malformed(text, 'a version as rpm prints it, EPOCH:VERSION-RELEASE', '1:3.0.7-27.el9');
  }
  const hyphen = rest.lastIndexOf('-');
  const version = hyphen < 0 ? rest : rest.slice(0, hyphen);
  const release = hyphen < 0 ? '!' : `~${partKey(rest.slice(hyphen + 1))}`;
  return ok({ text, key: numberKey(found?.[1] ?? '') + partKey(version) + release });
}

/** Order at each place: ~ < the end < ^ < letters < digits. */
const marks = { tilde: '!', end: '"', caret: '#', letters: 'a', digits: 'd' } as const;

function partKey(part: string): string {
  let key = '';
  for (const [token] of part.matchAll(/[0-9]+|[A-Za-z]+|~|\^/g)) {
    if (token === '~') key += marks.tilde;
    else if (token === '^') key += marks.caret;
    else if (/^\d/.test(token)) key += marks.digits + numberKey(token);
    else key += `${marks.letters}${token}!`;
  }
  return key + marks.end;
}
