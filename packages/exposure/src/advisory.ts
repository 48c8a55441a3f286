import type { OsvAffected, OsvRange, OsvRecord } from '@breakwater/formats/osv';
import { baseEcosystem, schemeOf } from '@breakwater/versions';
import { type Interval, intervalsOf } from './intervals.ts';
import { packageKey } from './package-key.ts';

/** An advisory made ready for matching: every version parsed once, every range a list of keys. */
export interface CompiledAdvisory {
  readonly id: string;
  /** Set where the publisher took the advisory back: it then matches nothing. */
  readonly withdrawn?: string;
  readonly targets: readonly Target[];
}

/** One entry of `affected[]` that names a package. */
export interface Target {
  /** Position in `affected[]`. */
  readonly position: number;
  readonly ecosystem: string;
  readonly base: string;
  /** The release part of the ecosystem: `12` of `Debian:12`. Undefined: every release. */
  readonly release: string | undefined;
  readonly name: string;
  /** The same for every spelling of the package's name. */
  readonly packageKey: string;
  readonly stretches: readonly Stretch[];
  /** The `versions` list as written. */
  readonly listed: ReadonlySet<string>;
  /** Order key to the text in the `versions` list, for those that parse. */
  readonly listedKeys: ReadonlyMap<string, string>;
  /** Ranges that no version can be held against; what they cover stays undecided. */
  readonly troubles: readonly Trouble[];
}

/** An interval and the reason it gives to everything it covers. */
export interface Stretch {
  readonly interval: Interval;
  readonly reason: RangeReason;
}

/** Why a component is affected. */
export type Reason = RangeReason | ListedReason;

export interface RangeReason {
  readonly how: 'version-in-range';
  /** Positions in `affected[]` and in its `ranges[]`. */
  readonly affected: number;
  readonly range: number;
  readonly introduced: string;
  readonly end?: { readonly kind: 'fixed' | 'last_affected' | 'limit'; readonly version: string };
}

export interface ListedReason {
  readonly how: 'version-listed';
  /** Position in `affected[]`. */
  readonly affected: number;
  /** The entry of `versions[]`. */
  readonly listed: string;
}

export interface Trouble {
  readonly code: 'range-malformed' | 'range-of-commits' | 'order-unknown';
  readonly text: string;
}

/** Prepares an OSV record that conforms. Pure; the result may be kept as long as the record. */
export function compileAdvisory(record: OsvRecord): CompiledAdvisory {
  const targets: Target[] = [];
  for (const [position, affected] of (record.affected ?? []).entries()) {
    const target = compileTarget(affected, position);
    if (target !== null) targets.push(target);
  }
  const { id, withdrawn } = record;
  return withdrawn === undefined ? { id, targets } : { id, withdrawn, targets };
}

function compileTarget(affected: OsvAffected, position: number): Target | null {
  const { package: named, ranges = [], versions = [] } = affected;
  if (named === undefined) return null;
  const scheme = schemeOf(named.ecosystem);
  const listedKeys = new Map<string, string>();
  for (const version of versions) {
    const parsed = scheme?.parse(version);
    if (parsed?.ok) listedKeys.set(parsed.value.key, version);
  }
  const stretches: Stretch[] = [];
  const troubles: Trouble[] = [];
  for (const [index, range] of ranges.entries()) {
    const found = readRange(range, index, named.ecosystem);
    if ('code' in found) troubles.push(found);
    else for (const interval of found) stretches.push(stretchOf(interval, position, index));
  }
  const base = baseEcosystem(named.ecosystem);
  return {
    position,
    ecosystem: named.ecosystem,
    base,
    release: releaseOf(named.ecosystem),
    name: named.name,
    packageKey: packageKey(named),
    stretches,
    listed: new Set(versions),
    listedKeys,
    // A list of versions decides alone where the ranges are of commits (specification, "versions").
    troubles: troubles.filter((t) => t.code !== 'range-of-commits' || versions.length === 0),
  };
}

/** The part of an OSV ecosystem after the first colon. */
export function releaseOf(ecosystem: string): string | undefined {
  const colon = ecosystem.indexOf(':');
  return colon < 0 ? undefined : ecosystem.slice(colon + 1);
}

function readRange(
  range: OsvRange,
  index: number,
  ecosystem: string,
): readonly Interval[] | Trouble {
  const where = `ranges[${index}]`;
  if (range.type === 'GIT') {
    return { code: 'range-of-commits', text: `${where} names commits, not versions` };
  }
  const scheme = schemeOf(ecosystem);
  if (scheme === undefined) {
    return {
      code: 'order-unknown',
      text: `the order of versions in ${ecosystem} is not known here`,
    };
  }
  if (range.type === 'SEMVER' && !scheme.isSemantic) {
    return { code: 'range-malformed', text: `${where} is of type SEMVER, ${ecosystem} is not` };
  }
  const intervals = intervalsOf(range, scheme);
  if (!intervals.ok) {
    return { code: 'range-malformed', text: `${where} has a malformed ${intervals.refusal.got}` };
  }
  return intervals.value;
}

function stretchOf(interval: Interval, affected: number, range: number): Stretch {
  const { introduced, end } = interval;
  const reason = { how: 'version-in-range' as const, affected, range, introduced };
  return { interval, reason: end === undefined ? reason : { ...reason, end } };
}
