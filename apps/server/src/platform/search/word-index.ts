import type { FoundIn, FoundKind } from '@breakwater/contract';
import {
  type Asked,
  ask,
  lacks,
  lettersOf,
  matches,
  matchOf,
  queryWordsMax,
  wordsOf,
} from './words.ts';

/** Where words stand, with what each place is worth: a title says more of a thing than its text. */
const places: readonly FoundIn[] = ['text', 'version', 'package', 'title', 'identifier', 'id'];
const placeBits = 3;
const placeMask = 7;
/** Different words kept of one place of one document. */
const wordsPerPlaceMax = 400;
/** What a document can be worth by its words. */
const scoreMax = queryWordsMax * worth(matches.exact, places.length - 1);
/** What a document found by its whole id is worth: more than any words. */
const idScore = 1_000;

/** Something that can be found. */
export interface IndexedDocument {
  readonly kind: FoundKind;
  readonly id: string;
  /** Whose visibility rules it; null: whoever may ask for its kind sees it. */
  readonly subject: string | null;
  readonly at: number;
  /** Its texts, and the level from which on each is shown. */
  readonly texts: readonly IndexedText[];
}

export interface IndexedText {
  readonly place: FoundIn;
  readonly level: number;
  readonly text: string;
}

interface Kept extends Omit<IndexedDocument, 'texts'> {
  /** Word and place of each word, packed. */
  readonly words: number[];
  /** Level needed, by place. */
  readonly levels: Uint8Array;
}

/** A document that matches, as seen from a level. */
export interface Match {
  readonly kind: FoundKind;
  readonly id: string;
  readonly subject: string | null;
  readonly at: number;
  readonly score: number;
  readonly in: readonly FoundIn[];
}

/** A question, held against each different word once, when first needed. */
export interface Question {
  readonly id: string;
  readonly asked: readonly Asked[];
  /** For each word asked for, by word number: how well it answers, plus one; 0: not looked at yet. */
  readonly answers: readonly Uint8Array[];
}

/**
 * Words and where they stand, in memory. A score comes from the question and the one document
 * alone: no word counts for less because others, whom the reader may not see, use it too.
 * `wordsOfOne` is about how many different words one document has; it tells the quicker of two ways.
 */
