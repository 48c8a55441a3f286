import { weaknesses as known, parentsOf } from '@breakwater/formats/cwe';
import { ok, type Result } from '@breakwater/kernel';
import { refusal } from './refusal.ts';

/**
 * Classes of weaknesses. Each stands for all below it in CWE's view 1000 too. Canonical: `only` are
 * the uppermost that are in, `except` the uppermost below them that are not.
 */
export interface Weaknesses {
  /** Empty: everything, also what CWE has no number for. */
  readonly only: readonly string[];
  readonly except: readonly string[];
}

export const allWeaknesses: Weaknesses = { only: [], except: [] };

/** Classes looked at in one set. */
const classesMax = 1_000;

/** One bit for each weakness by its number, in order of {@link known}. */
type Bits = Uint32Array;

interface Members {
  /** True: what has no number is in too. */
  readonly isOpen: boolean;
  readonly bits: Bits;
}

const words = Math.ceil(known.length / 32);
const indexes: ReadonlyMap<string, number> = new Map(known.map((id, i) => [id, i]));
/** The indexes of the parents of each. */
const above: readonly (readonly number[])[] = known.map((id) =>
  (parentsOf(id) ?? []).map((parent) => indexes.get(parent) ?? -1),
);
const below: readonly Bits[] = downward();
const cached = new WeakMap<Weaknesses, Members>();

/** Parses a set of classes; refuses what is no weakness of CWE 4.17, and a set of nothing. */
export function parseWeaknesses(
  only: readonly string[],
  except: readonly string[] = [],
): Result<Weaknesses, 'weakness-unknown' | 'scope-empty'> {
  const unknown = [...only, ...except].find((id) => !indexes.has(id));
  if (unknown !== undefined || only.length + except.length > classesMax) {
    return refusal('weakness-unknown', unknown ?? `${only.length + except.length} classes`, {
      expected: 'weaknesses of CWE 4.17 such as CWE-787, at most 1,000',
      todo: 'name a weakness; categories and views hold weaknesses and are none',
    });
  }
  const found = named(only, except);
  if (found !== null) return ok(found);
  return refusal('scope-empty', except.join(' '), {
    expected: 'at least one weakness that is not excepted',
    todo: 'except fewer classes, or leave out those that are excepted whole',
  });
}

/** The same few classes are named in most scopes: finding their canonical names takes 30 µs. */
const parsed = new Map<string, Weaknesses | null>();
const parsedMax = 2_000;

function named(only: readonly string[], except: readonly string[]): Weaknesses | null {
  const key = `${only.join()} ${except.join()}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const found = canonical({
    isOpen: only.length === 0,
    bits: minus(only.length === 0 ? full() : closed(only), closed(except)),
  });
  const [oldest] = parsed.keys();
  if (parsed.size >= parsedMax && oldest !== undefined) parsed.delete(oldest);
  parsed.set(key, found);
  return found;
}

/** True where a weakness (null: one that CWE has no number for) is in a set. */
export function includesWeakness(set: Weaknesses, id: string | null): boolean {
  const { isOpen, bits } = membersOf(set);
  const index = id === null ? undefined : indexes.get(id);
  return index === undefined ? isOpen : hasBit(bits, index);
}

/** True where two sets have a weakness in common; takes a microsecond at most. */
export function haveCommonWeakness(a: Weaknesses, b: Weaknesses): boolean {
  const [left, right] = [membersOf(a), membersOf(b)];
  if (left.isOpen && right.isOpen) return true;
  return left.bits.some((word, i) => (word & (right.bits[i] ?? 0)) !== 0);
}

/** True where every weakness of `inner` is in `outer`. */
export function includesWeaknesses(outer: Weaknesses, inner: Weaknesses): boolean {
  const [all, some] = [membersOf(outer), membersOf(inner)];
  if (some.isOpen && !all.isOpen) return false;
  return some.bits.every((word, i) => (word & ~(all.bits[i] ?? 0)) === 0);
}

/** The weaknesses in both sets; null: none. */
export function commonWeaknesses(a: Weaknesses, b: Weaknesses): Weaknesses | null {
  if (isAll(a) || a === b) return b;
  if (isAll(b)) return a;
  const [left, right] = [membersOf(a), membersOf(b)];
  const bits = left.bits.map((word, i) => word & (right.bits[i] ?? 0));
  return canonical({ isOpen: left.isOpen && right.isOpen, bits });
}

/**
 * The widest set within `a` that has nothing of `b` and can be named by classes: where a part of a
 * class is in `b`, the rest of the class stays.
 */
export function withoutWeaknesses(a: Weaknesses, b: Weaknesses): Weaknesses | null {
  if (b.only.length === 0) {
    return b.except.length === 0 ? null : commonWeaknesses(a, { only: b.except, except: [] });
  }
  // What lies below one of `b`, excepted there or not: only whole branches can be left out.
  return canonical({
    isOpen: membersOf(a).isOpen,
    bits: minus(membersOf(a).bits, closed(b.only)),
  });
}

function isAll(set: Weaknesses): boolean {
  return set.only.length === 0 && set.except.length === 0;
}

function membersOf(set: Weaknesses): Members {
  const ready = cached.get(set);
  if (ready !== undefined) return ready;
  const isOpen = set.only.length === 0;
  const members = { isOpen, bits: minus(isOpen ? full() : closed(set.only), closed(set.except)) };
  cached.set(set, members);
  return members;
}

/**
 * The canonical names of members that are a downward closed set without another one; null: nobody.
 */
function canonical(members: Members): Weaknesses | null {
  const { isOpen, bits } = members;
  const only = isOpen ? [] : uppermost(bits);
  if (!isOpen && only.length === 0) return null;
  const missing = minus(isOpen ? full() : closed(only), bits);
  const set = { only, except: uppermost(missing) };
  cached.set(set, members);
  return set;
}

/**
 * Those of a set that have no other one of it above them. Its own parents tell: a set of the form
 * closed without closed has all that lies between two of its members.
 */
function uppermost(bits: Bits): readonly string[] {
  return known.filter(
    (_, i) => hasBit(bits, i) && !(above[i] ?? []).some((parent) => hasBit(bits, parent)),
  );
}

function closed(ids: readonly string[]): Bits {
  const bits = new Uint32Array(words);
  for (const id of ids) {
    const under = below[indexes.get(id) ?? -1];
    if (under !== undefined)
      for (const [i, word] of under.entries()) bits[i] = (bits[i] ?? 0) | word;
  }
  return bits;
}

function minus(a: Bits, b: Bits): Bits {
  return a.map((word, i) => word & ~(b[i] ?? 0));
}

function full(): Bits {
  const bits = new Uint32Array(words);
  for (const i of known.keys()) setBit(bits, i);
  return bits;
}

/** For each weakness, itself and all below it. */
function downward(): Bits[] {
  const sets = known.map(() => new Uint32Array(words));
  const mark = (ancestor: string, index: number): void => {
    const set = sets[indexes.get(ancestor) ?? -1];
    if (set === undefined || hasBit(set, index)) return;
    setBit(set, index);
    for (const parent of parentsOf(ancestor) ?? []) mark(parent, index);
  };
  for (const [index, id] of known.entries()) mark(id, index);
  return sets;
}

function hasBit(bits: Bits, index: number): boolean {
  return (((bits[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
}

function setBit(bits: Bits, index: number): void {
  bits[index >>> 5] = (bits[index >>> 5] ?? 0) | (1 << (index & 31));
}
