import type { Scope } from '@breakwater/contract';
import {
  canonicalJson,
  type Digest,
  digestOf,
  fromUtf8,
  type Instant,
  ok,
  type Result,
  refuse,
} from '@breakwater/kernel';
import {
  ancestorsOf,
  type CommitOrder,
  covers as coversExtent,
  type Extent,
  type ExtentInput,
  formatExtent,
  isLive,
  needsLeave,
  overlapOf as overlapOfExtents,
  parseExtent,
  type Rename,
  type RepositoryTarget,
  type Alternative as Rest,
  underAllNames,
  without,
} from '@breakwater/scope';
import type { Places } from './store.ts';

/**
 * What somebody looks at, without when: the hours stand beside it, since they change and it does
 * not.
 */
export interface Look {
  /** Canonical: equal looks have equal texts. */
  readonly text: string;
  /** What the log says of it, which holds no names of targets. */
  readonly digest: Digest;
  readonly extent: Extent;
  readonly places: Places;
  /** In which order commits lie, as far as somebody told; where one of two looks knows it, both do. */
  readonly order?: CommitOrder | undefined;
}

const beginning = '1970-01-01T00:00:00.000Z' as Instant; // spelled as kernel writes instants

/**
 * Reads what was asked for, under all names of its repositories. The lookups of one command are
 * bounded by the number of its places.
 */
export function readLook(scope: Scope, renames: readonly Rename[] = []): Result<Look> {
  const { targets, places, ...rest } = scope;
  if (targets.length + places.length === 0) return refuse(noTarget);
  const extent = parseExtent({ ...rest, targets, places, from: beginning, until: null });
  return extent.ok
    ? ok(lookAt(underAllNames(extent.value, renames)))
    : refuse(atScope(extent.refusal));
}

/** The look under all names of its repositories. */
export function widened(look: Look, renames: readonly Rename[]): Look {
  return renames.length === 0 ? look : lookAt(underAllNames(look.extent, renames), look.order);
}

/** The repositories of which it says commits. */
export function repositoriesByCommit({ extent }: Look): readonly RepositoryTarget[] {
  return extent.places.flatMap(({ target, revisions }) =>
    target.kind === 'repository' && revisions.kind === 'commits' ? [target] : [],
  );
}

/** Looks revived from their texts: a claim is met again and again, and its look stays. */
const revived = new Map<string, Look>();
const revivedMax = 20_000;

/** The look of a row; throws on a text that {@link Look.text} never was. */
export function lookOf(text: string): Look {
  const known = revived.get(text);
  if (known !== undefined) return known;
  const input: Omit<ExtentInput, 'from' | 'until'> = JSON.parse(text);
  const extent = parseExtent({ ...input, from: beginning, until: null });
  if (!extent.ok) throw new Error(`an extent that was kept cannot be read: ${extent.refusal.code}`);
  const look = lookAt(extent.value);
  const [oldest] = revived.keys();
  if (revived.size >= revivedMax && oldest !== undefined) revived.delete(oldest);
  revived.set(text, look);
  return look;
}

/** The same look, with the order of commits that is known now. */
export function withOrder({ extent }: Look, order: CommitOrder | undefined): Look {
  return lookAt(extent, order);
}

function lookAt(extent: Extent, order?: CommitOrder): Look {
  return new MadeWhenAsked(extent, order);
}

/**
 * Most looks are only compared, so that text, digest and places are made when they are asked for. A
 * class, since an answer makes several: with getters of its own each took twice the room (2.8 kB).
 */
class MadeWhenAsked implements Look {
  readonly extent: Extent;
  readonly order: CommitOrder | undefined;
  #bytes: Uint8Array | null = null;
  #text: string | null = null;
  #digest: Digest | null = null;
  #places: Places | null = null;

  constructor(extent: Extent, order: CommitOrder | undefined) {
    this.extent = extent;
    this.order = order;
  }

  get text(): string {
    this.#text ??= fromUtf8(this.#canonical());
    return this.#text;
  }

  get digest(): Digest {
    this.#digest ??= digestOf(this.#canonical());
    return this.#digest;
  }

