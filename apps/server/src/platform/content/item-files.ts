import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Id, parseId } from '@breakwater/kernel';
import { isMissing } from './durable-file.ts';

/**
 * Items with a file below `directory` (in folders by the end of their names) that was written
 * before `before`: one batch a folder. Half-written files of that age, left by a crash, are removed.
 */
export async function* itemsBefore(
  directory: string,
  before: Date,
): AsyncGenerator<readonly Id<'content'>[]> {
  for (const folder of await namesIn(directory)) {
    const batch: Id<'content'>[] = [];
    for (const name of await namesIn(path.join(directory, folder))) {
      const file = path.join(directory, folder, name);
      const id = parseId('content', name);
      const halfWritten = name.endsWith('.new');
      if ((id === null && !halfWritten) || !(await isOlder(file, before))) continue;
      if (id === null) await rm(file, { force: true });
      else batch.push(id);
    }
    if (batch.length > 0) yield batch;
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return await readdir(directory).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

async function isOlder(file: string, before: Date): Promise<boolean> {
  return await stat(file).then(
    ({ mtime }) => mtime < before,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
}
