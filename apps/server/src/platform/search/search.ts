import type { FoundKind } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { levels, seesAllWork } from '../commands/audience.ts';
import type { Actor } from '../commands/commands.ts';
import type { ContentStore } from '../content/content.ts';
import type { Database } from '../database/database.ts';
import type { Source, SourceDocument, SourceText } from './source.ts';
import { changesSince, levelsOn, pruneChanges, seenAtMost, unerased } from './store.ts';
import {
  compareMatches,
  createWordIndex,
  type IndexedDocument,
  type IndexedText,
  type Match,
  type WordIndex,
} from './word-index.ts';

/** What is asked for. */
export interface SearchWish {
  readonly text: string;
  readonly limit: number;
  /** The kinds that `actor` may ask for. */
  readonly kinds: readonly FoundKind[];
}

export interface SearchAnswer {
  readonly matches: readonly Match[];
  /** False while this process is still reading what there is. */
  readonly complete: boolean;
}

/**
 * The search port: what one may see that holds all the words asked for, typing errors forgiven.
 *
 * Consistency: an answer holds what was committed before it was asked for, by any process.
 * Visibility: asked of the relation itself, for every answer, before ranking and cutting.
 * Durability: none; the index lives in memory and is read anew from rows and content at start.
 * Erasure: what an erased item held is gone from memory with the next poll, before any answer.
 */
export interface Search {
  find(actor: Actor, wish: SearchWish): Promise<SearchAnswer>;
  /** Takes in what changed; every answer does so by itself. */
  refresh(): Promise<void>;
  /** Begins to read what there is; resolves once all of it is held. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Whether any part of a word is held in this process' memory. */
  holds(part: string): boolean;
  size(): { readonly documents: number; readonly words: number };
}

export interface SearchPorts {
  readonly database: Database;
  readonly content: ContentStore;
  readonly sources: readonly Source[];
  readonly failed: (error: unknown) => void;
  /** How often changes are taken in where nobody searches: what was erased must not wait for that. */
  readonly everyMs?: number;
}

const batchSize = 100;
const pollMs = 2_000;
/** Whoever sees no more than this is answered from its own things alone. */
const fewMax = 5_000;
const checkedAtOnce = 200;
/** So many candidates of others are passed over before the reader's own things are looked through. */
const checkedMax = 4_000;
/** Kinds that may be everyone's. */
const openKinds: readonly FoundKind[] = ['advisory', 'recipe'];
const changesKeptMs = 24 * 60 * 60 * 1_000;

/** Keeps an index of its own in this process. */
export function createSearch(ports: SearchPorts): Search {
  const { database } = ports;
  let index = createWordIndex();
  let horizon: string | null = null;
  /** Changes at or behind the horizon that were taken in already. */
  let taken: ReadonlySet<string> = new Set();
  let complete = false;
  let stopped = false;
  let polledAt = Date.now();
  // One thing at a time: what is read and what is erased must not pass each other.
  let tail: Promise<unknown> = Promise.resolve();
  let waiting: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  function next<T>(work: () => Promise<T>): Promise<T> {
    const done = tail.then(work);
    tail = done.catch(() => {});
    return done;
  }

  function refresh(): Promise<void> {
    waiting ??= next(async () => {
      waiting = null;
      await poll();
    });
    return waiting;
  }

  async function poll(): Promise<void> {
    const { changes, horizon: reached } = await database.read((r) => changesSince(r, horizon));
    const fresh = changes.filter(({ id }) => !taken.has(id));
    const about = [...new Set(fresh.map((change) => change.about))];
    for (let from = 0; from < about.length; from += batchSize) {
      await reread(about.slice(from, from + batchSize));
    }
    horizon = reached;
    taken = new Set(changes.map(({ id }) => id));
    polledAt = Date.now();
  }

  async function reread(about: readonly string[]): Promise<void> {
    const documents = await database.read(async (r) => {
      const found: SourceDocument[] = [];
      for (const source of ports.sources) found.push(...(await source(r, { about })));
      return found;
    });
    const read = await readTexts(ports, documents);
    for (const key of about) index.remove(key);
    for (const document of read) index.add(document);
  }

  /** A batch at a time, so that a search that comes meanwhile waits for one and no more. */
  async function build(): Promise<void> {
    await next(async () => {
      index = createWordIndex();
      horizon = (await database.read((r) => changesSince(r, null))).horizon;
      taken = new Set();
    });
    for (const source of ports.sources) {
      for (let after: string | null = ''; after !== null && !stopped; ) {
        const from: string = after;
        after = await next(async () => {
          const wish = { after: from, limit: batchSize };
          const documents = await database.read((r) => source(r, wish));
          for (const document of await readTexts(ports, documents)) index.add(document);
          return documents.length < batchSize ? null : (documents.at(-1)?.id ?? null);
        });
      }
    }
    complete = !stopped;
  }

  /** Changes are kept for a day: a process that slept longer begins anew. */
  async function tick(): Promise<void> {
    if (Date.now() - polledAt > changesKeptMs / 2) {
      complete = false;
      await build();
    }
    await refresh();
  }

  return {
    refresh,
    async start() {
      const before = new Date(Date.now() - changesKeptMs).toISOString() as Instant; // as kernel
      await next(() => database.write((tx) => pruneChanges(tx, before)));
      timer = setInterval(() => void tick().catch(ports.failed), ports.everyMs ?? pollMs);
      timer.unref();
      await build();
    },
    async stop() {
      stopped = true;
      if (timer !== null) clearInterval(timer);
      await tail;
    },
    async find(actor, wish) {
      await refresh();
      // The index that was asked, also where a new one takes its place meanwhile.
      const asking = index;
      const matches = await asking.whileAsking(async () => {
        const asked = asking.question(wish.text);
        if (asked === null) return [];
        return await search({ database, index: asking, asked, actor, wish });
      });
      return { matches, complete };
    },
    holds: (part) => index.holds(part),
    size: () => index.size(),
  };
}

