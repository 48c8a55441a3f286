import type { Component } from '@breakwater/formats/inventory';
import { baseEcosystem, schemeOf } from '@breakwater/versions';
import { type Reason, releaseOf, type Stretch, type Target } from './advisory.ts';
import { packageKey } from './package-key.ts';

/** A component with what matching asks of it, made once. */
export interface Row {
  readonly inventoryId: string;
  readonly component: Component;
  readonly base: string;
  readonly release: string | undefined;
  readonly packageKey: string;
  /** Order key; undefined where the version does not parse or the order is not known. */
  readonly key: string | undefined;
}

/** Prepares a component for matching. */
export function rowOf(inventoryId: string, component: Component): Row {
  const { ecosystem, version } = component;
  const parsed = schemeOf(ecosystem)?.parse(version);
  return {
    inventoryId,
    component,
    base: baseEcosystem(ecosystem),
    release: releaseOf(ecosystem),
    packageKey: packageKey(component),
    key: parsed?.ok ? parsed.value.key : undefined,
  };
}

/** Why it cannot be said whether a component is affected. */
export type Doubt =
  | 'version-malformed'
  | 'order-unknown'
  | 'release-unknown'
  | 'range-malformed'
  | 'range-of-commits';

/** What holds between one component and one target of the same name and base ecosystem. */
export type Verdict =
  | { readonly kind: 'affected'; readonly reason: Reason }
  | { readonly kind: 'undecided'; readonly doubt: Doubt; readonly text: string }
  | { readonly kind: 'other-release' }
  | { readonly kind: 'outside' };

/**
 * Holds one component against one target of the same name and base ecosystem; `known` is the reason
 * where a search by key has found it already.
 */
export function judge(target: Target, row: Row, known?: Reason): Verdict {
  const releaseKnown = row.release !== undefined;
  if (target.release !== undefined && releaseKnown && target.release !== row.release) {
    return { kind: 'other-release' };
  }
  const reason = known ?? listedReason(target, row) ?? rangeReason(target, row);
  if (reason !== null && target.release !== undefined && !releaseKnown) {
    const text =
      `the version is affected in ${target.ecosystem}, ` +
      `and the inventory does not tell its release of ${row.base}`;
    return { kind: 'undecided', doubt: 'release-unknown', text };
  }
  if (reason !== null) return { kind: 'affected', reason };
  const [trouble] = target.troubles;
  if (trouble !== undefined) return { kind: 'undecided', doubt: trouble.code, text: trouble.text };
  if (row.key === undefined && target.stretches.length > 0) {
    const text = `${JSON.stringify(row.component.version)} is not a version of ${row.base}`;
    return { kind: 'undecided', doubt: 'version-malformed', text };
  }
  return { kind: 'outside' };
}

/** The reason by the `versions` list: same text, or another spelling of the same version. */
function listedReason(target: Target, row: Row): Reason | null {
  const { version } = row.component;
  const listed = target.listed.has(version)
    ? version
    : row.key !== undefined && target.listedKeys.get(row.key);
  return listed ? { how: 'version-listed', affected: target.position, listed } : null;
}

function rangeReason(target: Target, row: Row): Reason | null {
  const { key } = row;
  if (key === undefined) return null;
  return target.stretches.find((each) => covers(each, key))?.reason ?? null;
}

function covers({ interval }: Stretch, key: string): boolean {
  if (key < interval.fromKey) return false;
  if (interval.toKey === undefined || key < interval.toKey) return true;
  return interval.toIncluded && key === interval.toKey;
}
