import { ok, type Result, refuse } from '@breakwater/kernel';
import { numberKey } from './order-key.ts';
import { type Version, type VersionScheme, versionLengthMax } from './scheme.ts';

/** dpkg keeps the epoch in a C int. */
const epochMax = 2_147_483_647;
const upstreamShape = /^[A-Za-z0-9.+~:-]+$/;
const revisionShape = /^[A-Za-z0-9.+~]+$/;

/**
 * Versions of Debian packages: `[epoch:]upstream[-revision]`, deb-version(7), Debian policy
 * §5.6.12. Like dpkg, and unlike policy, an upstream version that starts with a letter is
 * accepted: such packages exist and must be found.
 */
export const debian: VersionScheme = { isSemantic: false, parse };

function parse(text: string): Result<Version, 'version-malformed'> {
  if (text.length > versionLengthMax) {
    return no(`at most ${versionLengthMax} characters`, `${text.length} characters`);
  }
  const { epoch, upstream, revision } = splitDebian(text);
  if (epoch !== undefined && (!/^[0-9]+$/.test(epoch) || Number(epoch) > epochMax)) {
    return no(`an epoch from 0 to ${epochMax} before the colon`, quote(text));
  }
  if (!upstreamShape.test(upstream)) {
    return no('an upstream version of A-Z a-z 0-9 . + ~ : -', quote(text));
  }
  if (revision !== undefined && !revisionShape.test(revision)) {
    return no('a revision of A-Z a-z 0-9 . + ~ after the last hyphen', quote(text));
  }
  const key = numberKey(epoch ?? '') + partKey(upstream) + partKey(revision ?? '');
  return ok({ text, key });
}

/** The three parts of a Debian version; those not written are undefined. */
export interface DebianParts {
  readonly epoch: string | undefined;
  readonly upstream: string;
  readonly revision: string | undefined;
}

/** Cuts at the first colon and at the last hyphen (policy §5.6.12); checks nothing. */
export function splitDebian(text: string): DebianParts {
  const colon = text.indexOf(':');
  const epoch = colon < 0 ? undefined : text.slice(0, colon);
  const rest = text.slice(colon + 1);
  const hyphen = rest.lastIndexOf('-');
  const upstream = hyphen < 0 ? rest : rest.slice(0, hyphen);
  return { epoch, upstream, revision: hyphen < 0 ? undefined : rest.slice(hyphen + 1) };
}

/**
 * Order: ~ < end of the run < letters < . + - :  (policy §5.6.12: letters before non-letters).
 * `"` marks the end of a run of non-digits and the end of the part.
 */
const runEnd = '"';
const signs: Readonly<Record<string, string>> = {
  '~': '!',
  '+': '{',
  '-': '|',
  '.': '}',
  ':': '~',
};

/**
 * Key of an upstream version or a revision: non-digits and numbers by turns.
 *
 * A part that ends is compared as if an empty run and zeros followed for ever: the closing mark
 * sorts after `~` and before everything else, and a part without digits at its start or end counts
 * as 0, which also makes an absent revision equal to `0`.
 */
function partKey(part: string): string {
  let key = '';
  let at = 0;
  do {
    const digitsAt = endOfRun(part, at, false);
    const next = endOfRun(part, digitsAt, true);
    for (const sign of part.slice(at, digitsAt)) key += signs[sign] ?? sign;
    key += runEnd + numberKey(part.slice(digitsAt, next));
    at = next;
  } while (at < part.length);
  return key + runEnd;
}

function endOfRun(part: string, from: number, digits: boolean): number {
  let at = from;
  while (at < part.length && isDigit(part.charCodeAt(at)) === digits) at += 1;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function no(expected: string, got: string) {
  const todo = 'write the version as dpkg prints it, for example 1:2.30.2-1+deb11u2';
  return refuse({ code: 'version-malformed' as const, expected, got, todo });
}
