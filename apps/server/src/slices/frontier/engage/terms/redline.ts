import type { Redline } from '@breakwater/contract';

type Part = Redline['parts'][number];

/** Edits that are looked for at most; beyond, what differs is shown as one piece for another. */
const editsMax = 2_000;

/**
 * What changed from one text to another, by words and the spaces between them (Myers, An O(ND)
 * Difference Algorithm, 1986). Both texts can be read out of the parts, character by character.
 */
export function redline(from: string, to: string): Part[] {
  const [a, b] = [wordsOf(from), wordsOf(to)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  const rest = Math.min(a.length, b.length) - head;
  while (tail < rest && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const [x, y] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  const same = (words: readonly string[]): Part => ({ change: 'same', text: words.join('') });
  return joined([same(a.slice(0, head)), ...between(x, y), same(a.slice(a.length - tail))]);
}

function wordsOf(text: string): string[] {
  return text.match(/\s+|\S+/g) ?? [];
}

function between(a: readonly string[], b: readonly string[]): Part[] {
  const furthest = furthestOf(a, b);
  if (furthest === null) {
    return [
      { change: 'removed', text: a.join('') },
      { change: 'added', text: b.join('') },
    ];
  }
  return wayBack(furthest, a, b);
}

/**
 * How far each diagonal is reached with 0, 1, 2, … edits, until both ends are; null where that
 * takes too many.
 */
function furthestOf(a: readonly string[], b: readonly string[]): readonly Int32Array[] | null {
  const most = Math.min(a.length + b.length, editsMax);
  const rounds: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    const before = rounds.at(-1);
    // Diagonal k stands at k + edits.
    const reached = new Int32Array(2 * edits + 1);
    rounds.push(reached);
    for (let k = -edits; k <= edits; k += 2) {
      let x = startOf(before, k, edits);
      while (x < a.length && x - k < b.length && x - k >= 0 && a[x] === b[x - k]) x++;
      reached[k + edits] = x;
      if (x >= a.length && x - k >= b.length) return rounds;
    }
  }
  return null;
}

/** Where diagonal `k` is entered with its last edit: from the one above, or from the one beside. */
function startOf(before: Int32Array | undefined, k: number, edits: number): number {
  if (before === undefined) return 0;
  return isAdded(before, k, edits) ? at(before, k + 1, edits) : at(before, k - 1, edits) + 1;
}

/** Whether the last edit adds a word: from diagonal k + 1, which reaches further than k - 1. */
function isAdded(before: Int32Array, k: number, edits: number): boolean {
  return k === -edits || (k !== edits && at(before, k - 1, edits) < at(before, k + 1, edits));
}

/** What the round before reached on a diagonal. */
function at(before: Int32Array, k: number, edits: number): number {
  return before[k + edits - 1] ?? 0;
}

/** The edits from the end back to the beginning, turned around. */
function wayBack(
  rounds: readonly Int32Array[],
  a: readonly string[],
  b: readonly string[],
): Part[] {
  const parts: Part[] = [];
  let [x, y] = [a.length, b.length];
  for (let edits = rounds.length - 1; edits > 0; edits--) {
    const before = rounds[edits - 1];
    const k = x - y;
    const start = startOf(before, k, edits);
    if (start < x) parts.push({ change: 'same', text: a.slice(start, x).join('') });
    const added = before !== undefined && isAdded(before, k, edits);
    [x, y] = added ? [start, start - k - 1] : [start - 1, start - k];
    const word = added ? b[y] : a[x];
    parts.push({ change: added ? 'added' : 'removed', text: word ?? '' });
  }
  if (x > 0) parts.push({ change: 'same', text: a.slice(0, x).join('') });
  return parts.toReversed();
}

/** Neighbors of one kind are one part; what was taken away stands before what came. */
function joined(parts: readonly Part[]): Part[] {
  const out: Part[] = [];
  let [removed, added] = ['', ''];
  const flush = () => {
    if (removed !== '') out.push({ change: 'removed', text: removed });
    if (added !== '') out.push({ change: 'added', text: added });
    [removed, added] = ['', ''];
  };
  for (const { change, text } of parts) {
    if (change === 'removed') removed += text;
    else if (change === 'added') added += text;
    else if (text !== '') {
      flush();
      const last = out.at(-1);
      if (last?.change === 'same') out[out.length - 1] = { change, text: last.text + text };
      else out.push({ change, text });
    }
  }
  flush();
  return out;
}
