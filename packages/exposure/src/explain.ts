import type { Component } from '@breakwater/formats/inventory';
import { splitDebian } from '@breakwater/versions';
import type { CompiledAdvisory, RangeReason, Reason, Stretch, Target } from './advisory.ts';
import { type Doubt, judge, type Row } from './judge.ts';

/** What holds between one entry of `affected[]` and one inventory, in a word and a sentence. */
export interface Explanation {
  readonly kind:
    | 'affected'
    | 'undecided'
    /** The version is outside every range: fixed already, or older than the fault. */
    | 'outside-range'
    /** A distribution fixed it in a revision of the same upstream version. */
    | 'backported-fix'
    /** Same name, another release of the distribution. */
    | 'other-release'
    /** Same name in another ecosystem: another piece of software. */
    | 'other-ecosystem'
    | 'not-present'
    /** The publisher took the advisory back. */
    | 'withdrawn';
  /** Position in `affected[]`. */
  readonly affected: number;
  readonly component?: Component;
  readonly reason?: Reason;
  readonly doubt?: Doubt;
  /** The event of the advisory nearest to the version, where it decides. */
  readonly neighbor?: Neighbor;
  /** A whole sentence for a person. */
  readonly text: string;
}

/** The event that puts a version outside. */
export interface Neighbor {
  readonly event: 'introduced' | 'fixed' | 'last_affected' | 'limit';
  readonly version: string;
}

/** Explains one target against all components of one inventory; never empty. */
export function explainTarget(
  advisory: CompiledAdvisory,
  target: Target,
  rows: readonly Row[],
): readonly Explanation[] {
  const affected = target.position;
  const what = `${target.ecosystem} package ${target.name}`;
  if (advisory.withdrawn !== undefined) {
    const text = `${advisory.id} was withdrawn on ${advisory.withdrawn}`;
    return [{ kind: 'withdrawn', affected, text }];
  }
  const namesakes = rows.filter(
    (row) => row.packageKey === target.packageKey || row.component.name === target.name,
  );
  if (namesakes.length === 0) {
    return [{ kind: 'not-present', affected, text: `the inventory has no ${what}` }];
  }
  return namesakes.map((row) =>
    row.base === target.base ? explainRow(target, row) : explainStranger(target, row),
  );
}

/** The reason of a match as a sentence for a person. */
export function describeReason(component: Component, reason: Reason): string {
  const what = `${component.name} ${component.version}`;
  if (reason.how === 'version-listed') return `${what} is on the advisory's list of versions`;
  const { introduced, end } = reason;
  const since = introduced === '0' ? 'every version' : `every version from ${introduced}`;
  return `${what}: ${since} ${describeEnd(end)}`;
}

function describeEnd(end: RangeReason['end']): string {
  switch (end?.kind) {
    case undefined:
      return 'is affected; no fixed version is known';
    case 'fixed':
      return `is affected until ${end.version}, which has the fix`;
    case 'last_affected':
      return `up to and including ${end.version} is affected`;
    case 'limit':
      return `before ${end.version} is affected`;
  }
}

function explainStranger(target: Target, { component }: Row): Explanation {
  const text =
    `${component.name} ${component.version} is a package of ${component.ecosystem}; ` +
    `the advisory is about the one of ${target.ecosystem}`;
  return { kind: 'other-ecosystem', affected: target.position, component, text };
}

function explainRow(target: Target, row: Row): Explanation {
  const { component } = row;
  const known = { affected: target.position, component };
  const verdict = judge(target, row);
  switch (verdict.kind) {
    case 'affected': {
      const text = describeReason(component, verdict.reason);
      return { ...known, kind: 'affected', reason: verdict.reason, text };
    }
    case 'undecided':
      return { ...known, kind: 'undecided', doubt: verdict.doubt, text: verdict.text };
    case 'other-release': {
      const text = `${component.name} is of ${component.ecosystem}, the advisory of ${target.ecosystem}`;
      return { ...known, kind: 'other-release', text };
    }
    case 'outside':
      return { ...known, ...explainOutside(target, row) };
  }
}

function explainOutside(target: Target, row: Row): Pick<Explanation, 'kind' | 'text' | 'neighbor'> {
  const what = `${row.component.name} ${row.component.version}`;
  const neighbor = row.key === undefined ? null : neighborOf(target.stretches, row.key);
  if (neighbor === null) {
    return { kind: 'outside-range', text: `${what} is not among the versions the advisory lists` };
  }
  const { event, version } = neighbor;
  if (event === 'introduced') {
    const text = `${what} is older than ${version}, where the fault came in`;
    return { kind: 'outside-range', neighbor, text };
  }
  if (event === 'fixed' && isBackport(row, version)) {
    const text =
      `${what} has the fix: the distribution put it into ${version}, ` +
      'without changing the upstream version';
    return { kind: 'backported-fix', neighbor, text };
  }
  const rule = { fixed: 'fixed in', last_affected: 'affected up to', limit: 'limited to before' };
  return { kind: 'outside-range', neighbor, text: `${what} is outside: ${rule[event]} ${version}` };
}

/** The end just below the version, else the beginning just above it. */
function neighborOf(stretches: readonly Stretch[], key: string): Neighbor | null {
  let below: Stretch['interval'] | undefined;
  let above: Stretch['interval'] | undefined;
  for (const { interval } of stretches) {
    const { fromKey, toKey } = interval;
    if (toKey !== undefined && toKey <= key && toKey >= (below?.toKey ?? '')) below = interval;
    if (fromKey > key && (above === undefined || fromKey < above.fromKey)) above = interval;
  }
  if (below?.end !== undefined) return { event: below.end.kind, version: below.end.version };
  return above === undefined ? null : { event: 'introduced', version: above.introduced };
}

/** Same upstream version as the fix, and the fix is not that upstream version's first packaging. */
function isBackport(row: Row, fixed: string): boolean {
  if (row.base !== 'Debian' && row.base !== 'Ubuntu') return false;
  const fix = splitDebian(fixed);
  const own = splitDebian(row.component.version);
  if (fix.upstream !== own.upstream || (fix.epoch ?? '0') !== (own.epoch ?? '0')) return false;
  return !['0', '1'].includes(fix.revision ?? '0');
}
