import type { FoundIn, FoundKind } from '@breakwater/contract';
import { inOrder } from './in-order.ts';
import { createSpaces, type Space } from './space.ts';
import { type Asked, ask, lacks, lettersOf, matchOf, queryWordsMax, wordsOf } from './words.ts';

/** Where words stand, with what each place is worth: a title says more of a thing than its text. */
const places: readonly FoundIn[] = ['text', 'version', 'package', 'title', 'identifier', 'id'];
const placeBits = 3;
const placeMask = 7;
/** Different words kept of one place of one document. */
const wordsPerPlaceMax = 400;
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
  readonly space: Space;
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
  const spaces = createSpaces();

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

  /**
   * Does `work` with a question; null: the text has no word. While it waits in between, the numbers
   * it holds stay what they are, or become nothing.
   */
  async function whileAsking<T>(
    text: string,
    work: (asked: Question) => Promise<T>,
  ): Promise<T | null> {
    const asked = wordsOf(text, queryWordsMax).map(ask);
    if (asked.length === 0) return null;
    const space = spaces.take({
      questions: asked.length,
      words: words.length,
      documents: kept.length,
    });
    asking++;
    try {
      return await work({ id: text.trim(), asked, space });
    } finally {
      spaces.giveBack(space);
      asking--;
      if (asking === 0) {
        for (const each of freed) each();
        freed = [];
      }
    }
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
      const answers = asked.space.answers[index] ?? nothing;
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
   * time, since of a hundred thousand a reader wants twenty. To be walked once with a question.
   */
  function* best(asked: Question): Generator<number> {
    const { total } = asked.space;
    const answered = collect(asked);
    const exact = (byKey.get(asked.id) ?? []).filter((n) => kept[n]?.id === asked.id);
    yield* exact;
    const held = new Set<number>();
    for (const number of answered) held.add(total[number] ?? 0);
    for (const score of [...held].toSorted((a, b) => b - a)) {
      const has = (n: number) => total[n] === score && !exact.includes(n);
      yield* inOrder(answered, has, newer);
    }
  }

  function newer(a: number, b: number): number {
    return (dates[b] ?? 0) - (dates[a] ?? 0) || compareNewest(kept[a], kept[b]);
  }

  /** Adds up, word by word, along where the answering words stand; the documents with all of them. */
  function collect({ asked, space }: Question): Uint32Array {
    const { total, step, current, answered } = space;
    const size = (list: readonly number[]) =>
      list.reduce((sum, word) => sum + (standing[word]?.length ?? 0), 0);
    // The rarest first: what it does not hold is not looked at again.
    const order = asked
      .map((word, index) => {
        const answers = space.answers[index] ?? nothing;
        const list = answering(word, answers);
        return { word, list, answers, size: size(list) };
      })
      .toSorted((a, b) => a.size - b.size);
    let count = 0;
    for (const [index, { word, list, answers, size: entries }] of order.entries()) {
      // Where few are left, their own words are fewer than the places where this one stands.
      if (index > 0 && count * wordsOfOne < entries) {
        let left = 0;
        for (const number of answered.subarray(0, count)) {
          const best = bestOf(number, word, answers);
          if (best === 0) continue;
          total[number] = (total[number] ?? 0) + best;
          step[number] = index + 1;
          answered[left++] = number;
        }
        count = left;
        continue;
      }
      count = 0;
      for (const word of list) {
        const match = (answers[word] ?? 1) - 1;
        for (const entry of standing[word] ?? []) {
          const number = entry >> placeBits;
          if (step[number] !== index) continue;
          const value = worth(match, entry & placeMask);
          const before = current[number] ?? 0;
          if (before === 0) answered[count++] = number;
          if (value > before) current[number] = value;
        }
      }
      for (const number of answered.subarray(0, count)) {
        step[number] = index + 1;
        total[number] = (total[number] ?? 0) + (current[number] ?? 0);
        current[number] = 0;
      }
    }
    return answered.subarray(0, count);
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

  return {
    whileAsking,
    add,
    remove,
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
