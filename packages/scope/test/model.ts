import { weaknesses as everyWeakness, parentsOf } from '@breakwater/formats/cwe';
import type { ExtentInput, ExtentText, Method, TargetInput } from '@breakwater/scope';

/**
 * A universe so small that all of its points can be named, and what an extent means in it, written
 * from the words of the contract and not from the code under test: no lineages, no order keys, no
 * sets of bits.
 */

/** One thing that could be looked at. */
export interface Point {
  readonly spot: Spot;
  /** Number of the version or the commit; 0 where there is none. */
  readonly revision: number;
}

type Spot =
  | { readonly in: 'network'; readonly address: number; readonly served: string }
  | { readonly in: 'domain'; readonly name: string; readonly served: string }
  | { readonly in: 'package'; readonly path: string }
  | { readonly in: Repository; readonly path: string };

/** The third one is named by no target: an owner has more than anybody lists. */
type Repository = 'ordered' | 'unordered' | 'unnamed';

interface Site {
  readonly text: string;
  holds(spot: Spot): boolean;
}

const served = ['ssh', 'https/a/x', 'https/a/y', 'https/b', 'http/a'];
/** The last two are named by no target: below a name there are more than anybody lists. */
const names = ['www', 'api', 'v1.api', 'other', 'other.api'];
const paths = ['', 'src', 'src/a', 'src/a/deep', 'src/b', 'lib'];

const isBelow = (path: string, prefix: string) =>
  prefix === '' || path === prefix || path.startsWith(`${prefix}/`);

/** The eight addresses 192.0.2.0/29 with every network in them, and what is served there. */
const networks: readonly Site[] = [29, 30, 31, 32].flatMap((length) =>
  Array.from({ length: 2 ** (length - 29) }, (_, i) => {
    const size = 2 ** (32 - length);
    return {
      text: length === 32 ? `192.0.2.${i}` : `192.0.2.${i * size}/${length}`,
      holds: (spot: Spot) => spot.in === 'network' && Math.floor(spot.address / size) === i,
    };
  }),
);

const addressUrls: readonly Site[] = [0, 1, 5].flatMap((address) =>
  (['https', 'https/a', 'http/a'] as const).map((prefix) => ({
    text: urlText(prefix, `192.0.2.${address}`),
    holds: (spot: Spot) =>
      spot.in === 'network' && spot.address === address && isBelow(spot.served, prefix),
  })),
);

const hosts: readonly Site[] = [
  ...['', 'api.'].map((below) => ({
    text: `*.${below}example.org`,
    holds: (spot: Spot) => spot.in === 'domain' && (below === '' || spot.name.endsWith('.api')),
  })),
  ...['www', 'api', 'v1.api'].map((name) => ({
    text: `${name}.example.org`,
    holds: (spot: Spot) => spot.in === 'domain' && spot.name === name,
  })),
  ...(['https', 'https/a', 'http/a'] as const).map((prefix) => ({
    text: urlText(prefix, 'www.example.org'),
    holds: (spot: Spot) =>
      spot.in === 'domain' && spot.name === 'www' && isBelow(spot.served, prefix),
  })),
];

const packages: readonly Site[] = ['', 'src', 'src/a', 'lib'].map((path) => ({
  text: `pkg:npm/foo${path === '' ? '' : `#${path}`}`,
  holds: (spot: Spot) => spot.in === 'package' && isBelow(spot.path, path),
}));

const repositories: readonly Site[] = (['ordered', 'unordered'] as const).flatMap((project) =>
  ['', 'src', 'src/a', 'lib'].map((path) => ({
    text: `repo:github.com/o/${project}${path === '' ? '' : `#${path}`}`,
    holds: (spot: Spot) => spot.in === project && isBelow(spot.path, path),
  })),
);

const owner: Site = {
  text: 'repo:github.com/o/*',
  holds: ({ in: place }) => place === 'ordered' || place === 'unordered' || place === 'unnamed',
};

export const sites = { networks, addressUrls, hosts, packages, repositories, owner };

const all = [...networks, ...addressUrls, ...hosts, ...packages, ...repositories, owner];
const siteOf = new Map(all.map((site) => [site.text, site]));

function urlText(prefix: string, host: string): string {
  const [scheme, ...path] = prefix.split('/');
  return `${scheme}://${host}/${path.map((part) => `${part}/`).join('')}`;
}

const spots: readonly Spot[] = [
  ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((address) =>
    served.map((each) => ({ in: 'network', address, served: each }) as const),
  ),
  ...names.flatMap((name) => served.map((each) => ({ in: 'domain', name, served: each }) as const)),
  ...paths.map((path) => ({ in: 'package', path }) as const),
  ...paths.map((path) => ({ in: 'ordered', path }) as const),
  ...paths.map((path) => ({ in: 'unordered', path }) as const),
  { in: 'unnamed', path: '' },
];

/** Versions 1.0.0 to 9.0.0: ends of ranges are even, so that something lies between and around. */
const revisionsOf = (spot: Spot) =>
  spot.in === 'network' || spot.in === 'domain' ? [0] : [1, 2, 3, 4, 5, 6, 7, 8, 9];

export const points: readonly Point[] = spots.flatMap((spot) =>
  revisionsOf(spot).map((revision) => ({ spot, revision })),
);

/** Commit names by number, oldest first. */
export const commits: readonly string[] = Array.from({ length: 10 }, (_, i) =>
  `${(i * 7 + 3) % 10}${i}`.repeat(20),
);

