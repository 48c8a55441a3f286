import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findMatches, type Seen } from './find.ts';
import {
  compareMatches,
  createWordIndex,
  type IndexedDocument,
  type Match,
  type WordIndex,
} from './word-index.ts';
import { ask, lettersOf, matchOf, wordsOf } from './words.ts';

const kinds = ['case', 'finding', 'message', 'advisory', 'recipe'] as const;
const someWord = fc.constantFrom(
  'overflow',
  'overflaw',
  'heap',
  'heaps',
  'leak',
  'parse',
  'parser',
);
const text = fc.array(someWord, { minLength: 0, maxLength: 4 }).map((words) => words.join(' '));

interface Given {
  readonly document: IndexedDocument;
  /** The reader's level; 0: it may not see it. */
  readonly level: number;
}

const given = fc
  .tuple(fc.constantFrom(...kinds), fc.nat(5), fc.tuple(text, text, text), fc.nat(3))
  .map(([kind, at, [title, name, body], level]) => ({ kind, at, title, name, body, level }));

const world = fc.array(given, { maxLength: 40 }).map((all) =>
  all.map(({ kind, at, title, name, body, level }, n): Given => {
    const id = `${kind}-${n}`;
    const document: IndexedDocument = {
      kind,
      id,
      subject: kind === 'recipe' ? null : `subject-${n}`,
      at,
      texts: [
        { place: 'title', level: kind === 'case' ? 2 : 1, text: title },
        { place: 'package', level: 1, text: name },
        { place: 'text', level: kind === 'advisory' ? 1 : 2, text: body },
      ],
    };
    return {
      document,
      level: kind === 'recipe' ? 1 : kind === 'advisory' ? Math.min(level, 1) * 2 : level,
    };
  }),
);

function indexOf(documents: readonly IndexedDocument[], wordsOfOne?: number) {
  const index = createWordIndex(wordsOfOne === undefined ? {} : { wordsOfOne });
  for (const document of documents) index.add(document);
  return index;
}

function seenIn(all: readonly Given[], sees: boolean): Seen {
  const levels = new Map(
    all.flatMap(({ document, level }) =>
      level > 0 && document.subject !== null ? [[document.subject, level] as const] : [],
    ),
  );
  return {
    all: sees,
    async atMost(max) {
      const own = all.filter(({ document }) => document.kind !== 'advisory');
      const seen = own.flatMap(({ document: { subject } }) => {
        const level = levels.get(subject ?? '');
        return subject === null || level === undefined ? [] : [[subject, level] as const];
      });
      return seen.length > max ? null : new Map(seen);
    },
    levelsOn: async (subjects) =>
      new Map(subjects.flatMap((s) => (levels.has(s) ? [[s, levels.get(s) ?? 0] as const] : []))),
  };
}

const ways = [
  { all: false, bounds: { fewMax: 1_000, checkedAtOnce: 3, checkedMax: 6 } },
  { all: false, bounds: { fewMax: 0, checkedAtOnce: 3, checkedMax: 6 } },
  { all: true, bounds: { fewMax: 0, checkedAtOnce: 2, checkedMax: 1_000 } },
];

async function ask_(all: readonly Given[], documents: readonly IndexedDocument[], q: string) {
  return [
    ...(await askIn(indexOf(documents), all, q)),
    ...(await askIn(indexOf(documents, 0), all, q)),
  ];
}

async function askIn(index: WordIndex, all: readonly Given[], q: string) {
  const wish = { text: q, limit: 5, kinds };
  const answers = [];
  for (const { all: sees, bounds } of ways) {
    const answer = await index.whileAsking(q, (asked) =>
      findMatches({ index, asked, seen: seenIn(all, sees), wish, bounds }),
    );
    if (answer !== null) answers.push(answer);
  }
  return answers;
}

/** What each visible document scores by itself, looked at word by word. */
function byHand(all: readonly Given[], q: string): Match[] {
  const asked = wordsOf(q, 8).map(ask);
  const places = ['text', 'version', 'package', 'title', 'identifier', 'id'];
  const found = all.flatMap(({ document, level }): Match[] => {
    const { texts, ...head } = document;
    if (level === 0) return [];
    const shown = texts.filter((t) => t.level <= level);
    const where = new Set<string>();
    let total = 0;
    for (const each of asked) {
      let best = 0;
      for (const t of shown) {
        for (const word of wordsOf(t.text, 400)) {
          const match = matchOf(each, word, lettersOf(word));
          if (match === 0) continue;
          where.add(t.place);
          best = Math.max(best, match * 6 + places.indexOf(t.place) + 1);
        }
      }
      if (best === 0) return [];
      total += best;
    }
    const order = places.filter((p) => where.has(p)).toReversed();
    return [{ ...head, score: total, in: order as Match['in'] }];
  });
  return found.toSorted(compareMatches).slice(0, 5);
}

const query = fc
  .array(fc.constantFrom('overflow', 'ovreflow', 'hea', 'heep', 'lea', 'arse', 'parser', 'none'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((words) => words.join(' '));

test('SEA-3 every way gives what looking at each visible thing by hand gives', async () => {
  await fc.assert(
    fc.asyncProperty(world, query, async (all, q) => {
      const expected = byHand(all, q);
      const documents = all.map(({ document }) => document);
      for (const answer of await ask_(all, documents, q)) expect(answer).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('SEA-3 the answer is the same with and without what the reader may not see', async () => {
  await fc.assert(
    fc.asyncProperty(world, query, async (all, q) => {
      const visible = all.filter(({ level }) => level > 0).map(({ document }) => document);
      const every = all.map(({ document }) => document);
      expect(await ask_(all, every, q)).toEqual(await ask_(all, visible, q));
    }),
    { numRuns: 200 },
  );
});

test('SEA-4 an index that forgot is like one that never knew', () => {
  fc.assert(
    fc.property(world, fc.array(fc.nat(39)), (all, gone) => {
      const documents = all.map(({ document }) => document);
      const index = indexOf(documents);
      const forgotten = new Set(gone.flatMap((n) => documents[n]?.id ?? []));
      for (const id of forgotten) index.remove(id);
      const rest = documents.filter((document) => !forgotten.has(document.id));
      const fresh = indexOf(rest);
      expect(index.size()).toEqual(fresh.size());
      for (const word of ['overflow', 'overflaw', 'heap', 'leak', 'pars']) {
        expect([word, index.holds(word)]).toEqual([word, fresh.holds(word)]);
      }
    }),
  );
});
