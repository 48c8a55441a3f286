import type { Component } from '@breakwater/formats/inventory';
import type { CompiledAdvisory, Target } from './advisory.ts';
import { type Explanation, explainTarget } from './explain.ts';
import { type Doubt, judge, type Reason, type Row, rowOf } from './judge.ts';

/** This inventory has that affected component. */
export interface Match {
  readonly advisoryId: string;
  readonly inventoryId: string;
  readonly component: Component;
  readonly reason: Reason;
}

/** This inventory has a component of which nobody can say whether it is affected. */
export interface Undecided {
  readonly advisoryId: string;
  readonly inventoryId: string;
  readonly component: Component;
  readonly doubt: Doubt;
  readonly text: string;
}

export interface Assessment {
  readonly matches: readonly Match[];
  readonly undecided: readonly Undecided[];
}

/** Who runs an affected version? Held in memory, rebuilt from inventories; not durable. */
export interface ExposureIndex {
  /** Puts an inventory in place of the one with the same id. */
  put(inventoryId: string, components: readonly Component[]): void;
  /** Takes an inventory out; true if it was there. */
  remove(inventoryId: string): boolean;
  /** Every affected component of every inventory, and every one that cannot be decided. */
  assess(advisory: CompiledAdvisory): Assessment;
  /** The matches of {@link ExposureIndex.assess} alone. */
  affected(advisory: CompiledAdvisory): readonly Match[];
  /** What holds between an advisory and one inventory, near misses included; null if unknown. */
  explain(advisory: CompiledAdvisory, inventoryId: string): readonly Explanation[] | null;
  /** Inventories and components held. */
  readonly size: { readonly inventories: number; readonly components: number };
}

/** Copies of one package in all inventories, those with an order key kept in its order. */
interface Bucket {
  ordered: Row[];
  unordered: Row[];
  sorted: boolean;
}

/** Makes an empty index. One million components take some 400 MB. */
export function createExposureIndex(): ExposureIndex {
  const inventories = new Map<string, readonly Row[]>();
  const buckets = new Map<string, Bucket>();
  let componentCount = 0;

  const remove = (inventoryId: string): boolean => {
    const rows = inventories.get(inventoryId);
    if (rows === undefined) return false;
    inventories.delete(inventoryId);
    componentCount -= rows.length;
    for (const name of new Set(rows.map((row) => bucketName(row.base, row.component.name)))) {
      dropInventory(buckets, name, inventoryId);
    }
    return true;
  };

  const put = (inventoryId: string, components: readonly Component[]): void => {
    remove(inventoryId);
    const rows = components.map((component) => rowOf(inventoryId, component));
    inventories.set(inventoryId, rows);
    componentCount += rows.length;
    for (const row of rows) {
      const name = bucketName(row.base, row.component.name);
      let bucket = buckets.get(name);
      if (bucket === undefined) {
        bucket = { ordered: [], unordered: [], sorted: true };
        buckets.set(name, bucket);
      }
      if (row.key === undefined) bucket.unordered.push(row);
      else bucket.ordered.push(row);
      bucket.sorted = false;
    }
  };

  const assess = (advisory: CompiledAdvisory): Assessment => {
    const verdicts = new VerdictList(advisory.id);
    if (advisory.withdrawn !== undefined) return verdicts;
    for (const target of advisory.targets) {
      const bucket = buckets.get(bucketName(target.base, target.name));
      if (bucket !== undefined) verdicts.judge(target, candidates(target, bucket));
    }
    return verdicts;
  };

  return {
    put,
    remove,
    assess,
    affected: (advisory) => assess(advisory).matches,
    explain: (advisory, inventoryId) => {
      const rows = inventories.get(inventoryId);
      if (rows === undefined) return null;
      return advisory.targets.flatMap((target) => explainTarget(advisory, target, rows));
    },
    get size() {
      return { inventories: inventories.size, components: componentCount };
    },
  };
}

/** Gathers verdicts on one advisory: each component once, affected before undecided. */
class VerdictList implements Assessment {
  readonly #advisoryId: string;
  readonly #matches = new Map<Row, Match>();
  readonly #undecided = new Map<Row, Undecided>();

  constructor(advisoryId: string) {
    this.#advisoryId = advisoryId;
  }

  judge(target: Target, rows: Iterable<Row>): void {
    for (const row of rows) {
      if (this.#matches.has(row)) continue;
      const { inventoryId, component } = row;
      const known = { advisoryId: this.#advisoryId, inventoryId, component };
      const verdict = judge(target, row);
      if (verdict.kind === 'affected') {
        this.#matches.set(row, { ...known, reason: verdict.reason });
        this.#undecided.delete(row);
      } else if (verdict.kind === 'undecided') {
        const { doubt, text } = verdict;
        this.#undecided.set(row, { ...known, doubt, text });
      }
    }
  }

  get matches(): readonly Match[] {
    return [...this.#matches.values()];
  }

  get undecided(): readonly Undecided[] {
    return [...this.#undecided.values()];
  }
}

/** The rows a target may touch: a superset of all that are affected or undecided. */
function* candidates(target: Target, bucket: Bucket): Iterable<Row> {
  const rows = inOrder(bucket);
  yield* bucket.unordered;
  if (target.troubles.length > 0) {
    yield* rows;
    return;
  }
  for (const { interval } of target.stretches) {
    const from = lowerBound(rows, interval.fromKey);
    for (let at = from; at < rows.length; at += 1) {
      const row = rows[at];
      if (row?.key === undefined) break;
      if (interval.toKey !== undefined && row.key > interval.toKey) break;
      yield row;
    }
  }
  if (target.listedKeys.size > rows.length) {
    yield* rows;
    return;
  }
  for (const key of target.listedKeys.keys()) {
    for (let at = lowerBound(rows, key); rows[at]?.key === key; at += 1) {
      const row = rows[at];
      if (row !== undefined) yield row;
    }
  }
}

function inOrder(bucket: Bucket): readonly Row[] {
  if (!bucket.sorted) {
    bucket.ordered.sort((a, b) => {
      const [left = '', right = ''] = [a.key, b.key];
      if (left === right) return 0;
      return left < right ? -1 : 1;
    });
    bucket.sorted = true;
  }
  return bucket.ordered;
}

/** Position of the first row whose key is not below `key`. */
function lowerBound(rows: readonly Row[], key: string): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.key ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** No ecosystem and no name holds a NUL. */
function bucketName(base: string, name: string): string {
  return `${base}\0${name}`;
}

function dropInventory(buckets: Map<string, Bucket>, name: string, inventoryId: string): void {
  const bucket = buckets.get(name);
  if (bucket === undefined) return;
  const stays = (row: Row) => row.inventoryId !== inventoryId;
  bucket.ordered = bucket.ordered.filter(stays);
  bucket.unordered = bucket.unordered.filter(stays);
  if (bucket.ordered.length + bucket.unordered.length === 0) buckets.delete(name);
}
