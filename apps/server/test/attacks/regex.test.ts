import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../../../..');
const sources = globSync('{packages/*,apps/{server,runner,cli,web}}/src/**/*.{ts,tsx}', {
  cwd: root,
})
  .filter((file) => !/\.(test|conformance|fixture)\.ts/.test(file))
  .sort();

interface Found {
  readonly place: string;
  readonly pattern: RegExp;
}

/** Every regular expression that stands in the sources, whichever input it is for. */
function patternsIn(file: string): Found[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), 99, true);
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const flags = node.text.slice(end + 1).replace(/[gy]/g, '');
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      const pattern = new RegExp(node.text.slice(1, end), flags);
      found.push({ place: `${file}:${line}`, pattern });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const everywhere = [
  'a',
  'A',
  '0',
  ' ',
  '\t',
  '\n',
  '-',
  '.',
  '/',
  ':',
  '%',
  '<',
  '"',
  '\\',
  'a0',
  'a.',
  '0.',
];

/** What might be repeated to make a pattern try everything: its own letters, and common ones. */
function pumpsOf({ source }: RegExp): string[] {
  const own = source.match(/[A-Za-z0-9 .:/@#%_~=<>"'-]/g) ?? [];
  return [...new Set([...everywhere, ...own])].slice(0, 40);
}

/** Milliseconds of this thread's own, the least of `times`: others on the machine count for nothing. */
function workOf(pattern: RegExp, text: string, times: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times; time += 1) {
    const began = process.threadCpuUsage();
    pattern.test(text);
    const { user, system } = process.threadCpuUsage(began);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

/** Lengths that catch exponential growth while it is small, and powers while they are large. */
const lengths = [16, 20, 24, 28, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096];
/** Below this a clock tells nothing. */
const measurableMs = 4;
/**
 * What trying every start against every end may cost for each pair. It is some fifty times what it
 * does: a power more passes that at a few hundred characters, an exponent at thirty.
 */
const millisecondsPerPair = 50e-6;

/** Whether work grows faster than the square of the input's length. */
function explodes(pattern: RegExp): string | null {
  for (const pump of pumpsOf(pattern)) {
    for (const length of lengths) {
      const text = `${pump.repeat(length)}\u0001`;
      const allowed = Math.max(measurableMs, millisecondsPerPair * text.length ** 2);
      if (workOf(pattern, text, 1) <= allowed) continue;
      // Compiling a pattern, or collecting garbage, may have fallen into the first time.
      if (workOf(pattern, text, 2) > allowed) return `${JSON.stringify(pump)} x ${length}`;
    }
  }
  return null;
}

describe('EDG-35 no pattern can be made to try for ever', () => {
  test('the measure finds the textbook ones', () => {
    expect(explodes(/^(a+)+$/)).not.toBeNull();
    expect(explodes(/^(a|a)*$/)).not.toBeNull();
    expect(explodes(/^(\w+\s?)*$/)).not.toBeNull();
    expect(explodes(/a*a*a*$/)).not.toBeNull();
    expect(explodes(/^[a-z]+$/)).toBeNull();
    expect(explodes(/a+$/)).toBeNull();
  });

  test('nor does any of ours', () => {
    const found = sources.flatMap(patternsIn);
    expect(found.length).toBeGreaterThan(200);
    const bad = found.flatMap(({ place, pattern }) => {
      const how = explodes(pattern);
      return how === null ? [] : [`${place} ${pattern} by ${how}`];
    });
    expect(bad).toEqual([]);
  }, 120_000);
});
