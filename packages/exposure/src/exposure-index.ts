import type { Component } from '@breakwater/formats/inventory';
import type { CompiledAdvisory, Reason, Target } from './advisory.ts';
import { type Explanation, explainTarget } from './explain.ts';
import { type Doubt, judge, type Row, rowOf } from './judge.ts';

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

/** Makes an empty index. One million components take some 350 MB, their own texts included. */
export function createExposureIndex(): ExposureIndex {
  const inventories = new Map<string, readonly Row[]>();
  const buckets = new Map<string, Bucket>();
  let componentCount = 0;

  const remove = (inventoryId: string): boolean => {
    const rows = inventories.get(inventoryId);
    if (rows === undefined) return false;
    inventories.delete(inventoryId);
    componentCount -= rows.length;
    for (const name of new Set(rows.map((row) => row.packageKey))) {
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
      let bucket = buckets.get(row.packageKey);
      if (bucket === undefined) {
        bucket = { ordered: [], unordered: [], sorted: true };
        buckets.set(row.packageKey, bucket);
      }
      if (row.key === undefined) bucket.unordered.push(row);
      else bucket.ordered.push(row);
      bucket.sorted = false;
    }
  };

  const assess = (advisory: CompiledAdvisory): Assessment => {
    const verdicts = new VerdictList(advisory);
    if (advisory.withdrawn !== undefined) return verdicts;
    for (const target of advisory.targets) {
      const bucket = buckets.get(target.packageKey);
      if (bucket !== undefined)
        visitCandidates(target, bucket, (row, known) => verdicts.judge(target, row, known));
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
  readonly matches: Match[] = [];
  readonly #advisoryId: string;
  /** Undefined where no row can come twice: one entry, one stretch, no list. */
  readonly #matched: Set<Row> | undefined;
  #undecided: Map<Row, Undecided> | undefined;

  constructor({ id, targets: [first, second] }: CompiledAdvisory) {
    this.#advisoryId = id;
    const isSimple =
      second === undefined && (first?.stretches.length ?? 0) <= 1 && first?.listed.size === 0;
    this.#matched = isSimple ? undefined : new Set();
  }

  judge(target: Target, row: Row, known?: Reason): void {
    if (this.#matched?.has(row)) return;
    const { inventoryId, component } = row;
    const advisoryId = this.#advisoryId;
    const verdict = judge(target, row, known);
    if (verdict.kind === 'affected') {
      this.matches.push({ advisoryId, inventoryId, component, reason: verdict.reason });
      this.#matched?.add(row);
      this.#undecided?.delete(row);
    } else if (verdict.kind === 'undecided') {
      const { doubt, text } = verdict;
      this.#undecided ??= new Map();
      this.#undecided.set(row, { advisoryId, inventoryId, component, doubt, text });
    }
  }

  get undecided(): readonly Undecided[] {
    return [...(this.#undecided?.values() ?? [])];
  }
}

type Visit = (row: Row, known?: Reason) => void;

/** Visits the rows a target may touch: a superset of all that are affected or undecided. */
function visitCandidates(target: Target, bucket: Bucket, visit: Visit): void {
  const rows = inOrder(bucket);
  for (const row of bucket.unordered) visit(row);
  if (target.troubles.length > 0 || target.listedKeys.size > rows.length) {
    for (const row of rows) visit(row);
    return;
  }
  for (const { interval, reason } of target.stretches) {
    const { fromKey, toKey, toIncluded } = interval;
    const end = toKey === undefined ? rows.length : boundOf(rows, toKey, toIncluded);
    for (let at = boundOf(rows, fromKey, false); at < end; at += 1) {
      const row = rows[at];
      if (row !== undefined) visit(row, reason);
    }
  }
  for (const key of target.listedKeys.keys()) {
    const end = boundOf(rows, key, true);
    for (let at = boundOf(rows, key, false); at < end; at += 1) {
      const row = rows[at];
      if (row !== undefined) visit(row);
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

/** How many rows have a key below `key`, or, where `included`, not above it. */
function boundOf(rows: readonly Row[], key: string, included: boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const own = rows[middle]?.key ?? '';
    if (own < key || (included && own === key)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function dropInventory(buckets: Map<string, Bucket>, name: string, inventoryId: string): void {
  const bucket = buckets.get(name);
  if (bucket === undefined) return;
  const stays = (row: Row) => row.inventoryId !== inventoryId;
  bucket.ordered = bucket.ordered.filter(stays);
  bucket.unordered = bucket.unordered.filter(stays);
  if (bucket.ordered.length + bucket.unordered.length === 0) buckets.delete(name);
}