/** The order of the one repository whose order is known; commit 0 is before all points. */
export const commitOrder = (repository: string): ReadonlyMap<string, number> | undefined =>
  repository === 'repo:github.com/o/ordered' ? new Map(commits.map((id, i) => [id, i])) : undefined;

/** Classes that extents of the model name: a few branches that touch each other. */
export const classes: readonly string[] = [
  'CWE-664',
  'CWE-118',
  'CWE-119',
  'CWE-787',
  'CWE-121',
  'CWE-122',
  'CWE-788',
  'CWE-125',
  'CWE-707',
  'CWE-74',
  'CWE-79',
  'CWE-400',
  'CWE-416',
  'CWE-825',
  'CWE-672',
  'CWE-1059',
];

function isKindOf(id: string, ancestor: string): boolean {
  return id === ancestor || (parentsOf(id) ?? []).some((above) => isKindOf(above, ancestor));
}

/** Weaknesses that differ in which classes they are of; one of each sort stands for its like. */
export const sorts: readonly (readonly string[])[] = [
  ...new Map(
    [...everyWeakness, ''].map((id) => {
      const of = classes.filter((each) => id !== '' && isKindOf(id, each));
      return [of.join(' '), of] as const;
    }),
  ).values(),
];

/** Days of the model: day 0 is 1 January 2026. */
export const days = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Midnight of a day. */
export const dayText = (day: number): string => new Date(Date.UTC(2026, 0, 1 + day)).toISOString();

/** What a written extent means: whether a point of each dimension is in it. */
export interface Meaning {
  readonly hasPoint: (point: Point) => boolean;
  readonly hasMethod: (method: Method) => boolean;
  readonly hasSort: (sort: readonly string[]) => boolean;
  /** Whether it holds in the moments behind the beginning of a day. */
  readonly hasDay: (day: number) => boolean;
}

/** Reads an extent as written: places each with its versions, as `formatExtent` writes them. */
export function meaningOf(text: ExtentInput | ExtentText): Meaning {
  const places = (text.places ?? []).map((place) => ({
    site: site(place.target),
    has: revisionTest(place),
  }));
  const except = (text.except ?? []).map((each) => site(each));
  const { weaknesses = [], exceptWeaknesses = [] } = text;
  const names = [...weaknesses, ...exceptWeaknesses];
  const foreign = names.filter((id) => !classes.includes(id));
  return {
    hasPoint: ({ spot, revision }) =>
      places.some((place) => place.site.holds(spot) && place.has(revision)) &&
      !except.some((each) => each.holds(spot)),
    hasMethod: (method) => text.methods.includes(method),
    hasSort: (sort) => {
      if (foreign.length > 0) return foreignSort(sort, text);
      const isIn = weaknesses.length === 0 || weaknesses.some((id) => sort.includes(id));
      return isIn && !exceptWeaknesses.some((id) => sort.includes(id));
    },
    hasDay: (day) => {
      const moment = dayText(day);
      return text.from <= moment && (text.until === null || moment < text.until);
    },
  };
}

/** An example of each sort, for sets that name other classes than the model's. */
const exampleOf = new Map(
  [...everyWeakness].map((id) => [classes.filter((each) => isKindOf(id, each)).join(' '), id]),
);

function foreignSort(sort: readonly string[], text: ExtentInput): boolean {
  const id = sort.length === 0 ? null : exampleOf.get(sort.join(' '));
  const { weaknesses = [], exceptWeaknesses = [] } = text;
  if (id == null) return weaknesses.length === 0;
  const isIn = weaknesses.length === 0 || weaknesses.some((each) => isKindOf(id, each));
  return isIn && !exceptWeaknesses.some((each) => isKindOf(id, each));
}

function site(text: TargetInput): Site {
  const found = typeof text === 'string' ? siteOf.get(text) : undefined;
  if (found === undefined) throw new Error(`not of the model: ${JSON.stringify(text)}`);
  return found;
}

type Has = (revision: number) => boolean;

function revisionTest(place: NonNullable<ExtentInput['places']>[number]): Has {
  const { versions, commits: named } = place;
  if (versions !== undefined) return versionTest(versions);
  if (named === undefined) return () => true;
  const { ids = [], after, until } = named;
  const ranges =
    (after ?? until) === undefined ? [] : [{ after: after ?? null, until: until ?? null }];
  return (revision) =>
    ids.includes(commits[revision] ?? '') ||
    ranges.some((range) => {
      const first = range.after === null ? -1 : commits.indexOf(range.after);
      const last = range.until === null ? 99 : commits.indexOf(range.until);
      return first < revision && revision <= last;
    });
}

/** Walks along the constraints of a range of whole versions. */
function versionTest(text: string): Has {
  if (!text.startsWith('vers:npm/')) throw new Error(`not of the model: ${text}`);
  const constraints = text
    .slice('vers:npm/'.length)
    .split('|')
    .map((each) => {
      const [, sign = '', major = ''] = /^([<>=!]*)(\d+)\.0\.0$/.exec(each) ?? [];
      return { sign, major: Number(major) };
    });
  return (revision) => {
    const same = constraints.find(({ major }) => major === revision);
    if (same !== undefined) return ['', '=', '>=', '<='].includes(same.sign);
    const bounds = constraints.filter(({ sign }) => /[<>]/.test(sign));
    const next = bounds.find(({ major }) => major > revision);
    const last = bounds.findLast(({ major }) => major < revision);
    if (bounds.length === 0) return constraints.every(({ sign }) => sign === '!=');
    return next?.sign.startsWith('<') === true || last?.sign.startsWith('>') === true;
  };
}

/** A stream of numbers from 0 up to 1 that a seed tells (mulberry32). */
export function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
