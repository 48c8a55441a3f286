import { globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { identityKeys } from '../identity.ts';
import { headlineOf, signatureOf } from '../signature.ts';
import { framesMax } from './frames/take-frame.ts';
import { crashLimits, readCrash } from './read-crash.ts';

const long = process.env['BREAKWATER_LONG'] === '1';
const logs = ['clusterfuzz', 'runtimes'].flatMap((folder) => {
  const vectors = path.join(import.meta.dirname, '../vectors', folder);
  return readdirSync(vectors)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => readFileSync(path.join(vectors, name), 'utf8').slice(0, 40_000));
});
const lines = logs.flatMap((log) => log.split('\n'));

describe('any mutation of a real log', () => {
  const bits = [
    '(',
    ' ',
    '0x',
    ':',
    '#',
    "'",
    '[',
    '+0x1',
    ' of size ',
    '\u0000',
    '\u001b[31m',
    '\r',
  ];
  const junk = fc
    .tuple(fc.constantFrom(...bits, '\ud800', '\u202e', '.', '"', 'ä'), fc.nat({ max: 300 }))
    .map(([bit, times]) => bit.repeat(times));
  const insertion = fc.oneof(junk, fc.string({ maxLength: 40 }), fc.constantFrom(...lines));
  const step = fc.record({ at: fc.nat(), cut: fc.nat({ max: 400 }), insertion });
  const mutated = fc
    .tuple(fc.constantFrom(...logs), fc.array(step, { minLength: 1, maxLength: 6 }))
    .map(([log, steps]) =>
      steps.reduce((text, { at, cut, insertion: put }) => {
        const place = at % (text.length + 1);
        return `${text.slice(0, place)}${put}${text.slice(place + cut)}`;
      }, log),
    );

  test('is read or refused, and what is read is bounded and harmless to show', {
    timeout: 3_600_000,
  }, () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const read = readCrash(text);
        if (!read.ok) return;
        const crash = read.value;
        const shown = [...crash.state, crash.type, crash.address ?? '-', signatureOf(crash)];
        for (const line of shown) expect(line).toMatch(/^[\x20-\x7e]{1,4300}$/);
        expect(crash.state.length).toBeLessThanOrEqual(4);
        expect(crash.type.length).toBeLessThanOrEqual(120);
        expect(crash.frames.length).toBeLessThanOrEqual(framesMax);
        expect(crash.skipped.every((frame) => frame.text.length <= 80)).toBe(true);
        expect(headlineOf(crash).length).toBeLessThanOrEqual(300);
        const keys = identityKeys({ package: 'pkg:generic/a', crash });
        expect(keys.length).toBeLessThanOrEqual(5);
        if (crash.state[0] === 'NULL') expect(keys).toEqual([]);
      }),
      { numRuns: long ? 200_000 : 500 },
    );
  });
});

describe('a hostile log, in the long form of the greatest size', () => {
  const width = crashLimits.lineMax - 1;
  const wide = (unit: string) => unit.repeat(Math.ceil(width / unit.length)).slice(0, width);
  const opening = '==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1 at pc 0x2\n';
  test.each([
    ['x panic: '],
    [' on address 0x'],
    ['assertion failed: '],
    [' of type '],
    ['(['],
    ['#0 0x1 in f '],
    ['0  a 0x1 '],
    ['1 '],
    ["' = '"],
    ['\u001b['],
    [' at (a:1:1)'],
    ['Sanitizer: ABRT '],
    ['JNI DETECTED ERROR '],
  ])('of %j is read to the end', (unit) => {
    const text = opening + `${wide(unit)}\n`.repeat(long ? 500 : 60);
    expect(text.length).toBeGreaterThan(long ? 8_000_000 : 900_000);
    const read = readCrash(text.slice(0, crashLimits.textMax));
    expect(read.ok).toBe(true);
  });

  test('of as many lines as may be is read to the end', () => {
    const frames = '    #1 0x5 in f a.c:1\n'.repeat(crashLimits.linesMax - 2);
    expect(readCrash(opening + frames)).toMatchObject({ value: { state: ['f', 'f', 'f'] } });
  });
});

test('every pattern of the reader is bounded: none repeats without end', () => {
  const sources = globSync('**/*.ts', { cwd: import.meta.dirname }).filter(
    (file) => !file.endsWith('.test.ts'),
  );
  const patterns = sources.flatMap((file) => {
    const text = readFileSync(path.join(import.meta.dirname, file), 'utf8');
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
    return found;
  });
  expect(patterns.length).toBeGreaterThan(50);
  expect(patterns.filter(repeatsWithoutEnd)).toEqual([]);
});

/** `*`, `+` and `{2,}` outside of classes and escapes. */
function repeatsWithoutEnd(pattern: string): boolean {
  const bare = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  return /[*+]|\{\d+,\}/.test(bare);
}
