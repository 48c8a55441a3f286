import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '@breakwater/kernel';
import type { Source } from '@breakwater/proof';

/** A source archive in the cache, whose bytes were just found to be the pinned ones. */
export interface CachedSource {
  readonly path: string;
  readonly digest: Digest;
}

/**
 * The folder where fetched archives are kept, named by what pins them.
 *
 * Mode 0700; nothing is trusted for lying there: `find` hashes the bytes again on every use, and
 * throws away what does not match. Safe for several processes: a file appears by rename only.
 */
export class SourceCache {
  readonly #folder: string;

  constructor(root: string) {
    this.#folder = join(root, 'sources');
  }

  /** The cached archive of a source, or null when it is absent or no longer what was pinned. */
  async find(source: Source): Promise<CachedSource | null> {
    const path = join(this.#folder, nameOf(source));
    if (!(await exists(path))) return null;
    const hashes = await hashFile(path);
    if (await this.#isPinned(source, hashes)) return { path, digest: `sha256:${hashes.sha256}` };
    await rm(path, { force: true });
    return null;
  }

  /** A new private folder to download into; remove it with {@link discard}. */
  async incoming(): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await chmod(this.#folder, 0o700);
    const path = join(this.#folder, `.incoming-${randomUUID()}`);
    await mkdir(path, { mode: 0o700 });
    return path;
  }

  async discard(incoming: string): Promise<void> {
    await rm(incoming, { recursive: true, force: true });
  }

  /**
   * Takes a downloaded file in, if its bytes are the pinned ones; else null and the digest found.
   * A git archive is pinned by its commit, which git checked; its digest is recorded here.
   */
  async admit(
    source: Source,
    file: string,
  ): Promise<{ source: CachedSource | null; found: string }> {
    const hashes = await hashFile(file);
    const path = join(this.#folder, nameOf(source));
    if (source.kind === 'git') await writeFile(`${path}.sha256`, hashes.sha256, { mode: 0o600 });
    const found = source.kind === 'npm' ? hashes.integrity : hashes.sha256;
    if (!(await this.#isPinned(source, hashes))) return { source: null, found };
    await chmod(file, 0o400);
    await rename(file, path);
    return { source: { path, digest: `sha256:${hashes.sha256}` }, found };
  }

  async #isPinned(source: Source, hashes: Hashes): Promise<boolean> {
    switch (source.kind) {
      case 'npm':
        return hashes.integrity === source.integrity;
      case 'debian':
      case 'tarball':
      case 'pypi':
      case 'go':
        return hashes.sha256 === source.sha256;
      case 'git': {
        const recorded = join(this.#folder, `${nameOf(source)}.sha256`);
        return (await exists(recorded)) && (await readFile(recorded, 'utf8')) === hashes.sha256;
      }
    }
  }
}

function nameOf(source: Source): string {
  switch (source.kind) {
    case 'npm':
      return `sha512-${Buffer.from(source.integrity.slice(7), 'base64').toString('hex')}`;
    case 'debian':
    case 'tarball':
    case 'pypi':
    case 'go':
      return `sha256-${source.sha256}`;
    case 'git':
      return `git-${source.commit}`;
  }
}

interface Hashes {
  readonly sha256: string;
  readonly integrity: string;
}

async function hashFile(path: string): Promise<Hashes> {
  const sha256 = createHash('sha256');
  const sha512 = createHash('sha512');
  for await (const chunk of createReadStream(path)) {
    sha256.update(chunk);
    sha512.update(chunk);
  }
  return { sha256: sha256.digest('hex'), integrity: `sha512-${sha512.digest('base64')}` };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}
