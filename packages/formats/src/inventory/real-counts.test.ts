import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseInventory } from './parse.ts';

const root = resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data', 'lockfiles/real');

/** Notes beside a component, or of the whole file, which stand for no entry of their own. */
const beside = new Set(['not-from-registry', 'conditional', 'in-another-file']);

function countOf(pattern: RegExp, text: string): number {
  return text.match(pattern)?.length ?? 0;
}

/** Lines two spaces in, of the sections `packages:` alone; a file of pnpm 10 has two. */
function pnpmEntries(text: string): number {
  const sections = text.split(/^packages:$/m).slice(1);
  const own = sections.map((section) => section.split(/^\S/m, 1)[0] ?? '');
  return own.reduce((sum, each) => sum + countOf(/^ {2}\S.*:(?: \{\})?$/gm, each), 0);
}

/** Lines of `require`, and the one that names the Go release. */
function goEntries(text: string): number {
  const blocks = [...text.matchAll(/^require \(\n([^)]*)\)/gm)].map(([, block = '']) => block);
  const inBlocks = blocks.map((block) => countOf(/^\t[^\s/]/gm, block));
  const alone = countOf(/^require [^(]/gm, text) + countOf(/^go \d/gm, text);
  return alone + inBlocks.reduce((sum, each) => sum + each, 0);
}

function pipfileEntries(text: string): number {
  const { default: main = {}, develop = {} } = JSON.parse(text) as Record<string, object>; // pays: counted only
  return Object.keys(main).length + Object.keys(develop).length;
}

/** Each file's entries counted by another way than its reader's: by its lines. */
const counts: readonly (readonly [string, (text: string) => number])[] = [
  ['uv.lock', (text) => countOf(/^\[\[package\]\]$/gm, text)],
  ['poetry.lock', (text) => countOf(/^\[\[package\]\]$/gm, text)],
  ['Cargo.lock', (text) => countOf(/^\[\[package\]\]$/gm, text)],
  ['yarn.lock', (text) => countOf(/^(?!#|__metadata)\S.*:$/gm, text)],
  ['pnpm-lock.yaml', pnpmEntries],
  ['go.mod', goEntries],
  ['Pipfile.lock', pipfileEntries],
];

describe.skipIf(!existsSync(root))('the entries of real lock files', () => {
  it.each(counts)(
    '%s: each is a component or a note, none twice and none missing',
    (name, count) => {
      const files = globSync(`**/${name}`, { cwd: root });
      expect(files.length).toBeGreaterThanOrEqual(3);
      for (const file of files) {
        const bytes = readFileSync(resolve(root, file));
        const inventory = parseInventory(bytes);
        if (!inventory.ok) throw new Error(`${file}: ${inventory.refusal.got}`);
        const { components, notes } = inventory.value;
        const told = notes.filter((note) => !beside.has(note.code)).length;
        expect([file, components.length + told]).toEqual([file, count(bytes.toString())]);
      }
    },
  );
});
