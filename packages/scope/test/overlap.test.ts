import {
  covers,
  type Extent,
  type ExtentInput,
  formatExtent,
  methods,
  overlapOf,
  parseExtent,
} from '@breakwater/scope';
import { expect, it } from 'vitest';
import {
  commitOrder,
  days,
  type Meaning,
  meaningOf,
  type Point,
  points,
  sorts,
  stream,
} from './model.ts';
import { randomExtent } from './random-extent.ts';

const isLong = process.env['BREAKWATER_LONG'] === '1';
const cases = isLong ? 1_000_000 : 20_000;

interface Drawn {
  readonly input: ExtentInput;
  readonly extent: Extent;
  readonly meaning: Meaning;
}

/** A random extent that means something; one that does not must be refused as empty. */
function draw(random: () => number, focus = random()): Drawn {
  for (;;) {
    const input = randomExtent(random, focus);
    const meaning = meaningOf(input);
    const parsed = parseExtent(input);
    const isSomewhere = points.some(meaning.hasPoint);
    const isSomething = sorts.some(meaning.hasSort);
    if (parsed.ok !== (isSomewhere && isSomething)) {
      throw new Error(`${JSON.stringify(input)} is ${parsed.ok ? 'not ' : ''}refused`);
    }
    if (parsed.ok) return { input, extent: parsed.value, meaning };
  }
}

/** What two meanings have in common, point by point; empty lists: nothing. */
function commonOf(a: Meaning, b: Meaning) {
  return {
    points: points.filter((point) => a.hasPoint(point) && b.hasPoint(point)),
    methods: methods.filter((method) => a.hasMethod(method) && b.hasMethod(method)),
    sorts: sorts.filter((sort) => a.hasSort(sort) && b.hasSort(sort)),
    days: days.filter((day) => a.hasDay(day) && b.hasDay(day)),
  };
}

const isSettled = ({ spot }: Point) => spot.in !== 'unordered';

/** Why an answer is not what the model says; null: it is. */
function difference(a: Drawn, b: Drawn): string | null {
  const found = overlapOf(a.extent, b.extent, { commitOrder });
  const common = commonOf(a.meaning, b.meaning);
  const isCommon = Object.values(common).every((list) => list.length > 0);
  if (found === null) return isCommon ? 'lost' : null;
  if (found.certain && !isCommon) return 'invented';
  if (!found.certain && common.points.some(isSettled)) return 'unsure of what is certain';
  const told = meaningOf(formatExtent(found.extent));
  const others = { ...commonOf(told, told), points: points.filter(told.hasPoint) };
  for (const dimension of ['methods', 'sorts', 'days'] as const) {
    if (others[dimension].length !== common[dimension].length) return `another ${dimension}`;
    if (JSON.stringify(others[dimension]) !== JSON.stringify(common[dimension])) return dimension;
  }
  const missing = common.points.filter((point) => !told.hasPoint(point));
  const extra = others.points.filter((point) => isSettled(point) && !common.points.includes(point));
  return missing.length + extra.length === 0 ? null : 'another part of the place';
}

it(`tells exactly what two extents have in common, in ${cases} random cases`, {
  timeout: 3_600_000,
}, () => {
  const random = stream(20_261_121);
  const differences: string[] = [];
  const seen = { common: 0, apart: 0 };
  for (let i = 0; i < cases; i += 1) {
    const focus = random();
    const [a, b] = [draw(random, focus), draw(random, focus)];
    const why = difference(a, b);
    if (why !== null) differences.push(`${why}: ${JSON.stringify([a.input, b.input])}`);
    seen[overlapOf(a.extent, b.extent, { commitOrder }) === null ? 'apart' : 'common'] += 1;
    if (differences.length >= 5) break;
  }
  expect(differences).toEqual([]);
  expect(Math.min(seen.common, seen.apart)).toBeGreaterThan(cases / 50);
});

/** A part of an extent, by leaving out something of each dimension at random. */
function partOf({ input, extent }: Drawn, random: () => number): Drawn {
  const { except = [] } = input;
  const narrowed = [randomExtent(random, random()), randomExtent(random, random())];
  const other = narrowed.find((each) => parseExtent(each).ok);
  const holes = random() < 0.5 ? (other?.except ?? []) : [];
  const methodsLeft = extent.methods.filter(() => random() < 0.7);
  const part = {
    ...formatExtent(extent),
    except: [...except, ...holes],
    methods: methodsLeft.length === 0 ? extent.methods : methodsLeft,
  };
  const parsed = parseExtent(part);
  const common = other === undefined ? null : parseExtent(other);
  const both = common?.ok === true ? overlapOf(extent, common.value, { commitOrder }) : null;
  const found = both?.certain === true ? both.extent : parsed.ok ? parsed.value : extent;
  return { input: part, extent: found, meaning: meaningOf(formatExtent(found)) };
}

it('tells whether one extent covers another one', () => {
  const random = stream(9);
  const seen = { covered: 0, apart: 0 };
  const differences: string[] = [];
  for (let i = 0; i < cases / 4; i += 1) {
    const focus = random();
    const outer = draw(random, focus);
    const inner = random() < 0.5 ? draw(random, focus) : partOf(outer, random);
    const has = commonOf(inner.meaning, inner.meaning);
    const isAll =
      has.points.every((point) => outer.meaning.hasPoint(point)) &&
      has.methods.every((method) => outer.meaning.hasMethod(method)) &&
      has.sorts.every((sort) => outer.meaning.hasSort(sort)) &&
      has.days.every((day) => outer.meaning.hasDay(day)) &&
      (outer.extent.until === null || inner.extent.until !== null);
    const found = covers(outer.extent, inner.extent, { commitOrder });
    const isSure = has.points.every(isSettled);
    if (found ? !isAll : isAll && isSure) {
      differences.push(`${found}: ${JSON.stringify([outer.input, formatExtent(inner.extent)])}`);
    }
    seen[found ? 'covered' : 'apart'] += 1;
  }
  expect(differences.slice(0, 3)).toEqual([]);
  expect(Math.min(seen.covered, seen.apart)).toBeGreaterThan(cases / 40);
});

it('says the same in both directions', () => {
  const random = stream(7);
  for (let i = 0; i < 2_000; i += 1) {
    const focus = random();
    const [a, b] = [draw(random, focus).extent, draw(random, focus).extent];
    const [left, right] = [overlapOf(a, b, { commitOrder }), overlapOf(b, a, { commitOrder })];
    expect(left === null).toBe(right === null);
    expect(left?.certain).toBe(right?.certain);
  }
});

it('reads an extent that it wrote as the same one', () => {
  const random = stream(8);
  for (let i = 0; i < 2_000; i += 1) {
    const { extent } = draw(random);
    expect(parseExtent(formatExtent(extent))).toEqual({ ok: true, value: extent });
  }
});
