import type { FoundKind } from '@breakwater/contract';
import { levels } from '../commands/audience.ts';
import { compareMatches, type Match, type Question, type WordIndex } from './word-index.ts';

/** What is asked for. */
export interface SearchWish {
  readonly text: string;
  readonly limit: number;
  /** The kinds that the reader may ask for. */
  readonly kinds: readonly FoundKind[];
}

/** What the reader may see, asked of the relation. */
export interface Seen {
  /** The reader is of the audience that every case and finding has. */
  readonly all: boolean;
  /** All its own subjects with their level, without those that are everyone's; null: more than `max`. */
  atMost(max: number): Promise<ReadonlyMap<string, number> | null>;
  /** Its level on each of `subjects` that it sees. */
  levelsOn(subjects: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** Which way is taken; every way gives the same answer. */
export interface Bounds {
  /** Whoever sees no more than this is answered from its own things alone. */
  readonly fewMax: number;
  readonly checkedAtOnce: number;
  /** So many candidates are asked about before the reader's own things are looked through. */
  readonly checkedMax: number;
}

const usual: Bounds = { fewMax: 5_000, checkedAtOnce: 200, checkedMax: 4_000 };
/** Kinds that may be everyone's. */
const openKinds: readonly FoundKind[] = ['advisory', 'recipe'];

export interface Asking {
  readonly index: WordIndex;
  readonly asked: Question;
  readonly seen: Seen;
  readonly wish: SearchWish;
  readonly bounds?: Bounds;
}

/**
 * The best matches that the reader may see. What it may not see takes no part: not in the score,
 * not in the order, and no place before the cut.
 */
export async function findMatches(asking: Asking): Promise<readonly Match[]> {
  const { seen, wish, bounds = usual } = asking;
  const few = seen.all ? null : await seen.atMost(bounds.fewMax);
  const matches =
    few !== null
      ? await amongOwn(asking, few)
      : ((await amongAll(asking)) ?? (await amongOwn(asking, await seen.atMost(everything))));
  return matches.toSorted(compareMatches).slice(0, wish.limit);
}

const everything = 2 ** 31 - 2;

/** Looks through what the reader sees, and what may be everyone's. */
async function amongOwn(
  asking: Asking,
  own: ReadonlyMap<string, number> | null,
): Promise<readonly Match[]> {
  const { index, asked, wish } = asking;
  const matches: Match[] = [];
  for (const [subject, level] of own ?? []) {
    for (const number of index.about(subject)) {
      const match = index.score(number, asked, level);
      if (match !== null && wish.kinds.includes(match.kind)) matches.push(match);
    }
  }
  const open: { readonly number: number; readonly best: Match }[] = [];
  for (const number of index.ofKinds(openKinds.filter((kind) => wish.kinds.includes(kind)))) {
    const best = index.score(number, asked, levels.all);
    if (best !== null && !own?.has(best.subject ?? '')) open.push({ number, best });
  }
  const numbers = open.toSorted((a, b) => compareMatches(a.best, b.best)).map((o) => o.number);
  const shown = await walk(asking, numbers.values(), numbers.length);
  return [...matches, ...(shown ?? [])];
}

/** Walks everything that answers; null: the reader sees too few of it to go on so. */
async function amongAll(asking: Asking): Promise<readonly Match[] | null> {
  const { checkedMax } = asking.bounds ?? usual;
  return await walk(asking, asking.index.best(asking.asked), checkedMax);
}

interface Candidate {
  readonly best: Match;
  /** As it would be seen from each level. */
  readonly from: readonly (Match | null)[];
}

/**
 * Walks candidates from the best on, asks for each batch what the reader may see of it, and stops
 * once nothing better can come; null where that is not before `checkedMax` of them.
 */
async function walk(
  asking: Asking,
  numbers: Iterator<number>,
  checkedMax: number,
): Promise<readonly Match[] | null> {
  const { seen, wish, bounds = usual } = asking;
  let matches: Match[] = [];
  for (let checked = 0; checked <= checkedMax; checked += bounds.checkedAtOnce) {
    const { batch, over } = nextBatch(asking, numbers);
    const subjects = subjectsOf(batch.map(({ best }) => best));
    const allowed = subjects.length === 0 ? none : await seen.levelsOn(subjects);
    for (const { best, from } of batch) {
      const level = best.subject === null ? levels.summary : (allowed.get(best.subject) ?? 0);
      const shown = from[level] ?? null;
      if (shown !== null) matches.push(shown);
    }
    if (over) return matches;
    matches = matches.toSorted(compareMatches).slice(0, wish.limit);
    const [worst, last] = [matches[wish.limit - 1], batch.at(-1)?.best];
    if (worst !== undefined && last !== undefined && compareMatches(worst, last) <= 0) {
      return matches;
    }
  }
  return null;
}

function nextBatch(
  { index, asked, wish, bounds = usual }: Asking,
  numbers: Iterator<number>,
): { readonly batch: readonly Candidate[]; readonly over: boolean } {
  const batch: Candidate[] = [];
  while (batch.length < bounds.checkedAtOnce) {
    const { value: number, done } = numbers.next();
    if (done === true) return { batch, over: true };
    const best = index.score(number, asked, levels.all);
    if (best === null || !wish.kinds.includes(best.kind)) continue;
    const below = [levels.summary, levels.detail].map((level) => index.score(number, asked, level));
    batch.push({ best, from: [null, ...below, best] });
  }
  return { batch, over: false };
}

const none: ReadonlyMap<string, number> = new Map();

function subjectsOf(matches: readonly Match[]): readonly string[] {
  return [...new Set(matches.flatMap((match) => match.subject ?? []))];
}
