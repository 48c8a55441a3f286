import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { FolderCode, FolderEntry, SuiteFolder } from '@breakwater/benchmark';
import { ok, refuse } from '@breakwater/kernel';

/** A suite that lies in a folder of this machine. No link is followed, in it or for it. */
export function suiteFolder(root: string): SuiteFolder {
  return {
    list: async (entriesMax) => {
      const entries: FolderEntry[] = [];
      const folders = [''];
      try {
        for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
          for (const entry of await readdir(path.join(root, at), { withFileTypes: true })) {
            const name = at === '' ? entry.name : `${at}/${entry.name}`;
            if (entry.isDirectory()) folders.push(name);
            else entries.push(await entryOf(root, name, entry.isFile()));
            if (entries.length + folders.length > entriesMax) {
              return no('folder-too-large', `${root} with more than ${entriesMax} entries`);
            }
          }
        }
      } catch (error) {
        return no('folder-unreadable', wordsOf(error));
      }
      return ok(entries);
    },
    read: async (name, bytesMax) => {
      try {
        await using file = await openPlain(path.join(root, name));
        const { size } = await file.stat();
        if (size > bytesMax) return no('folder-too-large', `${name} of ${size} bytes`);
        return ok(new Uint8Array(await file.readFile()));
      } catch (error) {
        return no('folder-unreadable', wordsOf(error));
      }
    },
  };
}

async function entryOf(root: string, name: string, isFile: boolean): Promise<FolderEntry> {
  const other = { path: name, kind: 'other', size: 0, isExecutable: false } as const;
  if (!isFile) return other;
  await using file = await openPlain(path.join(root, name));
  const { size, mode } = await file.stat();
  return { path: name, kind: 'file', size, isExecutable: (mode & 0o100) !== 0 };
}

async function openPlain(place: string) {
  const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error(`${place} is no plain file`);
}

function no(code: FolderCode, got: string) {
  const expected = 'a folder with a suite that can be read';
  return refuse({ code, expected, got, todo: 'name the folder that holds suite.json' });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
