import { ok, type Result } from '@breakwater/kernel';
import { refusal } from './refusal.ts';

/** Commits of one repository, each named or by ranges. */
export interface Commits {
  readonly kind: 'commits';
  /** Whole names (40 or 64 hex digits), lower case, sorted. */
  readonly ids: readonly string[];
  readonly ranges: readonly CommitRange[];
}

/** What `git log after..until` lists: not `after`, but `until`. null: from the first, to the last. */
export interface CommitRange {
  readonly after: string | null;
  readonly until: string | null;
}

/**
 * The order in which the commits of a repository lie on its main line, oldest first, numbered from
 * 0; undefined where it is not known. Asked by the repository's canonical text without a path.
 */
export type CommitOrder = (repository: string) => ReadonlyMap<string, number> | undefined;

/** Commits as they are written: whole names, a range, or both. */
export interface CommitsInput {
  readonly after?: string | undefined;
  readonly until?: string | undefined;
  readonly ids?: readonly string[] | undefined;
}

const idShape = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** Seven digits, git's shortest abbreviation, may bound a range; a set needs whole names. */
const boundShape = /^[0-9a-f]{7,64}$/;
const idsMax = 1_000;

/** Parses commits: at least one name or range. */
export function parseCommits(input: CommitsInput): Result<Commits, 'commits-malformed'> {
  const ids = (input.ids ?? []).map((id) => id.toLowerCase());
  const after = input.after?.toLowerCase() ?? null;
  const until = input.until?.toLowerCase() ?? null;
  if (ids.length > idsMax) return malformed(`${ids.length} commits`);
  const wrong =
    ids.find((id) => !idShape.test(id)) ??
    [after, until].find((id) => id !== null && !boundShape.test(id));
  if (wrong != null) return malformed(wrong);
  const isRange = after !== null || until !== null;
  if (isRange ? after === until : ids.length === 0) return malformed('no commit');
  const ranges = isRange ? [{ after, until }] : [];
  return ok({ kind: 'commits', ids: [...new Set(ids)].toSorted(), ranges });
}

/** Each range once, in order. */
export function distinct(ranges: readonly CommitRange[]): readonly CommitRange[] {
  const byText = new Map(ranges.map((range) => [`${range.after}..${range.until}`, range]));
  return [...byText.keys()].toSorted().flatMap((text) => byText.get(text) ?? []);
}

/** What lies in both, and whether that is certain: without the order it only may. */
export interface CommonCommits {
  readonly common: Commits | null;
  readonly certain: boolean;
}

/** The commits in both sets, by the order of their repository where it is known. */
export function commonCommits(
  a: Commits,
  b: Commits,
  order: ReadonlyMap<string, number> | undefined,
): CommonCommits {
  const named = new Set(b.ids);
  const inBoth = new Set(a.ids.filter((id) => named.has(id)));
  const ranges: CommitRange[] = [];
  let certain = inBoth.size > 0;
  let isOpen = false;
  for (const [ids, others] of [
    [a.ids, b.ranges],
    [b.ids, a.ranges],
  ] as const) {
    for (const id of ids) {
      for (const range of others) {
        const lies = order === undefined ? null : isIn(id, range, order);
        if (lies === false) continue;
        inBoth.add(id);
        if (lies === true) certain = true;
        else isOpen = true;
      }
    }
  }
  for (const left of a.ranges) {
    for (const right of b.ranges) {
      const found = commonRange(left, right, order);
      if (found.common === null) continue;
      ranges.push(found.common);
      if (found.certain) certain = true;
      else isOpen = true;
    }
  }
  if (inBoth.size === 0 && ranges.length === 0) return { common: null, certain: true };
  const common = { kind: 'commits', ids: [...inBoth].toSorted(), ranges } as const;
  return { common, certain: certain || !isOpen };
}

/** True or false where the order tells whether a commit lies in a range; null where it does not. */
function isIn(id: string, range: CommitRange, order: ReadonlyMap<string, number>): boolean | null {
  const at = position(id, order);
  const after = range.after === null ? -1 : position(range.after, order);
  const until = range.until === null ? Number.POSITIVE_INFINITY : position(range.until, order);
  if (at === null || after === null || until === null) return null;
  return after < at && at <= until;
}

