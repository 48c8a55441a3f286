import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FetchFile } from '../src/tile.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** The vectors that come with the package. */
export const ownVectors: string = join(here, '../vectors');

/** The folder of all conformance data, or null where this machine has none. */
export function sharedConformance(): string | null {
  const data = process.env['BREAKWATER_DATA'] ?? join(here, '../../../../shared/data');
  const folder = join(data, 'conformance');
  return existsSync(folder) ? folder : null;
}

/** All files below `folder`, as paths relative to it. */
export function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Reads a log from a folder of static files. */
export function folderLog(folder: string): FetchFile {
  return (path) => {
    const file = join(folder, path);
    return Promise.resolve(existsSync(file) ? new Uint8Array(readFileSync(file)) : null);
  };
}
