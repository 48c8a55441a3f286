import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Id, parseId } from '@breakwater/kernel';
import { isMissing } from './durable-file.ts';

/** Items that were found together. */
export interface Batch {
  readonly items: readonly Id<'content'>[];
  /** They lie in one file, which came to be at once. */
  readonly packed: boolean;
  /** No key of that file is left: these are all that it can have held. */
  readonly keyless?: true;
}

/**
 * Items with a file below `directory` (in folders by the end of their names) that was written
 * before `before`: one batch a folder, and one for each file of which `packed` knows what it holds.
 * Half-written files of that age, left by a crash, are removed.
 */
export async function* itemsBefore(
  directory: string,
  before: Date,
  packed: (name: string) => Promise<Batch | null>,
): AsyncGenerator<Batch> {
  for (const folder of await namesIn(directory)) {
    const batch: Id<'content'>[] = [];
    for (const name of await namesIn(path.join(directory, folder))) {
      const file = path.join(directory, folder, name);
      const id = parseId('content', name);
      if (!(await isOlder(file, before))) continue;
      if (name.endsWith('.new')) await rm(file, { force: true });
      if (id !== null) batch.push(id);
      const many = id === null ? await packed(name) : null;
      if (many !== null && many.items.length > 0) yield many;
    }
    if (batch.length > 0) yield { items: batch, packed: false };
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
