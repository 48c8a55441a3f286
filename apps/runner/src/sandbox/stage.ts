import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, rmSync, statSync } from 'node:fs';
import {
  chmod,
  chown,
  copyFile,
  constants as fsConstants,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  rm,
  symlink,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAlive } from './cgroup-files.ts';
import type { Staged } from './sandbox.ts';
import type { Identity } from './slot.ts';

const DEPTH_MAX = 64;
const SIDE_BY_SIDE = 16;

/**
 * Makes the directory staged files live in: 0700, the sandbox's own user's, so that embargoed
 * inputs are no other user's to read. Directories of owners that were killed are removed.
 */
export async function makeStage(parent: string, identity: Identity): Promise<string> {
  for (const name of readdirSync(parent)) {
    const owner = /^breakwater-sandbox-(\d+)-/.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const left = join(parent, name);
    // the temporary directory is everyone's: only what is ours is removed
    const seen = lstatSync(left, { throwIfNoEntry: false });
    if (seen?.isDirectory() === true && seen.uid === identity.uid) removeLeft(left);
  }
  const stage = await mkdtemp(join(parent, `breakwater-sandbox-${process.pid}-`));
  await give(stage, identity, 0o700);
  return stage;
}

function removeLeft(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    // another opening removes it too, or will
  }
}

/**
 * Copies a file or directory into the stage under a random name. Copies are the sandbox's own
 * user's, files 0500: readable and executable inside, for nobody else outside. Links stay links.
 */
export async function stageCopy(
  stage: string,
  identity: Identity,
  source: string,
): Promise<Staged> {
  const path = join(stage, randomBytes(8).toString('hex'));
  await copyTree(source, path, { identity, depth: 0 });
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
    },
  };
}

interface Copying {
  readonly identity: Identity;
  readonly depth: number;
}

async function copyTree(source: string, target: string, copying: Copying): Promise<void> {
  const seen = await lstat(source);
  if (seen.isSymbolicLink()) {
    await symlink(await readlink(source), target);
    return;
  }
  if (seen.isDirectory()) {
    if (copying.depth >= DEPTH_MAX) throw new Error(`${source} is over ${DEPTH_MAX} levels deep`);
    await mkdir(target, { mode: 0o700 });
    const below = { ...copying, depth: copying.depth + 1 };
    const names = await readdir(source);
    // side by side: each step alone is a wait for another thread
    for (let at = 0; at < names.length; at += SIDE_BY_SIDE) {
      const some = names.slice(at, at + SIDE_BY_SIDE);
      await Promise.all(some.map((n) => copyTree(join(source, n), join(target, n), below)));
    }
  } else if (seen.isFile()) {
    await copyFile(source, target, fsConstants.COPYFILE_FICLONE | fsConstants.COPYFILE_EXCL);
  } else {
    throw new Error(`${source} is neither file, directory nor link`);
  }
  // an ordinary user must be able to empty a directory again to remove it
  await give(target, copying.identity, seen.isDirectory() ? 0o700 : 0o500);
}

async function give(path: string, { drop, uid, gid }: Identity, mode: number): Promise<void> {
  await chmod(path, mode);
  if (drop) await chown(path, uid, gid);
}

/**
 * The first of a path's ancestors, or the path itself, that a user may not enter or read, going
 * by owner and mode; null when all may be. For words after a failed bind, not for a decision.
 */
export function unreadablePart(path: string, { uid, gid }: Identity): string | null {
  const chain = [path];
  for (let at = path; at !== '/'; at = dirname(at)) chain.unshift(dirname(at));
  for (const part of chain) {
    try {
      const { mode, uid: owner, gid: group } = statSync(part);
      const shift = owner === uid ? 6 : group === gid ? 3 : 0;
      const needed = part === path ? 4 : 1;
      if (((mode >> shift) & needed) === 0) return part;
    } catch {
      return part;
    }
  }
  return null;
}