export function createWordIndex({ wordsOfOne = 16 }: { readonly wordsOfOne?: number } = {}) {
  const numbers = new Map<string, number>();
  const words: (string | null)[] = [];
  /** Letters of each word, beside it: every question goes through all of them. */
  let letters = new Int32Array(1_024);
  const standing: Standing[] = [];
  const freeWords: number[] = [];
  const kept: (Kept | null)[] = [];
  /** When each document came, beside it: what is sorted by the thousand is read from here. */
  const dates: number[] = [];
  const freeDocuments: number[] = [];
  /** By id, and by subject where that is another. */
  const byKey = new Map<string, number[]>();
  /** Searches under way: while there are, no number that was freed means something else. */
  let asking = 0;
  let freed: (() => void)[] = [];

  function free(list: number[], number: number): void {
    if (asking === 0) list.push(number);
    else freed.push(() => list.push(number));
  }

  function numberOf(word: string): number {
    const known = numbers.get(word);
    if (known !== undefined) return known;
    const number = freeWords.pop() ?? words.length;
    words[number] = word;
    if (number >= letters.length) {
      const longer = new Int32Array(2 * letters.length);
      longer.set(letters);
      letters = longer;
    }
    letters[number] = lettersOf(word);
    standing[number] = [];
    numbers.set(word, number);
    return number;
  }

  /** Keeps a document, in place of the one of the same kind and id. */
  function add(document: IndexedDocument): void {
    const { texts, ...head } = document;
    for (const number of byKey.get(head.id)?.slice() ?? []) {
      if (kept[number]?.id === head.id && kept[number].kind === head.kind) forget(number);
    }
    const levels = new Uint8Array(places.length);
    const packed = new Set<number>();
    for (const { place, level, text } of texts) {
      const p = places.indexOf(place);
      levels[p] = Math.max(levels[p] ?? 0, level);
      for (const word of wordsOf(text, wordsPerPlaceMax)) {
        packed.add((numberOf(word) << placeBits) | p);
      }
    }
    const number = freeDocuments.pop() ?? kept.length;
    dates[number] = head.at;
    kept[number] = { ...head, levels, words: [...packed] };
    for (const each of packed) {
      standing[each >> placeBits]?.push((number << placeBits) | (each & placeMask));
    }
    for (const key of keysOf(head)) {
      const list = byKey.get(key);
      if (list === undefined) byKey.set(key, [number]);
      else list.push(number);
    }
  }

  /** Forgets every document with this id or subject, and every word that stood in no other. */
  function remove(key: string): void {
    for (const number of byKey.get(key)?.slice() ?? []) forget(number);
  }

  function forget(number: number): void {
    const document = kept[number];
    if (document == null) return;
    for (const each of document.words) {
      const word = each >> placeBits;
      take(standing[word], (number << placeBits) | (each & placeMask));
      if (standing[word]?.length === 0) drop(word);
    }
    document.words.length = 0;
    kept[number] = null;
    free(freeDocuments, number);
    for (const key of keysOf(document)) {
      const rest = byKey.get(key)?.filter((other) => other !== number) ?? [];
      if (rest.length === 0) byKey.delete(key);
      else byKey.set(key, rest);
    }
  }

  function drop(word: number): void {
    const text = words[word];
    if (text == null) return;
    numbers.delete(text);
    words[word] = null;
    letters[word] = 0;
    standing[word] = [];
    free(freeWords, word);
  }

  function question(text: string): Question | null {
    const asked = wordsOf(text, queryWordsMax).map(ask);
    if (asked.length === 0) return null;
    return { id: text.trim(), asked, answers: asked.map(() => new Uint8Array(words.length)) };
  }

  /** How well a word answers; one that came after the question answers nothing. */
  function answer(asked: Asked, answers: Uint8Array, number: number): number {
    const known = answers[number];
    if (known === undefined || known > 0) return (known ?? 1) - 1;
    const word = words[number];
    const match = word == null ? 0 : matchOf(asked, word, letters[number] ?? 0);
    answers[number] = match + 1;
    return match;
  }

  function answering(asked: Asked, answers: Uint8Array): readonly number[] {
    const found: number[] = [];
    const has = letters;
    for (let number = 0; number < answers.length; number++) {
      // Most words are told apart by their letters alone.
      if (lacks(asked, has[number] ?? 0)) answers[number] = 1;
      else if (answer(asked, answers, number) > 0) found.push(number);
    }
    return found;
  }

  /** The document as an answer, to whoever sees it at `level`; null: it is none. */
  function score(number: number, asked: Question, level: number): Match | null {
    const document = kept[number];
    if (document == null || level < 1) return null;
    const { words: own, levels, ...head } = document;
    const head_ = { kind: head.kind, id: head.id, subject: head.subject, at: head.at };
    if (document.id === asked.id) return { ...head_, score: idScore, in: ['id'] };
    let total = 0;
    let found = 0;
    for (const [index, word] of asked.asked.entries()) {
      const answers = asked.answers[index] ?? nothing;
      let best = 0;
      for (const each of own) {
        const place = each & placeMask;
        if ((levels[place] ?? 0) > level) continue;
        const match = answer(word, answers, each >> placeBits);
        if (match === 0) continue;
        found |= 1 << place;
        best = Math.max(best, worth(match, place));
      }
      if (best === 0) return null;
      total += best;
    }
    const where = places.filter((_, place) => (found & (1 << place)) !== 0).toReversed();
    return { ...head_, score: total, in: where };
  }

  /**
   * Every document that answers, seen from the highest level, best first; worked out a few at a
   * time, since of a hundred thousand a reader wants twenty.
   */
  function* best(asked: Question): Generator<number> {
    const { total, answered } = collect(asked);
    const exact = (byKey.get(asked.id) ?? []).filter((n) => kept[n]?.id === asked.id);
    yield* exact;
    // Only the buckets that are walked are filled: most readers want no more than the first.
    const held = new Uint32Array(scoreMax + 1);
    for (const number of answered) held[total[number] ?? 0] = 1;
    for (let score = scoreMax; score > 0; score--) {
      if (held[score] === 0) continue;
      yield* newestFirst(answered.filter((n) => total[n] === score && !exact.includes(n)));
    }
  }

  /** Adds up, word by word, along where the answering words stand. */
  function collect(asked: Question) {
    const total = new Uint16Array(kept.length);
    const step = new Uint8Array(kept.length);
    const current = new Uint8Array(kept.length);
    const size = (list: readonly number[]) =>
      list.reduce((sum, word) => sum + (standing[word]?.length ?? 0), 0);
    // The rarest first: what it does not hold is not looked at again.
    const order = asked.asked
      .map((word, index) => {
        const answers = asked.answers[index] ?? nothing;
        const list = answering(word, answers);
        return { word, list, answers, size: size(list) };
      })
      .toSorted((a, b) => a.size - b.size);
    let answered: number[] = [];
    order.forEach(({ word, list, answers, size: entries }, index) => {
      // Where few are left, their own words are fewer than the places where this one stands.
      if (index > 0 && answered.length * wordsOfOne < entries) {
        answered = answered.filter((number) => {
          const best = bestOf(number, word, answers);
          total[number] = (total[number] ?? 0) + best;
          if (best > 0) step[number] = index + 1;
          return best > 0;
        });
        return;
      }
      answered = [];
      for (const word of list) {
        const match = (answers[word] ?? 1) - 1;
        for (const entry of standing[word] ?? []) {
          const number = entry >> placeBits;
          if (step[number] !== index) continue;
          const value = worth(match, entry & placeMask);
          const before = current[number] ?? 0;
          if (before === 0) answered.push(number);
          if (value > before) current[number] = value;
        }
      }
      for (const number of answered) {
        step[number] = index + 1;
        total[number] = (total[number] ?? 0) + (current[number] ?? 0);
        current[number] = 0;
      }
    });
    return { total, answered };
  }

  /** What the best answer to one word is worth in one document, seen from the highest level. */
  function bestOf(number: number, word: Asked, answers: Uint8Array): number {
    let best = 0;
    for (const each of kept[number]?.words ?? []) {
      const match = answer(word, answers, each >> placeBits);
      if (match > 0) best = Math.max(best, worth(match, each & placeMask));
    }
    return best;
  }

  function* newestFirst(bucket: number[]): Generator<number> {
    const newer = (a: number, b: number) =>
      (dates[b] ?? 0) - (dates[a] ?? 0) || compareNewest(kept[a], kept[b]);
    const firstMax = 256;
    if (bucket.length > 4 * firstMax) {
      const first = topOf(bucket, firstMax, newer);
      yield* first;
      const taken = new Set(first);
      yield* bucket.filter((number) => !taken.has(number)).toSorted(newer);
    } else {
      yield* bucket.toSorted(newer);
    }
  }

  /** Does `work`, which may wait in between: numbers it holds stay what they are, or become nothing. */
  async function whileAsking<T>(work: () => Promise<T>): Promise<T> {
    asking++;
    try {
      return await work();
    } finally {
      asking--;
      if (asking === 0) {
        for (const each of freed) each();
        freed = [];
      }
    }
  }

  return {
    whileAsking,
    add,
    remove,
    question,
    score,
    best,
    /** Documents whose visibility `subject` rules. */
    about: (subject: string): readonly number[] =>
      (byKey.get(subject) ?? []).filter((number) => kept[number]?.subject === subject),
    /** Numbers of the documents of these kinds. */
    *ofKinds(kinds: readonly FoundKind[]): Generator<number> {
      for (let number = 0; number < kept.length; number++) {
        const kind = kept[number]?.kind;
        if (kind !== undefined && kinds.includes(kind)) yield number;
      }
    },
    /** Whether any part of a word is held, anywhere. */
    holds: (part: string): boolean => words.some((word) => word?.includes(part) === true),
    size: () => ({ documents: kept.filter((each) => each !== null).length, words: numbers.size }),
  };
}