  get places(): Places {
    this.#places ??= placesOf(this.extent);
    return this.#places;
  }

  #canonical(): Uint8Array {
    this.#bytes ??= bytesOf(this.extent);
    return this.#bytes;
  }
}

function bytesOf(extent: Extent): Uint8Array {
  const { from: _from, until: _until, ...kept } = formatExtent(extent);
  // Through JSON, which leaves out what is undefined.
  return canonicalJson(JSON.parse(JSON.stringify(kept)));
}

function placesOf(extent: Extent): Places {
  const lineages = [...new Set(extent.places.map(({ target }) => target.lineage))];
  return { lineages, ancestors: [...new Set(lineages.flatMap(ancestorsOf))] };
}

/** What two looks have in common, or may have: a version that nobody can order counts as met. */
export function overlapOf(a: Look, b: Look): Look | null {
  const commitOrder = a.order ?? b.order;
  const overlap = overlapOfExtents(a.extent, b.extent, { commitOrder });
  return overlap === null ? null : lookAt(overlap.extent, commitOrder);
}

/** A look in its time. */
export interface Timed {
  readonly look: Look;
  readonly from: Instant;
  readonly until: Instant;
}

/** What is left of a wish beside others, or later; each with its time. */
export function restOf(
  wish: Timed,
  others: readonly Timed[],
): readonly (Timed & Pick<Rest, 'kind' | 'differs'>)[] {
  const inTime = ({ look, from, until }: Timed): Extent => ({ ...look.extent, from, until });
  const { order: commitOrder } = wish.look;
  return without(inTime(wish), others.map(inTime), { commitOrder }).map((rest) => ({
    kind: rest.kind,
    differs: rest.differs,
    look: lookAt(rest.extent, commitOrder),
    from: rest.extent.from,
    until: rest.extent.until ?? wish.until,
  }));
}

/** True where nothing of `inner` lies outside `outer`; false also where that is not certain. */
export function covers(outer: Look, inner: Look): boolean {
  return coversExtent(outer.extent, inner.extent, { commitOrder: outer.order ?? inner.order });
}

/** How much it says: places, exceptions, classes, versions and commits, each counted once. */
export function weightOf({ extent: { places, except, weaknesses } }: Look): number {
  const revisions = places.map(({ revisions: said }) => {
    if (said.kind === 'all') return 1;
    return said.kind === 'versions' ? said.intervals.length : said.ids.length + said.ranges.length;
  });
  const classes = weaknesses.only.length + weaknesses.except.length;
  return revisions.reduce((sum, each) => sum + each, except.length + classes);
}

/** True where nobody may do this without an owner's leave. */
export function looksWithLeave({ extent }: Look): boolean {
  return extent.places.some(({ target }) => needsLeave(target, extent.methods));
}

/** True where something of it runs somewhere. */
export function looksAtLive(look: Look): boolean {
  return look.extent.places.some(({ target }) => isLive(target));
}

/** A look as the contract says it. */
export function scopeOf({ extent }: Look): Scope {
  const { places, except, methods, weaknesses, exceptWeaknesses } = formatExtent(extent);
  const whole = places.filter((p) => p.versions === undefined && p.commits === undefined);
  return {
    targets: whole.map(({ target }) => target),
    places: places
      .filter((place) => !whole.includes(place))
      .map(({ target, versions, commits }) => ({
        target,
        ...(versions === undefined ? {} : { versions }),
        ...(commits === undefined
          ? {}
          : { commits: { ...commits, ids: [...(commits.ids ?? [])] } }),
      })),
    except: [...except],
    methods: [...methods],
    weaknesses: [...weaknesses],
    exceptWeaknesses: [...exceptWeaknesses],
  };
}

function atScope<R extends { readonly code: string }>(refusal: R): R & { pointer: string } {
  return { ...refusal, pointer: '/scope' };
}

const noTarget = {
  code: 'scope-empty',
  expected: 'at least one target',
  got: 'none',
  todo: 'name what you mean to look at, such as pkg:npm/lodash or github.com/curl/curl',
  pointer: '/scope/targets',
} as const;
