import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseExtent } from './extent.ts';
import { ancestorsOf, lineageRange, relationOf } from './lineage.ts';
import { overlapOf } from './overlap.ts';
import { parseTarget, type TargetInput } from './parse-target.ts';
import { targetKinds } from './target.ts';

const renames = new Map([
  ['repo:github.com/old/name', 'repo:github.com/new/name'],
  ['repo:github.com/new/name', 'repo:github.com/newest/name'],
  ['repo:github.com/gone/*', 'repo:github.com/here/*'],
  ['repo:github.com/a/loop', 'repo:github.com/b/loop'],
  ['repo:github.com/b/loop', 'repo:github.com/a/loop'],
]);

const table = readFileSync(resolve(import.meta.dirname, '../vectors/pairs.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [relation = '', a = '', b = '', why = ''] = line.split('\t').map(unescaped);
    return { relation, a, b, why };
  });

const rows = (...relations: readonly string[]) =>
  table.filter(({ relation }) => relations.includes(relation));

function unescaped(text: string): string {
  return text.replace(/\\u([0-9a-f]{4})|\\\\/g, (_, code?: string) =>
    code === undefined ? '\\' : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** `kind=TEXT`, or text alone. */
function inputOf(text: string): TargetInput {
  const kind = targetKinds.find((each) => text.startsWith(`${each}=`));
  return kind === undefined ? text : { kind, text: text.slice(kind.length + 1) };
}

function targetOf(text: string) {
  const parsed = parseTarget(inputOf(text), { renames });
  if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.refusal)}`);
  return parsed.value;
}

it('has every line read, and enough of them', () => {
  const known = ['same', 'covers', 'disjoint', 'refused', 'overlap', 'apart'];
  expect(table.filter(({ relation, why }) => !known.includes(relation) || why === '')).toEqual([]);
  expect(rows('same', 'covers', 'disjoint', 'overlap', 'apart').length).toBeGreaterThan(300);
  expect(new Set(table.map(({ a, b }) => `${a}\t${b}`)).size).toBe(table.length);
});

describe('two texts', () => {
  it.each(rows('same'))('$a is the same as $b: $why', ({ a, b }) => {
    const [left, right] = [targetOf(a), targetOf(b)];
    expect({ text: left.text, lineage: left.lineage }).toEqual({
      text: right.text,
      lineage: right.lineage,
    });
    expect(relationOf(left, right)).toBe('same');
  });

  it.each(rows('covers'))('$a covers $b: $why', ({ a, b }) => {
    const [left, right] = [targetOf(a), targetOf(b)];
    expect([relationOf(left, right), relationOf(right, left)]).toEqual(['covers', 'covered']);
    expect(ancestorsOf(right.lineage)).toContain(left.lineage);
    const { from, before } = lineageRange(left.lineage);
    expect(from <= right.lineage && right.lineage < before).toBe(true);
  });

  it.each(rows('disjoint'))('$a has nothing of $b: $why', ({ a, b }) => {
    const [left, right] = [targetOf(a), targetOf(b)];
    expect([relationOf(left, right), relationOf(right, left)]).toEqual(['disjoint', 'disjoint']);
    expect(left.text).not.toBe(right.text);
    expect(ancestorsOf(right.lineage)).not.toContain(left.lineage);
  });

  it.each(rows('refused'))('$a is refused as $b: $why', ({ a, b }) => {
    const parsed = parseTarget(inputOf(a), { renames });
    expect(parsed.ok ? parsed.value.text : parsed.refusal.code).toBe(b);
  });

  it.each(rows('overlap', 'apart'))('$a and $b: $relation, $why', ({ relation, a, b }) => {
    const [left, right] = [a, b].map((target) => {
      const term = { from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' };
      const parsed = parseExtent({ targets: [target], methods: ['static'], ...term });
      if (!parsed.ok) throw new Error(`${target}: ${JSON.stringify(parsed.refusal)}`);
      return parsed.value;
    });
    if (left === undefined || right === undefined) throw new Error('a line without a pair');
    const found = [overlapOf(left, right), overlapOf(right, left)];
    expect(found.map((each) => each !== null)).toEqual(Array(2).fill(relation === 'overlap'));
  });
});

it('reads canonical texts as themselves; they are ASCII, and a target lies in itself', () => {
  const lines = rows('same', 'covers', 'disjoint');
  for (const target of lines.flatMap(({ a, b }) => [targetOf(a), targetOf(b)])) {
    const { kind, text, lineage } = target;
    expect(parseTarget({ kind, text })).toEqual({ ok: true, value: target });
    expect(`${text}${lineage}`).toMatch(/^[ -~]+$/);
    expect(ancestorsOf(lineage).at(-1)).toBe(lineage);
  }
});
