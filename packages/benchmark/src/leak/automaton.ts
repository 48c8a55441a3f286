/** Finds which of many texts stand in one, in one pass over it (Aho and Corasick, 1975). */
export interface Automaton {
  /** Adds the numbers of the texts found; linear in the text, whatever is looked for. */
  readonly find: (text: string, found: Set<number>) => void;
}

interface State {
  readonly next: Map<number, State>;
  /** Numbers of the texts that end here, those that end within them too. */
  readonly ends: number[];
  fallback: State | null;
}

/** An automaton for `texts`, none of which is empty. */
export function createAutomaton(texts: readonly string[]): Automaton {
  const root = createState();
  for (const [number, text] of texts.entries()) {
    let state = root;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const next = state.next.get(code) ?? createState();
      state.next.set(code, next);
      state = next;
    }
    state.ends.push(number);
  }
  linkFallbacks(root);
  return { find: (text, found) => find(root, text, found) };
}

function createState(): State {
  return { next: new Map(), ends: [], fallback: null };
}

/** Level by level, so that every fallback is complete before it is built upon. */
function linkFallbacks(root: State): void {
  const queue = [root];
  for (const state of queue) {
    for (const [code, next] of state.next) {
      next.fallback = state === root ? root : step(root, state.fallback ?? root, code);
      next.ends.push(...next.fallback.ends);
      queue.push(next);
    }
  }
}

function step(root: State, from: State, code: number): State {
  let state: State | null = from;
  while (state !== null) {
    const next = state.next.get(code);
    if (next !== undefined) return next;
    state = state.fallback;
  }
  return root;
}

function find(root: State, text: string, found: Set<number>): void {
  let state = root;
  for (let at = 0; at < text.length; at += 1) {
    state = step(root, state, text.charCodeAt(at));
    for (const number of state.ends) found.add(number);
  }
}
