import { ok, type Result } from '@breakwater/kernel';
import { numberKey } from './order-key.ts';
import { malformed, type Version, type VersionScheme, versionLengthMax } from './scheme.ts';

/**
 * Versions of Maven artifacts: the "Version Order Specification" of maven.apache.org/pom.html. Maven
 * itself takes any text; texts with spaces or signs beyond ASCII are refused here, since no released
 * artifact has one.
 */
export const maven: VersionScheme = { isSemantic: false, parse };

/** One token and what joined it to the one before. A qualifier always counts as joined by `-`. */
interface Token {
  readonly joint: '.' | '-';
  /** Lower case, aliases resolved; the empty text is a release (`ga`, `final`). */
  readonly text: string;
  readonly isNumber: boolean;
}

function parse(text: string): Result<Version, 'version-malformed'> {
  if (text.length > versionLengthMax || !/^[!-~]+$/.test(text)) {
    return malformed(text, 'a version in ASCII without spaces', '2.17.1');
  }
  const tokens = trimmed(tokensOf(text.toLowerCase()));
  return ok({ text, key: `${tokens.map(tokenKey).join('')}${release}` });
}

/** Cuts at `.`, `-`, `_` and between digits and letters; what is empty is 0. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let joint: '.' | '-' = '.';
  let at = 0;
  while (at <= text.length) {
    const [run = ''] = /^(?:\d+|[^\d._-]+)/.exec(text.slice(at)) ?? [];
    at += run.length;
    tokens.push(tokenOf(joint, run, isDigit(text.charAt(at))));
    if (at >= text.length) break;
    const sign = text.charAt(at);
    const isSeparator = sign === '.' || sign === '-' || sign === '_';
    joint = sign === '.' ? '.' : '-';
    if (isSeparator) at += 1;
  }
  return tokens;
}

function tokenOf(joint: '.' | '-', run: string, beforeDigit: boolean): Token {
  if (run === '') return { joint, text: '0', isNumber: true };
  if (isDigit(run.charAt(0))) return { joint, text: run, isNumber: true };
  const text = (beforeDigit ? shortForms.get(run) : undefined) ?? aliases.get(run) ?? run;
  return { joint: '-', text, isNumber: false };
}

/** Only where a number follows at once: `1a1` is `1-alpha-1`, `1-a` is not. */
const shortForms = new Map([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['m', 'milestone'],
]);
const aliases = new Map([
  ['ga', ''],
  ['final', ''],
  ['release', ''],
  ['cr', 'rc'],
]);

/** Takes null values (0 and releases) away at the end, and before every hyphen. */
function trimmed(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = [];
  const trim = () => {
    while (isNull(kept.at(-1))) kept.pop();
  };
  for (const token of tokens) {
    if (token.joint === '-') trim();
    kept.push(token);
  }
  trim();
  return kept;
}

function isNull(token: Token | undefined): boolean {
  return token !== undefined && (token.isNumber ? /^0+$/.test(token.text) : token.text === '');
}

/** The known qualifiers in their order; every other comes after `sp`, by its letters. */
const known = new Map([
  ['alpha', '1'],
  ['beta', '2'],
  ['milestone', '3'],
  ['rc', '4'],
  ['snapshot', '5'],
  ['', '6'],
  ['sp', '7'],
]);
/** A version that ends is padded with what a release is: less than any number, `sp` or word. */
const release = '6';

/** Qualifiers < numbers behind a hyphen < numbers behind a dot. No version has a space in it. */
function tokenKey({ joint, text, isNumber }: Token): string {
  if (isNumber) return (joint === '-' ? 'A' : 'B') + numberKey(text);
  return known.get(text) ?? `8${text} `;
}

function isDigit(sign: string): boolean {
  return sign >= '0' && sign <= '9';
}