const nothing = new Uint8Array(0);

export type WordIndex = ReturnType<typeof createWordIndex>;

function worth(match: number, place: number): number {
  return match * 6 + place + 1;
}

function keysOf({ id, subject }: Pick<Kept, 'id' | 'subject'>): readonly string[] {
  return subject === null || subject === id ? [id] : [id, subject];
}

/** Best first; of equals the newest, and then by id, so that the same question has one answer. */
export function compareMatches(a: Match, b: Match): number {
  return b.score - a.score || compareNewest(a, b);
}

type Dated = { readonly at: number; readonly id: string } | null | undefined;

function compareNewest(a: Dated, b: Dated): number {
  if (a == null || b == null) return 0;
  return b.at - a.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The first `count` in order, without sorting the rest. */
function topOf(
  list: readonly number[],
  count: number,
  compare: (a: number, b: number) => number,
): number[] {
  let top: number[] = [];
  let worst: number | undefined;
  // From the end, where what came last usually stands: the sooner the best are known, the less is sorted.
  for (let at = list.length - 1; at >= 0; at--) {
    const each = list[at];
    if (each === undefined) continue;
    if (worst !== undefined && compare(each, worst) >= 0) continue;
    top.push(each);
    if (top.length >= 2 * count) {
      top = top.toSorted(compare).slice(0, count);
      worst = top.at(-1);
    }
  }
  return top.toSorted(compare).slice(0, count);
}

/**
 * Where one word stands: documents and places, packed, in no order. Plain arrays: most words stand in
 * one document alone, and a typed array of one costs five times as much.
 */
type Standing = number[];

function take(standing: Standing | undefined, entry: number): void {
  const at = standing?.indexOf(entry) ?? -1;
  if (standing === undefined || at < 0) return;
  const last = standing.pop();
  if (last !== undefined && at < standing.length) standing[at] = last;
}
