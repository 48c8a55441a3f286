import type { OsvEvent, OsvRange } from '@breakwater/formats/osv';
import { ok, type Result, refuse } from '@breakwater/kernel';
import type { VersionScheme } from '@breakwater/versions';

/** A stretch of affected versions, `from` included. */
export interface Interval {
  /** Order key; the empty text sorts before every version. */
  readonly fromKey: string;
  /** Order key of the end, undefined where no end is known. */
  readonly toKey: string | undefined;
  readonly toIncluded: boolean;
  /** The events that made it, for the reason. */
  readonly introduced: string;
  readonly end:
    | { readonly kind: 'fixed' | 'last_affected' | 'limit'; readonly version: string }
    | undefined;
}

/**
 * The affected stretches of one OSV range, disjoint and ascending.
 *
 * Gives for every version the answer of the specification's evaluation algorithm
 * (ossf.github.io/osv-schema, "Evaluation"). Where several events share a version, which the
 * algorithm leaves open, an open stretch is closed first and may start again there; an
 * `introduced` that is `fixed` at the same version is empty.
 */
export function intervalsOf(
  range: OsvRange,
  scheme: VersionScheme,
): Result<readonly Interval[], 'range-malformed'> {
  const moments = new Map<string, Moment>();
  const limits: { readonly key: string; readonly version: string }[] = [];
  let unlimited = false;
  for (const event of range.events) {
    const [kind, version] = partsOf(event);
    // "*" is the specification's infinity, "0" its beginning of all versions.
    if (kind === 'limit' && version === '*') unlimited = true;
    else {
      const key = keyOf(kind, version, scheme);
      if (key === null) return malformed(kind, version);
      if (kind === 'limit') limits.push({ key, version });
      else moments.set(key, { ...moments.get(key), [kind]: version });
    }
  }
  const intervals = sweep(moments);
  if (unlimited || limits.length === 0) return ok(intervals);
  const limit = limits.reduce((a, b) => (a.key < b.key ? b : a));
  return ok(intervals.flatMap((interval) => clip(interval, limit)));
}

/** What happens at one version. */
interface Moment {
  readonly introduced?: string;
  readonly fixed?: string;
  readonly last_affected?: string;
}

function sweep(moments: ReadonlyMap<string, Moment>): Interval[] {
  const intervals: Interval[] = [];
  const close = (from: Opening, key: string | undefined, end: Interval['end']) => {
    const toIncluded = end?.kind === 'last_affected';
    intervals.push({ fromKey: from.key, introduced: from.version, toKey: key, toIncluded, end });
  };
  let open: Opening | undefined;
  for (const key of [...moments.keys()].sort(byCodeUnits)) {
    const { introduced, fixed, last_affected: last } = moments.get(key) ?? {};
    const opening = introduced === undefined ? undefined : { key, version: introduced };
    if (open !== undefined && fixed !== undefined) {
      close(open, key, { kind: 'fixed', version: fixed });
      open = opening;
    } else if (open !== undefined && last !== undefined) {
      close(open, key, { kind: 'last_affected', version: last });
      open = opening;
    } else if (open === undefined && opening !== undefined && fixed === undefined) {
      if (last === undefined) open = opening;
      else close(opening, key, { kind: 'last_affected', version: last });
    }
  }
  if (open !== undefined) close(open, undefined, undefined);
  return intervals;
}

interface Opening {
  readonly key: string;
  readonly version: string;
}

function clip(interval: Interval, limit: Opening): Interval[] {
  if (interval.fromKey >= limit.key) return [];
  if (interval.toKey !== undefined && interval.toKey < limit.key) return [interval];
  if (interval.toKey === limit.key && !interval.toIncluded) return [interval];
  const end = { kind: 'limit' as const, version: limit.version };
  return [{ ...interval, toKey: limit.key, toIncluded: false, end }];
}

function partsOf(
  event: OsvEvent,
): readonly ['introduced' | 'fixed' | 'last_affected' | 'limit', string] {
  if (event.introduced !== undefined) return ['introduced', event.introduced];
  if (event.fixed !== undefined) return ['fixed', event.fixed];
  if (event.last_affected !== undefined) return ['last_affected', event.last_affected];
  return ['limit', event.limit ?? ''];
}

function keyOf(kind: string, version: string, scheme: VersionScheme): string | null {
  if (kind === 'introduced' && version === '0') return '';
  const parsed = scheme.parse(version);
  return parsed.ok ? parsed.value.key : null;
}

function malformed(kind: string, version: string) {
  return refuse({
    code: 'range-malformed' as const,
    expected: 'events with versions of the package’s ecosystem',
    got: `${kind}: ${JSON.stringify(version.slice(0, 100))}`,
    todo: 'ask the advisory’s publisher to correct the event',
  });
}

/** The order of `<` on texts, which is the order of keys. */
export function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
