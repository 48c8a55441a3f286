import {
  type Alternative,
  type Extent,
  formatExtent,
  methods,
  overlapOf,
  parseExtent,
  without,
} from '@breakwater/scope';
import { expect, it } from 'vitest';
import { commitOrder, days, type Meaning, meaningOf, points, sorts, stream } from './model.ts';
import { randomExtent } from './random-extent.ts';

const cases = process.env['BREAKWATER_LONG'] === '1' ? 50_000 : 2_000;
const dimensions = ['points', 'methods', 'sorts', 'days'] as const;

function draw(random: () => number, focus: number): Extent {
  for (;;) {
    const parsed = parseExtent(randomExtent(random, focus));
    if (parsed.ok) return parsed.value;
  }
}

const read = (extent: Extent) => meaningOf(formatExtent(extent));

/** What is in all of some meanings, by dimension. */
function inAll(meanings: readonly Meaning[]) {
  return {
    points: points.filter((point) => meanings.every((each) => each.hasPoint(point))),
    methods: methods.filter((method) => meanings.every((each) => each.hasMethod(method))),
    sorts: sorts.filter((sort) => meanings.every((each) => each.hasSort(sort))),
    days: days.filter((day) => meanings.every((each) => each.hasDay(day))),
  };
}

const haveCommon = (a: Meaning, b: Meaning) => {
  const common = inAll([a, b]);
  return dimensions.every((each) => common[each].length > 0);
};

/** What is wrong with an alternative; null: nothing. */
function fault(wish: Extent, others: readonly Extent[], alternative: Alternative): string | null {
  const { extent, kind, differs } = alternative;
  const [asked, offered] = [read(wish), read(extent)];
  if (others.some((other) => haveCommon(offered, read(other)))) return 'meets another one';
  if (others.some((other) => overlapOf(extent, other, { commitOrder }))) return 'may meet one';
  if (kind === 'later') {
    const length = (each: Extent) => Date.parse(each.until ?? '') - Date.parse(each.from);
    if (extent.from <= wish.from || length(extent) !== length(wish)) return 'not later, or shorter';
  }
  const [common, own] = [inAll([asked, offered]), inAll([offered])];
  for (const dimension of dimensions) {
    if (dimension === 'days' && kind === 'later') continue;
    if (own[dimension].length === 0 && dimension !== 'days') return `no ${dimension}`;
    if (own[dimension].length > common[dimension].length) return `beyond in ${dimension}`;
    const names = dimension === 'points' ? ['targets', 'versions'] : [nameOf[dimension]];
    const isLess = inAll([asked])[dimension].length > common[dimension].length;
    if (isLess && !differs.some((each) => names.includes(each))) return `less in ${dimension}`;
  }
  return null;
}

const nameOf = { methods: 'methods', sorts: 'weaknesses', days: 'time' } as const;

it('offers parts of the wish, and the whole of it later, that meet no other', {
  timeout: 600_000,
}, () => {
  const random = stream(5);
  const faults: string[] = [];
  const seen = new Map<string, number>();
  for (let i = 0; i < cases; i += 1) {
    const focus = random();
    const wish = draw(random, focus);
    const others = Array.from({ length: 1 + Math.floor(random() * 4) }, () => draw(random, focus));
    const offered = without(wish, others, { commitOrder });
    const isMet = others.some((other) => overlapOf(wish, other, { commitOrder }) !== null);
    if (!isMet && offered.length > 0) faults.push('offers what nobody needs');
    for (const alternative of offered) {
      const what = `${alternative.kind} ${alternative.differs.join('+')}`;
      seen.set(what, (seen.get(what) ?? 0) + 1);
      const wrong = fault(wish, others, alternative);
      if (wrong === null) continue;
      faults.push(`${what}: ${wrong} ${JSON.stringify([wish, ...others, alternative.extent])}`);
    }
    if (faults.length > 3) break;
  }
  expect(faults).toEqual([]);
  const often = [...seen].filter(([, count]) => count > 20).map(([what]) => what);
  expect(often).toEqual(
    expect.arrayContaining([
      'part targets',
      'part versions',
      'part weaknesses',
      'part methods',
      'part time',
      'later time',
    ]),
  );
});

it('finds a part wherever a method, or a day, is left', () => {
  const random = stream(6);
  for (let i = 0; i < 2_000; i += 1) {
    const focus = random();
    const wish = draw(random, focus);
    const others = Array.from({ length: 3 }, () => draw(random, focus)).filter(
      (other) => overlapOf(wish, other, { commitOrder }) !== null,
    );
    if (others.length === 0) continue;
    const differs = without(wish, others, { commitOrder }).flatMap((each) => each.differs);
    const isMethodLeft = wish.methods.some((method) =>
      others.every((other) => !other.methods.includes(method)),
    );
    expect(differs.includes('methods') || !isMethodLeft).toBe(true);
    const isDayLeft = days.some(
      (day) => read(wish).hasDay(day) && others.every((other) => !read(other).hasDay(day)),
    );
    expect(differs.includes('time') || !isDayLeft).toBe(true);
  }
});