function commonRange(
  a: CommitRange,
  b: CommitRange,
  order: ReadonlyMap<string, number> | undefined,
): { readonly common: CommitRange | null; readonly certain: boolean } {
  if (a.after === b.after && a.until === b.until) return { common: a, certain: true };
  // Two ranges without a beginning share the first commit, two without an end the last.
  if (order === undefined) return { common: a, certain: isOneEndOpenInBoth(a, b) };
  const bounds = [a.after, b.after, a.until, b.until].map((id) =>
    id === null ? undefined : position(id, order),
  );
  if (bounds.includes(null)) return { common: a, certain: isOneEndOpenInBoth(a, b) };
  // An open end reaches to commits that nobody has made yet.
  const [afterA = -1, afterB = -1, untilA = Infinity, untilB = Infinity] = bounds.map(
    (bound) => bound ?? undefined,
  );
  const after = afterA >= afterB ? a.after : b.after;
  const until = untilA <= untilB ? a.until : b.until;
  const isEmpty = Math.max(afterA, afterB) >= Math.min(untilA, untilB);
  return { common: isEmpty ? null : { after, until }, certain: true };
}

function isOneEndOpenInBoth(a: CommitRange, b: CommitRange): boolean {
  return (a.after === null && b.after === null) || (a.until === null && b.until === null);
}

/** True where all commits of `inner` are certain to be in one of `outer`. */
export function coversCommits(
  outer: readonly Commits[],
  inner: Commits,
  order: ReadonlyMap<string, number> | undefined,
): boolean {
  const ids = outer.flatMap((each) => each.ids);
  const named = new Set(ids);
  const ranges = outer.flatMap((each) => each.ranges);
  const known =
    order === undefined ? [] : joinedSpans([...spansOf({ ids, ranges }, order).values()]);
  const isWithin = (span: Span | undefined) =>
    span !== undefined && known.some(({ from, until }) => from <= span.from && span.until <= until);
  const own = order === undefined ? new Map<unknown, Span>() : spansOf(inner, order);
  return (
    inner.ids.every((id) => named.has(id) || isWithin(own.get(id))) &&
    inner.ranges.every(
      (range) => ranges.some((each) => isSame(each, range)) || isWithin(own.get(range)),
    )
  );
}

/** Places in the order, both ends in. */
interface Span {
  readonly from: number;
  readonly until: number;
}

/** Where commits and ranges lie, each by itself; those that the order does not know are left out. */
function spansOf(
  { ids, ranges }: Pick<Commits, 'ids' | 'ranges'>,
  order: ReadonlyMap<string, number>,
): ReadonlyMap<unknown, Span> {
  const spans = new Map<unknown, Span>();
  for (const id of ids) {
    const at = position(id, order);
    if (at !== null) spans.set(id, { from: at, until: at });
  }
  for (const range of ranges) {
    const after = range.after === null ? -1 : position(range.after, order);
    const until = range.until === null ? Infinity : position(range.until, order);
    if (after !== null && until !== null) spans.set(range, { from: after + 1, until });
  }
  return spans;
}

function joinedSpans(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last === undefined || last.until + 1 < span.from) joined.push(span);
    else joined[joined.length - 1] = { from: last.from, until: Math.max(last.until, span.until) };
  }
  return joined;
}

function isSame(a: CommitRange, b: CommitRange): boolean {
  return a.after === b.after && a.until === b.until;
}

/** The place of a commit by its name or an abbreviation that only one commit has; null: unknown. */
function position(id: string, order: ReadonlyMap<string, number>): number | null {
  const exact = order.get(id);
  if (exact !== undefined || id.length >= 40) return exact ?? null;
  const names = sortedNames(order);
  const at = firstFrom(names, id);
  const found = names[at];
  if (found === undefined || !found.startsWith(id)) return null;
  return names[at + 1]?.startsWith(id) === true ? null : (order.get(found) ?? null);
}

/** An order is asked for many abbreviations, and may know fifty thousand commits. */
const sorted = new WeakMap<ReadonlyMap<string, number>, readonly string[]>();

function sortedNames(order: ReadonlyMap<string, number>): readonly string[] {
  const names = sorted.get(order) ?? [...order.keys()].toSorted();
  sorted.set(order, names);
  return names;
}

/** The first place in sorted names that is not before `id`. */
function firstFrom(names: readonly string[], id: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] ?? '') < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function malformed(got: string) {
  return refusal('commits-malformed', got, {
    expected: 'whole commit names, or a range from after one commit until another',
    todo: 'name at most 1,000 commits by 40 or 64 hex digits, or give `after`, `until` or both',
  });
}
