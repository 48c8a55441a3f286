import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, type Digest, digestOf } from '@breakwater/kernel';
import { z } from 'zod';

const BuildFile = z.object({
  path: z.string().min(1),
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BuildFile = z.infer<typeof BuildFile>;

const Manifest = z.object({
  files: z.array(BuildFile),
  toolchain: z.record(z.string(), z.string()),
});

/** A build in the cache: the files it made, and how. */
export interface CachedBuild {
  readonly key: Digest;
  /** Digest of the canonical JSON of its files' paths, sizes and digests. */
  readonly digest: Digest;
  readonly folder: string;
  readonly files: readonly BuildFile[];
}

/**
 * Builds by the digest of everything that went into them. Private (0700), hashed again on every
 * use, and safe for several processes: a build appears by rename only.
 */
export class BuildCache {
  readonly #folder: string;

  constructor(root: string) {
    this.#folder = join(root, 'builds');
  }

  /** The build of this key, or null when it is absent or was altered. */
  async find(key: Digest): Promise<CachedBuild | null> {
    const folder = this.#pathOf(key);
    const manifest = await readManifest(folder);
    if (manifest === null) return null;
    for (const { path, sha256 } of manifest.files) {
      const bytes = await readFile(join(folder, 'files', path)).catch(() => null);
      if (bytes !== null && createHash('sha256').update(bytes).digest('hex') === sha256) continue;
      await rm(folder, { recursive: true, force: true });
      return null;
    }
    const { files } = manifest;
    return { key, digest: digestOfFiles(files), folder: join(folder, 'files'), files };
  }

  /** A new private folder to collect a build into. */
  async incoming(): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const folder = join(this.#folder, `.incoming-${randomUUID()}`);
    await mkdir(join(folder, 'files'), { recursive: true, mode: 0o700 });
    return folder;
  }

  async discard(incoming: string): Promise<void> {
    await rm(incoming, { recursive: true, force: true });
  }

  /** Keeps a collected build under its key; where another process was first, theirs stays. */
  async admit(
    key: Digest,
    incoming: string,
    manifest: z.infer<typeof Manifest>,
  ): Promise<CachedBuild> {
    await writeFile(join(incoming, 'manifest.json'), JSON.stringify(manifest), { mode: 0o600 });
    await rename(incoming, this.#pathOf(key)).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error;
    });
    const kept = await this.find(key);
    if (kept === null)
      throw new Error(`the build ${key} vanished from the cache while it was kept`);
    return kept;
  }

  #pathOf(key: Digest): string {
    return join(this.#folder, key.replace(':', '-'));
  }
}

/** One digest for a set of files, whatever order they came in. */
export function digestOfFiles(files: readonly BuildFile[]): Digest {
  const sorted = files.map(({ path, size, sha256 }) => ({ path, size, sha256 }));
  sorted.sort((a, b) => (a.path < b.path ? -1 : 1));
  return digestOf(canonicalJson(sorted));
}

async function readManifest(folder: string): Promise<z.infer<typeof Manifest> | null> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return Manifest.parse(JSON.parse(text));
  } catch {
    await rm(folder, { recursive: true, force: true });
    return null;
  }
}
