/** Segments of a path looked at; deeper ones are nobody's place to look. */
const segmentsMax = 64;

/**
 * The canonical segments of a path in a package or a repository: `/` at the ends, doubled slashes
 * and `.` do not count. Null for `..`, control characters and what is too deep.
 */
export function fileSegments(path: string): readonly string[] | null {
  const segments = path
    .normalize('NFC')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  if (segments.length > segmentsMax || segments.includes('..')) return null;
  if (segments.some((part) => !isText(part))) return null;
  return segments.map(encodeSegment);
}

/**
 * The canonical segments of the path of an URL (RFC 3986 §6.2.2): needless percent-encoding taken
 * back, hex digits in upper case, dot segments resolved. Doubled slashes count once: most servers
 * serve the same below them, and an exception must not be slipped past by a second slash. Null where
 * servers differ in what it means: an encoded slash or backslash, a control character, a broken
 * escape, and what some of them read as a dot segment (encoded twice, overlong, with a parameter).
 */
export function urlSegments(path: string): readonly string[] | null {
  if (/%25(?:2e|2f|5c)|%c[01]|(?:^|\/)(?:\.|%2e){1,2}(?:;|%3b)/i.test(path)) return null;
  if (/%(?![0-9a-fA-F]{2})|%2f|%5c|%7f|%[01][0-9a-f]|\\/i.test(path) || !isText(path)) return null;
  const segments: string[] = [];
  for (const raw of path.split('/')) {
    const segment = normalized(raw);
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return segments.length > segmentsMax ? null : segments;
}

/** Decodes percent-encoded UTF-8; null where it is none. */
export function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Percent-encodes all but unreserved characters (RFC 3986 §2.3). */
export function encodeSegment(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, percent);
}

function normalized(segment: string): string {
  return segment
    .replace(/%[0-9a-fA-F]{2}/g, (octet) => {
      const character = String.fromCharCode(Number.parseInt(octet.slice(1), 16));
      return /[A-Za-z0-9._~-]/.test(character) ? character : octet.toUpperCase();
    })
    .replace(/[^\x21-\x7e]|["<>^`{|}]/gu, (character) => encodeURIComponent(character));
}

/** Well-formed text without control characters. */
function isText(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
