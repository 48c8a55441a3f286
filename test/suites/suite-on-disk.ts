import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { FolderEntry, SuiteFolder } from '@breakwater/benchmark';

/** The folder of a suite of ours on this disk, as its reader asks for it. */
export function suiteOnDisk(root: string): SuiteFolder {
  return {
    list: async () => {
      const found = await readdir(root, { recursive: true, withFileTypes: true });
      const entries = found
        .filter((entry) => !entry.isDirectory())
        .map(async (entry): Promise<FolderEntry> => {
          const path = join(entry.parentPath, entry.name);
          const { size, mode } = await stat(path);
          const kind = entry.isFile() ? 'file' : 'other';
          return { path: relative(root, path), kind, size, isExecutable: (mode & 0o100) !== 0 };
        });
      return { ok: true, value: await Promise.all(entries) };
    },
    read: async (path) => ({ ok: true, value: await readFile(join(root, path)) }),
  };
}
