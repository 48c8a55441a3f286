import { ok, type Result, refuse } from '@breakwater/kernel';
import { z } from 'zod';
import { RecipePath } from './recipe-path.ts';
import { NpmSource } from './recipe-source.ts';

/** Packages one lock file may name. */
const lockedPackagesMax = 400;

/** One package of a lock file: where it goes, and what it is. */
export interface LockedPackage {
  /** `node_modules/a/node_modules/@b/c`, below the folder the lock is unpacked to. */
  readonly path: string;
  readonly source: NpmSource;
}

const Entry = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
});
const Lock = z.object({
  lockfileVersion: z.union([z.literal(2), z.literal(3)]),
  packages: z.record(z.string(), Entry),
});

const inFolder = /^(node_modules\/(@[^/]+\/)?[^/]+)(\/node_modules\/(@[^/]+\/)?[^/]+)*$/;

/**
 * Reads the packages of a `package-lock.json` of version 2 or 3 (npm docs, package-lock.json:
 * `packages`), in the order of their paths. Where they were resolved is not looked at: the host's
 * npm brings them, and the integrity says what they are. A link, a package without a sha512
 * integrity or an odd path is refused, and so are more than 400 packages.
 */
export function parseNpmLock(text: string): Result<readonly LockedPackage[], 'lock-malformed'> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed('text that is not JSON');
  }
  const lock = Lock.safeParse(value);
  if (!lock.success) return malformed('no "lockfileVersion" 2 or 3 with "packages"');
  const entries = Object.entries(lock.data.packages).filter(([path]) => path !== '');
  if (entries.length > lockedPackagesMax) return malformed(`${entries.length} packages`);
  const locked: LockedPackage[] = [];
  for (const [path, entry] of entries) {
    if (!inFolder.test(path) || !RecipePath.safeParse(path).success) {
      return malformed(`the path ${JSON.stringify(path.slice(0, 200))}`);
    }
    const { integrity, version } = entry;
    const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 13);
    const source = NpmSource.safeParse({ kind: 'npm', package: name, version, integrity });
    if (entry.link === true || !source.success) {
      return malformed(`${path}, which is a link or lacks a version and a sha512 integrity`);
    }
    locked.push({ path, source: source.data });
  }
  return ok(locked.sort((a, b) => (a.path < b.path ? -1 : 1)));
}

function malformed(got: string) {
  return refuse({
    code: 'lock-malformed' as const,
    expected: `a package-lock.json of version 2 or 3 with at most ${lockedPackagesMax} packages`,
    got,
    todo: 'make it anew with `npm install --package-lock-only --ignore-scripts`',
  });
}
