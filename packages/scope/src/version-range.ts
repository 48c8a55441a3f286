import { ok, type Result } from '@breakwater/kernel';
import { schemeOf } from '@breakwater/versions';
import {
  type Cut,
  complement,
  everything,
  type Interval,
  type Intervals,
  intersection,
  union,
} from './intervals.ts';
import { decoded, encodeSegment } from './path.ts';
import { refusal } from './refusal.ts';

/** Versions of one package or product. */
export interface Versions {
  readonly kind: 'versions';
  /** The type of vers and purl whose order holds, such as `npm`. */
  readonly scheme: string;
  readonly intervals: Intervals;
}

/** Constraints looked at in one range. */
const constraintsMax = 200;

/** OSV's ecosystem that orders the versions of a purl or vers type. */
const ecosystems: ReadonlyMap<string, string> = new Map([
  ['npm', 'npm'],
  ['pypi', 'PyPI'],
  ['maven', 'Maven'],
  ['golang', 'Go'],
  ['cargo', 'crates.io'],
  ['gem', 'RubyGems'],
  ['nuget', 'NuGet'],
  ['composer', 'Packagist'],
  ['hex', 'Hex'],
  ['semver', 'Hex'],
  ['deb', 'Debian'],
  ['apk', 'Alpine'],
  ['alpine', 'Alpine'],
  ['rpm', 'Red Hat'],
]);

const shape = /^vers:([a-z][a-z0-9.+-]{0,49})\/(.+)$/;
const schemeShape = /^[a-z][a-z0-9.+-]{0,49}$/;
const constraintShape = /^(>=|<=|!=|<|>|=)?([^<>=!|*\s]+)$/;

/** True where more than equality is known of a type's versions. */
export function isOrdered(scheme: string): boolean {
  return ecosystems.has(scheme);
}

/**
 * Parses a version range as VERS writes it (package-url/vers-spec), all comparators included. Where
 * no order is known of the type, `=` and `!=` are understood and nothing else.
 */
export function parseVers(text: string): Result<Versions, 'versions-malformed'> {
  const [, scheme, range] = shape.exec(text) ?? [];
  if (scheme === undefined || range === undefined) return malformed(text, 'a range was expected');
  if (range === '*') return ok({ kind: 'versions', scheme, intervals: everything });
  const written = range.split('|', constraintsMax + 1);
  if (written.length > constraintsMax) return malformed(text, 'it has too many constraints');
  const constraints: Constraint[] = [];
  for (const each of written) {
    const constraint = constraintOf(scheme, each);
    if (typeof constraint === 'string') return malformed(text, constraint);
    constraints.push(constraint);
  }
  const intervals = intervalsOf(constraints);
  if (intervals === null) return malformed(text, 'it names one version twice');
  if (intervals.length === 0) return malformed(text, 'no version lies in it');
  return ok({ kind: 'versions', scheme, intervals });
}

/** Exactly one version, of a type that a range can name. */
export function oneVersion(
  scheme: string,
  version: string,
): Result<Versions, 'versions-malformed'> {
  const key = schemeShape.test(scheme) ? keyOf(scheme, version) : null;
  if (key === null) return malformed(version, `it is no version of ${scheme.slice(0, 100)}`);
  return ok({ kind: 'versions', scheme, intervals: [single(key, version)] });
}

/** The range as VERS writes it; `parseVers` gives the same intervals back. */
export function formatVers({ scheme, intervals }: Versions): string {
  const parts: string[] = [];
  for (const [i, { from, until }] of intervals.entries()) {
    const hole = isHole(intervals[i - 1]?.until ?? null, from);
    if (from !== null && until !== null && from.key === until.key) parts.push(encoded(from));
    else {
      if (from !== null && !hole) parts.push(`${from.after ? '>' : '>='}${encoded(from)}`);
      const gap = isHole(until, intervals[i + 1]?.from ?? null);
      if (until !== null) parts.push(`${gap ? '!=' : until.after ? '<=' : '<'}${encoded(until)}`);
    }
  }
  return `vers:${scheme}/${parts.length === 0 ? '*' : parts.join('|')}`;
}

