/**
 * Every state that a machine can reach by so many acts, each once, breadth first: the first fault
 * found has the shortest way to it. Knows nothing of what the machine is about.
 */
export interface Machine<S, A> {
  /** Where it begins; each is reached already. */
  readonly beginnings: readonly S[];
  /** What anybody may try in a state, also what the machine refuses. */
  acts(state: S): readonly A[];
  /** The state that an act leads to; null: the machine refuses it. */
  step(state: S, act: A): S | null;
  /** Two states with the same key are one. */
  key(state: S): string;
  readonly invariants: readonly Invariant<S, A>[];
}

/** What holds in every state, or of every step. */
export interface Invariant<S, A> {
  readonly name: string;
  /** What is wrong with a state; null: nothing. */
  readonly inState?: (state: S) => string | null;
  /** What is wrong with a step between two states; null: nothing. */
  readonly ofStep?: (before: S, act: A, after: S) => string | null;
}

export interface Fault<A> {
  readonly invariant: string;
  readonly says: string;
  /** Index of the beginning, and the acts from there on. */
  readonly beginning: number;
  readonly acts: readonly A[];
}

export interface Explored<A> {
  readonly states: number;
  /** Acts that were tried and led somewhere. */
  readonly transitions: number;
  /** Acts that were tried and refused. */
  readonly refused: number;
  /** Acts from the beginnings to the last states that were reached. */
  readonly depth: number;
  /** Nothing is beyond: each act in each state leads to a state that was reached. */
  readonly isWhole: boolean;
  /** The first of each invariant. */
  readonly faults: readonly Fault<A>[];
}

interface Reached<S, A> {
  readonly state: S;
  readonly before: number;
  readonly act: A | null;
}

/** Explores a machine to a depth, or until the invariant of a name is broken. */
export function explore<S, A>(
  machine: Machine<S, A>,
  depthMax: number,
  until: string | null = null,
): Explored<A> {
  const reached: Reached<S, A>[] = [];
  const known = new Set<string>();
  const faults = new Map<string, Fault<A>>();
  let [transitions, refused] = [0, 0];
  const arrive = (state: S, before: number, act: A | null): void => {
    const key = machine.key(state);
    if (known.has(key)) return;
    known.add(key);
    reached.push({ state, before, act });
    for (const { name, inState } of machine.invariants) {
      const says = faults.has(name) ? null : (inState?.(state) ?? null);
      if (says !== null) {
        faults.set(name, { invariant: name, says, ...wayTo(reached, reached.length - 1) });
      }
    }
  };
  for (const [index, state] of machine.beginnings.entries()) arrive(state, -1 - index, null);
  let [from, depth] = [0, 0];
  for (; depth < depthMax && from < reached.length; depth += 1) {
    const end = reached.length;
    for (let index = from; index < end && !faults.has(until ?? ''); index += 1) {
      const before = reached[index]?.state;
      if (before === undefined) throw new Error('expected a state that was reached');
      for (const act of machine.acts(before)) {
        const after = machine.step(before, act);
        if (after === null) {
          refused += 1;
          continue;
        }
        transitions += 1;
        for (const { name, ofStep } of machine.invariants) {
          const says = faults.has(name) ? null : (ofStep?.(before, act, after) ?? null);
          if (says === null) continue;
          const way = wayTo(reached, index);
          faults.set(name, { invariant: name, says, ...way, acts: [...way.acts, act] });
        }
        arrive(after, index, act);
      }
    }
    from = end;
  }
  const isWhole = from === reached.length;
  return {
    states: reached.length,
    transitions,
    refused,
    depth,
    isWhole,
    faults: [...faults.values()],
  };
}

function wayTo<S, A>(
  reached: readonly Reached<S, A>[],
  index: number,
): Pick<Fault<A>, 'beginning' | 'acts'> {
  const acts: A[] = [];
  let at = index;
  for (;;) {
    const each = reached[at];
    if (each === undefined) throw new Error('expected a state that was reached');
    if (each.act !== null) acts.unshift(each.act);
    if (each.before < 0) return { beginning: -1 - each.before, acts };
    at = each.before;
  }
}
