import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { root } from './reader.ts';
import { innerFormats, noReaders, readers } from './readers.ts';

const Manifest = z.object({ name: z.string(), exports: z.record(z.string(), z.string()) });
/** How functions are named that take what came from outside. */
const readerName = /^(parse|read|open|detect|conform|decode|from|split|scan|import)/;

/** Every entry point of every package: its address, and its name for others. */
function entryPoints(): { name: string; path: string }[] {
  return readdirSync(join(root, 'packages')).flatMap((folder) => {
    const file = join(root, 'packages', folder, 'package.json');
    const { name, exports } = Manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
    return Object.entries(exports).map(([at, path]) => ({
      name: name + at.slice(1),
      path: join(root, 'packages', folder, path),
    }));
  });
}

const named = new Set([...readers.flatMap(({ reads }) => reads), ...Object.keys(noReaders)]);

describe.each(entryPoints())('$name', ({ name, path }) => {
  it('exports no reader that the flood of malformed documents does not know', async () => {
    const exported: Record<string, unknown> = await import(path);
    const unknown = Object.keys(exported)
      .filter((key) => readerName.test(key) && typeof exported[key] === 'function')
      .map((key) => `${name}#${key}`)
      .filter((key) => !named.has(key));
    expect(unknown, 'add it to test/hostile/documents/readers/').toEqual([]);
  });
});

it('has every format behind an entry point, or says what covers it', () => {
  const folders = readdirSync(join(root, 'packages/formats/src'), { withFileTypes: true });
  const missing = folders
    .filter((entry) => entry.isDirectory() && innerFormats[entry.name] === undefined)
    .map(({ name }) => `@breakwater/formats/${name}`)
    .filter((name) => !entryPoints().some((entry) => entry.name === name));
  expect(missing).toEqual([]);
});

it.each(readers.map((reader) => ({ name: reader.reads[0] ?? '', reader })))(
  '$name begins from a document that it takes',
  async ({ reader }) => {
    const answers = await Promise.all(reader.seeds().map(async (seed) => reader.read(seed)));
    expect(answers.filter(({ ok }) => ok).length).toBeGreaterThan(0);
  },
);
