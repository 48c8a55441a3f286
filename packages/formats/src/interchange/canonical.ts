import { bytesToHex, sha256, utf8 } from '@breakwater/kernel';

/**
 * The names by which installations of scrutineer recognize the same thing, as its interchange page
 * and the file that makes the hash define them (alpha-omega-security/scrutineer, docs/interchange.md,
 * The salted finding hash). A wire contract: not to be mended here, whatever it leaves out.
 */

/** What a finding's federation hash is made of. */
export interface HashedFinding {
  /** The repository's address. */
  readonly repository: string;
  /** The folder that was scanned, relative to the repository's root; empty: all of it. */
  readonly subPath: string;
  /** A path relative to that folder, with or without line and column. */
  readonly location: string;
  /** Weaknesses, such as CWE-79, joined by commas. */
  readonly weaknesses: string;
}

/** The salted hash of a finding, 64 hex digits: whoever has no salt learns nothing from it. */
export function findingHash(salt: string, finding: HashedFinding): string {
  const parts = [
    salt,
    canonicalRepository(finding.repository),
    canonicalLocation(finding.subPath, finding.location),
    canonicalWeaknesses(finding.weaknesses),
  ];
  return hexOf(parts.join('\0'));
}

/** The digest by which a record names a repository, or an advisory on it. */
export function subjectDigest(repository: string, advisory: string | null = null): string {
  const canonical = canonicalRepository(repository);
  return hexOf(advisory === null ? canonical : `${canonical}\0${upper(trim(advisory))}`);
}

/** In small letters, without slashes and one `.git` at the end. */
export function canonicalRepository(address: string): string {
  return withoutEnding(lower(trim(address)), '/').replace(/\.git$/, '');
}

/** The first line, without line numbers, from the repository's root, in small letters. */
export function canonicalLocation(subPath: string, location: string): string {
  let path = trim(location.split('\n', 1)[0] ?? '');
  for (;;) {
    const colon = path.lastIndexOf(':');
    if (colon < 0 || !/^\d+(?:-\d+)?$/.test(path.slice(colon + 1))) break;
    path = path.slice(0, colon);
  }
  const below = cleanPath(path);
  const folder = cleanPath(withoutEnding(subPath, '/').replace(/^\/+/, ''));
  if (folder === '' || folder === '.') return lower(below);
  return lower(clean(below === '' ? folder : `${folder}/${below}`));
}

/** Each once, in capitals, in the order of their code points. */
export function canonicalWeaknesses(list: string): string {
  const each = list.split(',').map((id) => upper(trim(id)));
  return [...new Set(each.filter((id) => id !== ''))].toSorted(byCodePoint).join(',');
}

function cleanPath(path: string): string {
  const forward = trim(path.replaceAll('\\', '/'));
  let start = 0;
  while (forward.startsWith('./', start)) start += 2;
  const rest = forward.slice(start);
  return rest === '' ? '' : clean(rest);
}

/** The shortest path that names the same, by its letters alone. */
function clean(path: string): string {
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!rooted) kept.push(segment);
  }
  return rooted ? `/${kept.join('/')}` : kept.join('/') || '.';
}

function withoutEnding(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}

/** White space as Unicode names it: with the next-line character, without the byte order mark. */
function trim(text: string): string {
  const isSpace = (at: number) => /[\p{White_Space}]/u.test(text[at] ?? 'x');
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(start)) start += 1;
  while (end > start && isSpace(end - 1)) end -= 1;
  return text.slice(start, end);
}

/** Letter by letter, without the rules that look at what stands beside. */
function lower(text: string): string {
  // U+0130 is the one letter whose full mapping is longer than its simple one.
  return Array.from(text, (letter) => (letter === '\u0130' ? 'i' : letter.toLowerCase())).join('');
}

function upper(text: string): string {
  return Array.from(text, (letter) => {
    const capital = letter.toUpperCase();
    if (Array.from(capital).length === 1) return capital;
    // Greek letters with an iota below have a capital of their own eight or nine places on.
    const at = letter.codePointAt(0) ?? 0;
    const own = [at + 8, at + 9].map((each) => String.fromCodePoint(each));
    return own.find((each) => at >= 0x1f80 && each.toLowerCase() === letter) ?? letter;
  }).join('');
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (const [at, letter] of left.entries()) {
    const difference = (letter.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function hexOf(text: string): string {
  return bytesToHex(sha256(utf8(text)));
}
