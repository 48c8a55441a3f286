import { constants, type Dirent } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { FolderCode, FolderEntry, SuiteFolder } from '@breakwater/benchmark';
import { ok, type Result, refuse } from '@breakwater/kernel';

const depthMax = 16;

/** A suite in a folder of this machine. Links are named and never followed, `.git` is not seen. */
export function suiteFolder(root: string): SuiteFolder {
  return {
    list: async (entriesMax) => {
      const entries: FolderEntry[] = [];
      const folders = [''];
      try {
        for (const folder of folders) {
          if (folder.split('/').length > depthMax) return tooLarge(`folders ${depthMax} deep`);
          for (const each of await readdir(path.join(root, folder), { withFileTypes: true })) {
            const name = folder === '' ? each.name : `${folder}/${each.name}`;
            if (name === '.git') continue;
            if (each.isDirectory()) folders.push(name);
            else entries.push(await entryOf(root, name, each));
            if (entries.length + folders.length > entriesMax) return tooLarge('more entries');
          }
        }
      } catch (error) {
        return unreadable(`${root}: ${reasonOf(error)}`);
      }
      return ok(entries);
    },
    read: async (name, bytesMax) => await readFileIn(root, name, bytesMax),
  };
}

async function entryOf(root: string, name: string, each: Dirent): Promise<FolderEntry> {
  const { size, mode } = await lstat(path.join(root, name));
  const isExecutable = (mode & 0o100) !== 0;
  return { path: name, kind: each.isFile() ? 'file' : 'other', size, isExecutable };
}

async function readFileIn(
  root: string,
  name: string,
  bytesMax: number,
): Promise<Result<Uint8Array, FolderCode>> {
  try {
    // A link put in the place of a listed file is not followed, and a pipe not waited for.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    await using file = await open(path.join(root, name), flags);
    const status = await file.stat();
    if (!status.isFile()) return unreadable(`${name}, which is no plain file`);
    if (status.size > bytesMax) return tooLarge(`${name} of ${status.size} bytes`);
    const bytes = await file.readFile();
    return bytes.length > bytesMax ? tooLarge(name) : ok(new Uint8Array(bytes));
  } catch (error) {
    return unreadable(`${name}: ${reasonOf(error)}`);
  }
}

function unreadable(got: string) {
  const code = 'folder-unreadable';
  return refuse({ code, expected: 'a folder that holds a suite', got, todo: 'check the path' });
}

function tooLarge(got: string) {
  const todo = 'name the folder that holds suite.json, and nothing larger';
  return refuse({ code: 'folder-too-large', expected: 'a suite within its limits', got, todo });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'ENOENT' ? 'there is none' : error.message;
}
