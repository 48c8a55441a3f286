import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { canonicalJson, type Digest, digestOf, ok, type Result, refuse } from '@breakwater/kernel';
import {
  type LockedPackage,
  parseNpmLock,
  parseRecipe,
  type Recipe,
  RecipePath,
  type RecipeRefusal,
  type Source,
} from '@breakwater/proof';

const filesMax = 200;
const bytesMax = 8 * 1024 * 1024;
const depthMax = 8;

/** A recipe with every side file of its folder, read once; later changes on disk do not count. */
export interface LoadedRecipe {
  readonly recipe: Recipe;
  /** Over the recipe's text and every side file: the same digest, the same behavior. */
  readonly digest: Digest;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Every archive to fetch; those of a lock file are named `<source>.<place in it>`. */
  readonly archives: ReadonlyMap<string, Source>;
  /** What each source that is a lock file stands for, in the order of those names. */
  readonly locks: ReadonlyMap<string, readonly LockedPackage[]>;
}

export type ReadRecipeRefusal =
  | RecipeRefusal
  | 'recipe-unreadable'
  | 'side-file-refused'
  | 'lock-malformed';

/**
 * Reads a recipe folder, or the folder of a `recipe.json`.
 *
 * Only regular files with plain names are accepted, at most 200 and 8 MiB together; a link is
 * refused rather than followed. Every file that the recipe names must be there.
 */
export async function readRecipe(path: string): Promise<Result<LoadedRecipe, ReadRecipeRefusal>> {
  const folder = basename(path) === 'recipe.json' ? dirname(path) : path;
  const read = await readFolder(folder);
  if (!read.ok) return read;
  const files = read.value;
  const text = files.get('recipe.json');
  if (text === undefined) return unreadable(folder, 'no recipe.json in it');
  const parsed = parseRecipe(Buffer.from(text).toString('utf8'));
  if (!parsed.ok) return parsed;
  const missing = namedFiles(parsed.value).find(
    (name) => !files.has(name) && ![...files.keys()].some((file) => file.startsWith(`${name}/`)),
  );
  if (missing !== undefined) {
    return refusedFile(missing, 'named in recipe.json, but missing from its folder');
  }
  const locks = readLocks(parsed.value, files);
  if (!locks.ok) return locks;
  const listing = [...files].map(([name, bytes]) => ({ name, digest: digestOf(bytes) }));
  listing.sort((a, b) => (a.name < b.name ? -1 : 1));
  return ok({
    recipe: parsed.value,
    digest: digestOf(canonicalJson(listing)),
    files,
    archives: archivesOf(parsed.value, locks.value),
    locks: locks.value,
  });
}

type Locks = ReadonlyMap<string, readonly LockedPackage[]>;

function readLocks(
  recipe: Recipe,
  files: ReadonlyMap<string, Uint8Array>,
): Result<Locks, 'lock-malformed'> {
  const locks = new Map<string, readonly LockedPackage[]>();
  for (const [name, source] of Object.entries(recipe.sources)) {
    if (source.kind !== 'npm-lock') continue;
    const text = Buffer.from(files.get(source.file) ?? []).toString('utf8');
    const read = parseNpmLock(text);
    if (!read.ok) return read;
    locks.set(name, read.value);
  }
  return ok(locks);
}

function archivesOf(recipe: Recipe, locks: Locks): ReadonlyMap<string, Source> {
  const archives = new Map<string, Source>();
  for (const [name, source] of Object.entries(recipe.sources)) {
    if (source.kind !== 'npm-lock') archives.set(name, source);
    for (const [place, locked] of (locks.get(name) ?? []).entries()) {
      archives.set(`${name}.${place}`, locked.source);
    }
  }
  return archives;
}

/** The side files, and folders of side files, that a recipe names. */
function namedFiles(recipe: Recipe): string[] {
  const patches = [...recipe.builds.vulnerable.patches, ...recipe.builds.control.patches];
  return [
    recipe.benign.file,
    ...patches.flatMap((patch) => ('file' in patch ? [patch.file] : [])),
    ...recipe.success.flatMap((c) => (c.kind === 'file-changed' ? [c.original] : [])),
    ...Object.values(recipe.sources).flatMap((s) => (s.kind === 'npm-lock' ? [s.file] : [])),
    ...(recipe.campaign?.seeds === undefined ? [] : [recipe.campaign.seeds]),
  ];
}

async function readFolder(
  folder: string,
): Promise<Result<Map<string, Uint8Array>, ReadRecipeRefusal>> {
  const files = new Map<string, Uint8Array>();
  const waiting = [''];
  let bytes = 0;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    let entries: Awaited<ReturnType<typeof listFolder>>;
    try {
      entries = await listFolder(join(folder, at));
    } catch (error) {
      return unreadable(folder, error instanceof Error ? error.message : 'an unreadable folder');
    }
    for (const entry of entries) {
      const name = at === '' ? entry.name : `${at}/${entry.name}`;
      if (!RecipePath.safeParse(name).success) return refusedFile(name, 'not a plain name');
      if (name.split('/').length > depthMax) return refusedFile(name, 'too many folders deep');
      if (entry.isDirectory()) {
        waiting.push(name);
        continue;
      }
      const content = entry.isFile() ? await readRegular(join(folder, name)) : null;
      if (content === null) return refusedFile(name, 'not a readable regular file');
      bytes += content.length;
      if (files.size === filesMax || bytes > bytesMax) {
        return refusedFile(name, `over ${filesMax} files or ${bytesMax} bytes in the folder`);
      }
      files.set(name, content);
    }
  }
  return ok(files);
}

function listFolder(folder: string) {
  return readdir(folder, { withFileTypes: true });
}

async function readRegular(path: string): Promise<Uint8Array | null> {
  // O_NOFOLLOW and O_NONBLOCK: the entry may have become a link or a pipe since it was listed
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    await using file = await open(path, flags);
    const status = await file.stat();
    return status.isFile() && status.size <= bytesMax ? await file.readFile() : null;
  } catch {
    return null;
  }
}

function unreadable(folder: string, got: string) {
  return refuse({
    code: 'recipe-unreadable' as const,
    expected: 'a folder with a recipe.json',
    got: `${folder}: ${got}`,
    todo: 'give the path of a recipe folder, such as demo/recipes/cjson-parse',
  });
}

function refusedFile(name: string, got: string) {
  return refuse({
    code: 'side-file-refused' as const,
    expected: `at most ${filesMax} plain files of ${bytesMax} bytes together beside recipe.json`,
    got: `${JSON.stringify(name)}: ${got}`,
    todo: 'correct the name or remove the file; links are not followed',
  });
}