interface Searched {
  readonly database: Database;
  readonly index: WordIndex;
  readonly asked: NonNullable<ReturnType<WordIndex['question']>>;
  readonly actor: Actor;
  readonly wish: SearchWish;
}

async function search(given: Searched): Promise<readonly Match[]> {
  const { database, actor, wish } = given;
  const few = seesAllWork(actor) ? null : await database.read((r) => seenAtMost(r, actor, fewMax));
  const matches =
    few !== null
      ? await amongOwn(given, few)
      : ((await amongAll(given)) ??
        (await amongOwn(given, await database.read((r) => seenAtMost(r, actor, 10_000_000)))));
  return matches.toSorted(compareMatches).slice(0, wish.limit);
}

/** Looks through what the reader sees, and what may be everyone's. */
async function amongOwn(
  { database, index, asked, actor, wish }: Searched,
  seen: ReadonlyMap<string, number> | null,
): Promise<readonly Match[]> {
  const matches: Match[] = [];
  for (const [subject, level] of seen ?? []) {
    for (const number of index.about(subject)) {
      const match = index.score(number, asked, level);
      if (match !== null && wish.kinds.includes(match.kind)) matches.push(match);
    }
  }
  const open = openKinds.filter((kind) => wish.kinds.includes(kind));
  const shown: Match[] = [];
  for (const number of index.ofKinds(open)) {
    const match = index.score(number, asked, levels.detail);
    if (match !== null && !seen?.has(match.subject ?? '')) shown.push(match);
  }
  const best = shown.toSorted(compareMatches);
  for (let from = 0; from < best.length && from < checkedMax; from += checkedAtOnce) {
    const batch = best.slice(from, from + checkedAtOnce);
    const allowed = await database.read((r) => levelsOn(r, actor, subjectsOf(batch)));
    const seenNow = batch.filter((m) => m.subject === null || allowed.has(m.subject));
    matches.push(...seenNow);
    if (seenNow.length >= wish.limit) break;
  }
  return matches;
}

/**
 * Walks the candidates from the best on, asks for each batch what the reader may see of it, and
 * stops once nothing better can come. null: the reader sees too few of them to go on so.
 */
async function amongAll({
  database,
  index,
  asked,
  actor,
  wish,
}: Searched): Promise<readonly Match[] | null> {
  const candidates = index.best(asked);
  let matches: Match[] = [];
  for (let checked = 0; checked < checkedMax; checked += checkedAtOnce) {
    const batch: { number: number; match: Match }[] = [];
    let over = false;
    while (batch.length < checkedAtOnce && !over) {
      const { value: number, done } = candidates.next();
      over = done === true;
      const match = number === undefined ? null : index.score(number, asked, levels.all);
      if (number === undefined || match === null) continue;
      if (wish.kinds.includes(match.kind)) batch.push({ number, match });
    }
    const subjects = subjectsOf(batch.map(({ match }) => match));
    const allowed = await database.read((r) => levelsOn(r, actor, subjects));
    for (const { number, match } of batch) {
      const level = match.subject === null ? levels.summary : (allowed.get(match.subject) ?? 0);
      const shown = index.score(number, asked, level);
      if (shown !== null) matches.push(shown);
    }
    if (over) return matches;
    matches = matches.toSorted(compareMatches).slice(0, wish.limit);
    const [worst, last] = [matches[wish.limit - 1], batch.at(-1)?.match];
    if (worst !== undefined && last !== undefined && compareMatches(worst, last) <= 0) {
      return matches;
    }
  }
  return null;
}

function subjectsOf(matches: readonly Match[]): readonly string[] {
  return [...new Set(matches.flatMap((match) => match.subject ?? []))];
}

/** Documents with what their contents say; what was erased, or cannot be read, says nothing. */
async function readTexts(
  { database, content, failed }: SearchPorts,
  documents: readonly SourceDocument[],
): Promise<readonly IndexedDocument[]> {
  const ids = documents.flatMap(({ texts }) =>
    texts.flatMap((text) => ('content' in text ? [text.content] : [])),
  );
  // Marked in the row before the key is destroyed: what is being erased is not read once more.
  const live = ids.length === 0 ? new Set() : await database.read((r) => unerased(r, ids));
  const read = async (id: Id<'content'>) => {
    if (!live.has(id)) return '';
    return await content.getText(id).catch((error: unknown) => {
      failed(error);
      return null;
    });
  };
  const told = async (text: SourceText): Promise<IndexedText> => {
    if ('text' in text) return text;
    const whole = (await read(text.content)) ?? '';
    const said = whole === '' || text.pick === undefined ? whole : text.pick(whole);
    return { place: text.place, level: text.level, text: said.slice(0, textMax) };
  };
  return await Promise.all(
    documents.map(async ({ texts, at, ...document }) => ({
      ...document,
      at: Date.parse(at),
      texts: await Promise.all(texts.map(told)),
    })),
  );
}

/** So much of a text can be found by its words, in UTF-16 code units. */
const textMax = 20_000;
