import { type Instant, ok, parseInstant, type Result } from '@breakwater/kernel';
import type { CommitsInput } from './commits.ts';
import { parseException } from './exceptions.ts';
import type { TargetInput } from './parse-target.ts';
import {
  formatPlaces,
  type Place,
  type PlaceInput,
  type PlaceRefusal,
  type PlaceText,
  parsePlace,
} from './place.ts';
import { refusal } from './refusal.ts';
import type { RepositoryFacts } from './repository.ts';
import { settled } from './settle.ts';
import { type Method, methods, type Target } from './target.ts';
import { parseWeaknesses, type Weaknesses } from './weaknesses.ts';

/** What somebody means to do: where, in which versions, how, for what, and when. Never empty. */
export interface Extent {
  /** In order of their lineages; none lies in another one without saying more. */
  readonly places: readonly Place[];
  /** Parts of the places that are left out, in order of their lineages. */
  readonly except: readonly Target[];
  /** From the mildest to the gravest. */
  readonly methods: readonly Method[];
  readonly weaknesses: Weaknesses;
  readonly from: Instant;
  /** No part of it any more; null: it has no end. */
  readonly until: Instant | null;
}

export type ExtentRefusal =
  | PlaceRefusal
  | 'method-unknown'
  | 'weakness-unknown'
  | 'term-malformed'
  | 'scope-empty';

/** An extent as it is written; a contract's scope and term have this shape. */
export interface ExtentInput {
  readonly targets?: readonly TargetInput[] | undefined;
  /** Of every package and product among `targets`. */
  readonly versions?: string | undefined;
  /** Of every repository among `targets`. */
  readonly commits?: CommitsInput | undefined;
  /** Targets each with its own versions. */
  readonly places?: readonly PlaceInput[] | undefined;
  readonly except?: readonly TargetInput[] | undefined;
  readonly methods: readonly string[];
  readonly weaknesses?: readonly string[] | undefined;
  readonly exceptWeaknesses?: readonly string[] | undefined;
  readonly from: string;
  readonly until: string | null;
}

/** An extent as JSON; `parseExtent` gives the same extent back. */
export interface ExtentText extends ExtentInput {
  readonly places: readonly PlaceText[];
  readonly except: readonly string[];
  readonly methods: readonly Method[];
  readonly weaknesses: readonly string[];
  readonly exceptWeaknesses: readonly string[];
  readonly from: Instant;
  readonly until: Instant | null;
}

const placesMax = 1_000;
/** More could fill a wildcard near the longest name; see `hasRoom`. */
export const exceptMax = 1_000;

/** Parses what somebody means to do into its canonical form. */
export function parseExtent(
  input: ExtentInput,
  facts: RepositoryFacts = {},
): Result<Extent, ExtentRefusal> {
  const places = parsePlaces(input, facts);
  if (!places.ok) return places;
  const exceptions = each(input.except ?? [], (text) => parseException(text, facts));
  if (!exceptions.ok) return exceptions;
  const except = exceptions.value.flat();
  const unknown = input.methods.find((name) => !methods.some((method) => method === name));
  if (unknown !== undefined) return noMethod(unknown);
  const weaknesses = parseWeaknesses(input.weaknesses ?? [], input.exceptWeaknesses ?? []);
  if (!weaknesses.ok) return weaknesses;
  const from = parseInstant(input.from);
  const until = input.until === null ? null : parseInstant(input.until);
  if (from === null || (until === null && input.until !== null)) return noTerm(input);
  if (until !== null && until <= from) return noTerm(input);
  const settledPlaces = settled(places.value, except);
  const used = methods.filter((method) => input.methods.includes(method));
  if (settledPlaces.places.length === 0 || used.length === 0) return empty();
  return ok({ ...settledPlaces, methods: used, weaknesses: weaknesses.value, from, until });
}

/** The extent as JSON that `parseExtent` gives back. */
export function formatExtent(extent: Extent): ExtentText {
  return {
    places: extent.places.flatMap(formatPlaces),
    except: extent.except.map(({ text }) => text),
    methods: extent.methods,
    weaknesses: extent.weaknesses.only,
    exceptWeaknesses: extent.weaknesses.except,
    from: extent.from,
    until: extent.until,
  };
}

function parsePlaces(
  input: ExtentInput,
  facts: RepositoryFacts,
): Result<readonly Place[], PlaceRefusal | 'scope-empty'> {
  const { targets = [], places = [], versions, commits } = input;
  const own = each(places, (place) => parsePlace(place, facts));
  if (!own.ok) return own;
  let isUsed = false;
  const shared = each(targets, (target) => {
    const alone = parsePlace({ target }, facts);
    if (!alone.ok || alone.value.revisions.kind !== 'all') return alone;
    const isSource = alone.value.target.kind === 'repository';
    const isNumbered = ['package', 'product'].includes(alone.value.target.kind);
    if (!(isSource && commits !== undefined) && !(isNumbered && versions !== undefined))
      return alone;
    isUsed = true;
    return parsePlace({ target, ...(isSource ? { commits } : { versions }) }, facts);
  });
  if (!shared.ok) return shared;
  if (isUsed || (versions === undefined && commits === undefined)) {
    return ok([...own.value, ...shared.value]);
  }
  return refusal('versions-malformed', versions ?? 'commits', {
    expected: 'versions of a package or a product, commits of a repository',
    todo: 'leave them out, or name a target that has them',
  });
}

/** Parses each one of a list; the first refusal stands for all, with its place in the list. */
function each<T, V, C extends string>(
  list: readonly T[],
  parse: (item: T) => Result<V, C>,
): Result<readonly V[], C | 'scope-empty'> {
  const most = Math.min(placesMax, exceptMax);
  if (list.length > most) {
    return refusal('scope-empty', `${list.length} entries`, {
      expected: `at most ${most} targets and as many exceptions`,
      todo: 'name wider targets, or split it',
    });
  }
  const values: V[] = [];
  for (const item of list) {
    const parsed = parse(item);
    if (!parsed.ok) return parsed;
    values.push(parsed.value);
  }
  return ok(values);
}

function noMethod(name: string) {
  return refusal('method-unknown', name, {
    expected: `methods out of ${methods.join(', ')}`,
    todo: 'name what will be done to the target',
  });
}

function noTerm({ from, until }: ExtentInput) {
  return refusal('term-malformed', `${from} to ${until}`, {
    expected: 'two moments with a zone (RFC 3339), the end behind the beginning',
    todo: 'write such as 2026-11-21T09:30:00Z',
  });
}

function empty() {
  return refusal('scope-empty', 'nothing', {
    expected: 'at least one method, and one target that is not excepted whole',
    todo: 'name what is meant; an exception takes all that lies below it',
  });
}