type Comparator = '>=' | '<=' | '!=' | '<' | '>' | '=';

interface Constraint {
  readonly comparator: Comparator;
  readonly key: string;
  readonly text: string;
}

function constraintOf(scheme: string, written: string): Constraint | string {
  const [, sign = '=', rest = ''] = constraintShape.exec(written) ?? [];
  const comparator = comparators.find((each) => each === sign);
  const text = decoded(rest);
  if (text === null || text === '' || comparator === undefined) return 'a constraint is broken';
  if (!isOrdered(scheme) && comparator !== '=' && comparator !== '!=') {
    return `no order is known of the versions of ${scheme}: name them one by one`;
  }
  const key = keyOf(scheme, text);
  return key === null
    ? `${text.slice(0, 50)} is no version of ${scheme}`
    : { comparator, key, text };
}

const comparators: readonly Comparator[] = ['>=', '<=', '!=', '<', '>', '='];

/** The specification's algorithm to simplify and to search a range; null: a version named twice. */
function intervalsOf(constraints: readonly Constraint[]): Intervals | null {
  const sorted = constraints.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  if (sorted.some(({ key }, i) => key === sorted[i + 1]?.key)) return null;
  const of = (sign: Comparator) => sorted.filter(({ comparator }) => comparator === sign);
  const singles = of('=').map(({ key, text }) => single(key, text));
  const holes = of('!=').map(({ key, text }) => single(key, text));
  const bounds = sorted.filter(({ comparator }) => /[<>]/.test(comparator));
  const ranges = rangesOf(bounds);
  const isHolesAlone = bounds.length === 0 && singles.length === 0;
  const wide = isHolesAlone ? everything : union([...ranges, ...singles]);
  return intersection(wide, complement(union(holes)));
}

function rangesOf(bounds: readonly Constraint[]): Interval[] {
  const ranges: Interval[] = [];
  let from: Cut | null = null;
  let isOpen = false;
  for (const [i, { comparator, key, text }] of bounds.entries()) {
    if (comparator.startsWith('>')) {
      // Of several lower bounds in a row the first says it all, of upper bounds the last.
      if (!isOpen) from = { key, text, after: comparator === '>' };
      isOpen = true;
      continue;
    }
    if (bounds[i + 1]?.comparator.startsWith('<') === true) continue;
    const until: Cut = { key, text, after: comparator === '<=' };
    if (isOpen || i === 0 || ranges.length === 0) ranges.push({ from, until });
    from = null;
    isOpen = false;
  }
  return isOpen ? [...ranges, { from, until: null }] : ranges;
}

function single(key: string, text: string): Interval {
  return { from: { key, text, after: false }, until: { key, text, after: true } };
}

/** The order key of a version; where no order is known, the version itself, which tells equals. */
function keyOf(scheme: string, text: string): string | null {
  if (!text.isWellFormed()) return null;
  const ecosystem = ecosystems.get(scheme);
  if (ecosystem === undefined) return text.length <= 256 ? text : null;
  const parsed = schemeOf(ecosystem)?.parse(text);
  return parsed?.ok === true ? parsed.value.key : null;
}

/** True where nothing but one version lies between an end and the next start. */
function isHole(until: Cut | null, from: Cut | null): boolean {
  return until !== null && from !== null && until.key === from.key && !until.after && from.after;
}

function encoded({ text }: Cut): string {
  return encodeSegment(text).replaceAll('%3A', ':');
}

function malformed(text: string, why: string) {
  return refusal('versions-malformed', text, {
    expected: 'versions as VERS writes them, such as vers:npm/>=1.0.0|<2.0.0, or one version',
    todo: `write the range anew: ${why}`,
  });
}
