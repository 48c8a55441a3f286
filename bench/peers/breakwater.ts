import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Component as Found, parseInventory } from '@breakwater/formats/inventory';
import { z } from 'zod';
import { type Database, type Matcher, spell } from './matcher.ts';
import { runWhole, scanned } from './run-whole.ts';

/** What a person starts, with what it starts in turn. */
const command = path.join(import.meta.dirname, '../../tools/setup/breakwater.mjs');

const Component = z.object({ ecosystem: z.string(), name: z.string(), version: z.string() });
const Output = z.object({
  affected: z.array(z.object({ advisory: z.string(), component: Component })),
});

/** `breakwater affected`, on what `breakwater sync` keeps. */
export function breakwater({ kept }: Database): Matcher {
  return {
    match: async (file) => {
      const words = ['affected', file, '--from', kept, '--json'];
      const { out, ms } = await runWhole(process.execPath, [command, ...words], { ends: scanned });
      const { affected } = Output.parse(JSON.parse(out));
      return {
        ms,
        matches: new Set(
          affected.map(({ advisory, component }) => `${advisory} ${spell(component)}`),
        ),
      };
    },
    components: async (file) => new Set((await inventoryAt(file)).map(spell)),
  };
}

/** Brings zip files of advisories in, as `breakwater sync` does from osv.dev: in ms. */
export async function keep(zips: readonly (readonly [string, string])[], kept: string) {
  const sets = zips.map(([ecosystem, file]) => `${ecosystem}=${file}`);
  const words = ['sync', '--only', 'osv', '--osv', ...sets, '--to', kept, '--json'];
  return (await runWhole(process.execPath, [command, ...words])).ms;
}

/** What a lock file names; nothing where it is none that is read. */
export async function inventoryAt(file: string): Promise<readonly Found[]> {
  const read = parseInventory(new Uint8Array(await readFile(file)));
  return read.ok ? read.value.components : [];
}
