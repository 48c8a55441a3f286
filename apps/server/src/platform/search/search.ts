import type { Id, Instant } from '@breakwater/kernel';
import { seesAllWork } from '../commands/audience.ts';
import type { Actor } from '../commands/commands.ts';
import type { ContentStore } from '../content/content.ts';
import type { Database } from '../database/database.ts';
import { findMatches, type SearchWish } from './find.ts';
import type { Source, SourceDocument, SourceText } from './source.ts';
import { changesSince, levelsOn, pruneChanges, seenAtMost, unerased } from './store.ts';
import {
  createWordIndex,
  type IndexedDocument,
  type IndexedText,
  type Match,
} from './word-index.ts';

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
      const matches = await asking.whileAsking(wish.text, async (asked) => {
        const seen = {
          all: seesAllWork(actor),
          atMost: (max: number) => database.read((r) => seenAtMost(r, actor, max)),
          levelsOn: (subjects: readonly string[]) =>
            database.read((r) => levelsOn(r, actor, subjects)),
        };
        return await findMatches({ index: asking, asked, seen, wish });
      });
      return { matches: matches ?? [], complete };
    },
    holds: (part) => index.holds(part),
    size: () => index.size(),
  };
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
  // Once each: several places may be read out of one item.
  const reading = new Map<Id<'content'>, Promise<string | null>>();
  const read = async (id: Id<'content'>) => {
    if (!live.has(id)) return null;
    const text =
      reading.get(id) ??
      content.getText(id).catch((error: unknown) => {
        failed(error);
        return null;
      });
    reading.set(id, text);
    return await text;
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
