/** Longest word kept; a longer one is kept in pieces. */
const wordMax = 40;
/** Words of a query that count; the contract bounds its length as well. */
export const queryWordsMax = 8;

/** How well a word answers a word that was asked for; 0: not at all. */
export const matches = {
  exact: 5,
  beginning: 4,
  inside: 3,
  mistyped: 2,
  mistypedBeginning: 1,
} as const;

/** Text without case, accents and compatibility forms (Unicode NFKD), so that `Blåbær` is `blabær`. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '');
}

/** The different words of a text, folded, in order; at most `max`. */
export function wordsOf(text: string, max: number): readonly string[] {
  const words = new Set<string>();
  for (const [run] of fold(text).matchAll(/[\p{L}\p{N}]+/gu)) {
    for (let start = 0; start < run.length; start += wordMax) {
      words.add(run.slice(start, start + wordMax));
      if (words.size >= max) return [...words];
    }
  }
  return [...words];
}

/** Which letters a word has, as a set of 32: a word that lacks too many needs no closer look. */
export function lettersOf(word: string): number {
  let set = 0;
  for (let i = 0; i < word.length; i++) set |= 1 << (word.charCodeAt(i) & 31);
  return set >>> 0;
}

/** A word that was asked for, made ready to be held against many. */
export interface Asked {
  readonly word: string;
  readonly letters: number;
  /** Typing errors forgiven: none in short words and numbers, where they mean something else. */
  readonly errors: number;
}

/** One error is forgiven in words of four letters or more, two from eight on; SEA-2. */
export function ask(word: string): Asked {
  const plain = /^\p{L}+$/u.test(word);
  const errors = !plain || word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
  return { word, letters: lettersOf(word), errors };
}

/** How well `word`, with its `letters`, answers; one of {@link matches} or 0. */
export function matchOf(asked: Asked, word: string, letters: number): number {
  if (lacks(asked, letters)) return 0;
  const at = word.indexOf(asked.word);
  if (at === 0) return word.length === asked.word.length ? matches.exact : matches.beginning;
  // Two letters stand inside nearly every word.
  if (at > 0 && asked.word.length >= 3) return matches.inside;
  return asked.errors === 0 ? 0 : mistyped(asked, word);
}

/** Whether a word with these `letters` lacks more of what was asked for than is forgiven. */
export function lacks(asked: Asked, letters: number): boolean {
  let missing = asked.letters & ~letters;
  // Each error may be one missing letter: take away the lowest bit for each.
  for (let error = asked.errors; error > 0 && missing !== 0; error--) missing &= missing - 1;
  return missing !== 0;
}

const width = 2 * wordMax + 4;
/** More than any distance that counts, with room to add one. */
const far = 200;
const table = new Uint8Array(3 * width);

/**
 * Optimal string alignment (insertions, deletions, substitutions, swaps of neighbors) of what was
 * asked against the word and against its beginnings, in one table of at most 40 by 42. One flat
 * table and no call within: it runs for thousands of words in one question.
 */
function mistyped({ word: asked, errors }: Asked, word: string): number {
  const columns = Math.min(word.length, asked.length + errors);
  if (columns < asked.length - errors) return 0;
  let before = 0;
  let above = width;
  let here = 2 * width;
  for (let j = 0; j <= columns; j++) table[here + j] = j;
  let from = 0;
  for (let i = 1; i <= asked.length; i++) {
    const free = before;
    before = above;
    above = here;
    here = free;
    // Further off the diagonal than `errors` no cell is within them.
    from = Math.max(1, i - errors);
    const to = Math.min(columns, i + errors);
    table[here + from - 1] = from === 1 ? i : far;
    table[here + to + 1] = far;
    const a = asked.charCodeAt(i - 1);
    let least = from === 1 ? i : far;
    for (let j = from; j <= to; j++) {
      const b = word.charCodeAt(j - 1);
      const cost = Math.min(
        (table[above + j] ?? 0) + 1,
        (table[here + j - 1] ?? 0) + 1,
        (table[above + j - 1] ?? 0) + (a === b ? 0 : 1),
        i > 1 && j > 1 && a === word.charCodeAt(j - 2) && asked.charCodeAt(i - 2) === b
          ? (table[before + j - 2] ?? 0) + 1
          : far,
      );
      table[here + j] = cost;
      if (cost < least) least = cost;
    }
    // A swap reaches two rows back, so one row alone may pass the limit by one.
    if (least > errors + 1) return 0;
  }
  if (columns === word.length && (table[here + columns] ?? 0) <= errors) return matches.mistyped;
  for (let j = from; j <= columns; j++) {
    if ((table[here + j] ?? 0) <= errors) return matches.mistypedBeginning;
  }
  return 0;
}
