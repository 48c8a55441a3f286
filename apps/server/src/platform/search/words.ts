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
  if (bits(asked.letters & ~letters) > asked.errors) return 0;
  const at = word.indexOf(asked.word);
  if (at === 0) return word.length === asked.word.length ? matches.exact : matches.beginning;
  // Two letters stand inside nearly every word.
  if (at > 0 && asked.word.length >= 3) return matches.inside;
  return asked.errors === 0 ? 0 : mistyped(asked, word);
}

function bits(set: number): number {
  let n = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) n++;
  return n;
}

const rows = [0, 1, 2].map(() => new Uint8Array(2 * wordMax + 4));

/**
 * Optimal string alignment (insertions, deletions, substitutions, swaps of neighbors) of what was
 * asked against the word and against its beginnings, in one table of at most 40 by 42.
 */
function mistyped({ word: asked, errors }: Asked, word: string): number {
  const width = Math.min(word.length, asked.length + errors);
  let [before, above, here] = rows as [Uint8Array, Uint8Array, Uint8Array]; // three were made
  for (let j = 0; j <= width; j++) here[j] = j;
  for (let i = 1; i <= asked.length; i++) {
    [before, above, here] = [above, here, before];
    here[0] = i;
    let least = i;
    for (let j = 1; j <= width; j++) {
      const cost = distance({ asked, word, i, j }, { before, above, here });
      here[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > errors) return 0;
  }
  if (width === word.length && (here[width] ?? 0) <= errors) return matches.mistyped;
  for (let j = 0; j <= width; j++) {
    if ((here[j] ?? 0) <= errors) return matches.mistypedBeginning;
  }
  return 0;
}

function distance(
  at: { readonly asked: string; readonly word: string; readonly i: number; readonly j: number },
  table: { readonly before: Uint8Array; readonly above: Uint8Array; readonly here: Uint8Array },
): number {
  const { asked, word, i, j } = at;
  const a = asked.charCodeAt(i - 1);
  const b = word.charCodeAt(j - 1);
  const cell = (row: Uint8Array, column: number) => row[column] ?? 255;
  let cost = Math.min(
    cell(table.above, j) + 1,
    cell(table.here, j - 1) + 1,
    cell(table.above, j - 1) + (a === b ? 0 : 1),
  );
  const swapped = i > 1 && j > 1 && a === word.charCodeAt(j - 2) && asked.charCodeAt(i - 2) === b;
  if (swapped) cost = Math.min(cost, cell(table.before, j - 2) + 1);
  return cost;
}
