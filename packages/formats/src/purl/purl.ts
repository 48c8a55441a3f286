import { ok, type Result, refuse } from '@breakwater/kernel';
import { PackageURL } from 'packageurl-js';

/** Longest package URL looked at, in UTF-16 code units. */
const purlLengthMax = 4096;

/** A package URL (purl specification 1.0, ECMA-427) taken apart; all parts decoded. */
export interface Purl {
  readonly type: string;
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string;
  readonly qualifiers: ReadonlyMap<string, string>;
  readonly subpath?: string;
  /** The canonical text: equal for every spelling of the same purl. */
  readonly canonical: string;
}

/** Parses a package URL strictly and gives its canonical form. */
export function parsePurl(text: string): Result<Purl, 'purl-malformed'> {
  if (text.length > purlLengthMax) return malformed(`${text.length} characters`);
  try {
    return ok(asPurl(PackageURL.fromString(text)));
  } catch (error) {
    return malformed(error instanceof Error ? error.message : 'a text that is not a purl');
  }
}

/** Builds a package URL from its parts; refuses parts its type does not allow. */
export function buildPurl(parts: {
  readonly type: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly version?: string | undefined;
  readonly qualifiers?: Readonly<Record<string, string>> | undefined;
  readonly subpath?: string | undefined;
}): Result<Purl, 'purl-malformed'> {
  const { type, namespace, name, version, qualifiers, subpath } = parts;
  try {
    return ok(asPurl(new PackageURL(type, namespace, name, version, qualifiers, subpath)));
  } catch (error) {
    return malformed(error instanceof Error ? error.message : 'parts that make no purl');
  }
}

function asPurl(parsed: PackageURL): Purl {
  const { type, namespace, name, version, subpath } = parsed;
  const purl = {
    type,
    ...(namespace ? { namespace } : {}),
    name,
    ...(version ? { version } : {}),
    qualifiers: new Map(Object.entries(parsed.qualifiers ?? {})),
    ...(subpath ? { subpath } : {}),
  };
  return { ...purl, canonical: canonicalOf(purl) };
}

/**
 * The canonical text (purl specification, "Build"). Our own, because packageurl-js 2.0.1 leaves `+`
 * as it is and encodes `:` in qualifiers, against the specification's test suite.
 */
function canonicalOf(purl: Omit<Purl, 'canonical'>): string {
  const { type, namespace, name, version, qualifiers, subpath } = purl;
  const pairs = [...qualifiers].sort(([a], [b]) => (a < b ? -1 : 1));
  const query = pairs.map(([key, value]) => `${key}=${encoded(value)}`).join('&');
  return [
    `pkg:${type}/`,
    namespace === undefined ? '' : `${encodedPath(namespace)}/`,
    encoded(name),
    version === undefined ? '' : `@${encoded(version)}`,
    query === '' ? '' : `?${query}`,
    subpath === undefined ? '' : `#${encodedPath(subpath)}`,
  ].join('');
}

function encodedPath(path: string): string {
  return path.split('/').map(encoded).join('/');
}

/** Percent-encodes all but letters, digits, `.-_~` and the colon ("Character encoding"). */
function encoded(text: string): string {
  const percent = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, percent)
    .replaceAll('%3A', ':');
}

function malformed(got: string) {
  return refuse({
    code: 'purl-malformed' as const,
    expected: 'a package URL, pkg:TYPE/NAMESPACE/NAME@VERSION',
    got: got.slice(0, 300),
    todo: 'write it as the purl specification says, for example pkg:npm/lodash@4.17.21',
  });
}