/** A claim in words, and what is offered to whoever wants what it covers. */
const term = { from: '2026-01-01T00:00:00Z', until: '2026-01-08T00:00:00Z' };

function extentOf(input: Partial<Parameters<typeof parseExtent>[0]>): Extent {
  const parsed = parseExtent({ methods: ['static'], ...term, ...input });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusal));
  return parsed.value;
}

const offers = (wish: Extent, ...others: readonly Extent[]) =>
  without(wish, others).map(({ kind, differs, extent }) => {
    const { places, except, weaknesses, exceptWeaknesses, from, until } = formatExtent(extent);
    const what = { places, except, weaknesses, exceptWeaknesses, methods: extent.methods };
    return [kind, ...differs, { ...what, from: from.slice(0, 10), until: until?.slice(0, 10) }];
  });

it('offers the rest of a repository, the other classes, and the time behind', () => {
  const wish = extentOf({ targets: ['https://github.com/curl/curl'] });
  const other = extentOf({
    targets: ['repo:github.com/curl/curl#lib'],
    weaknesses: ['CWE-119'],
    until: '2026-01-04T00:00:00Z',
  });
  const same = {
    places: [{ target: 'repo:github.com/curl/curl' }],
    except: [],
    weaknesses: [],
    exceptWeaknesses: [],
    methods: ['static'],
    from: '2026-01-01',
    until: '2026-01-08',
  };
  expect(offers(wish, other)).toEqual([
    ['part', 'targets', { ...same, except: ['repo:github.com/curl/curl#lib'] }],
    ['part', 'weaknesses', { ...same, exceptWeaknesses: ['CWE-119'] }],
    ['part', 'time', { ...same, from: '2026-01-04' }],
    ['later', 'time', { ...same, from: '2026-01-04', until: '2026-01-11' }],
  ]);
});

it('offers the versions that nobody looks at', () => {
  const wish = extentOf({ targets: ['pkg:npm/foo'], methods: ['static', 'fuzz'] });
  const other = extentOf({ targets: ['pkg:npm/foo?vers=vers:npm/>=2.0.0'], until: null });
  expect(offers(wish, other).map(([kind, differs, what]) => [kind, differs, what])).toMatchObject([
    ['part', 'versions', { places: [{ versions: 'vers:npm/<2.0.0' }] }],
    ['part', 'methods', { methods: ['fuzz'] }],
  ]);
});

it('offers what another one leaves out where it has all around it', () => {
  const wish = extentOf({ targets: ['repo:github.com/curl/curl#lib'] });
  const other = extentOf({
    targets: ['https://github.com/curl/curl'],
    except: ['repo:github.com/curl/curl#lib/vtls'],
  });
  expect(offers(wish, other)[0]).toMatchObject([
    'part',
    'targets',
    { places: [{ target: 'repo:github.com/curl/curl#lib/vtls' }], except: [] },
  ]);
});

it('takes several dimensions where no single one is enough', () => {
  const wish = extentOf({ targets: ['https://github.com/curl/curl'], methods: ['static', 'fuzz'] });
  const path = extentOf({
    targets: ['repo:github.com/curl/curl#lib'],
    methods: ['static', 'fuzz'],
  });
  const method = extentOf({ targets: ['https://github.com/curl/curl'], methods: ['fuzz'] });
  expect(offers(wish, path, method)[0]).toMatchObject([
    'part',
    'targets',
    'methods',
    { except: ['repo:github.com/curl/curl#lib'], methods: ['static'] },
  ]);
});

it('moves behind one that has begun meanwhile, and never behind one without an end', () => {
  const wish = extentOf({ targets: ['pkg:npm/foo'] });
  const now = extentOf({ targets: ['pkg:npm/foo'], until: '2026-01-05T00:00:00Z' });
  const next = extentOf({
    targets: ['pkg:npm/foo'],
    from: '2026-01-10T00:00:00Z',
    until: '2026-01-20T00:00:00Z',
  });
  expect(offers(wish, now, next).at(-1)).toMatchObject(['later', 'time', { from: '2026-01-20' }]);
  const endless = extentOf({ targets: ['pkg:npm/foo'], until: null });
  expect(offers(wish, now, endless)).toEqual([]);
});
