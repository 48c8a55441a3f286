import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
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
const KeptManifest = z.object({ ...Manifest.shape, key: z.string() });

/** A build in the cache: the files it made, and how. */
export interface CachedBuild {
  readonly key: Digest;
  /** Digest of the canonical JSON of its files' paths, sizes and digests. */
  readonly digest: Digest;
  readonly folder: string;
  readonly files: readonly BuildFile[];
}

/** What the builds may take together before those unused for longest are thrown away. */
const bytesMaxDefault = 4 * 1024 ** 3;

/** A build used this recently is kept whatever it takes: some job may be copying it. */
const inUseMs = 15 * 60_000;

const sideBySide = 16;
/** Larger files are hashed in pieces. */
const wholeBytesMax = 4 * 1024 ** 2;

/**
 * Builds by the digest of everything that went into them.
 *
 * Private (0700), never mounted into a sandbox (jobs run copies), and safe for several processes:
 * a build appears and disappears by rename only. On every use it is held against its manifest:
 * the key it was kept under, no file more or less, no links, each digest. What differs is thrown
 * away and built anew. Who can write here as us can also write a manifest that fits: that is
 * outside what this defends.
 */
export class BuildCache {
  readonly #folder: string;
  readonly #bytesMax: number;

  constructor(root: string, bytesMax: number = bytesMaxDefault) {
    this.#folder = join(root, 'builds');
    this.#bytesMax = bytesMax;
  }

  /** The build of this key, or null when it is absent or was altered. */
  async find(key: Digest): Promise<CachedBuild | null> {
    const entry = this.#pathOf(key);
    const manifest = await readManifest(entry);
    if (manifest === 'absent') return null;
    const folder = join(entry, 'files');
    if (manifest === 'malformed' || manifest.key !== key || !(await isIntact(folder, manifest))) {
      await this.#remove(entry);
      return null;
    }
    const now = new Date();
    await utimes(join(entry, 'manifest.json'), now, now).catch(() => {
      // another process removed it in between: then the files cannot be copied either
    });
    const { files } = manifest;
    return { key, digest: digestOfFiles(files), folder, files };
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
    const text = JSON.stringify({ ...manifest, key } satisfies z.infer<typeof KeptManifest>);
    await writeFile(join(incoming, 'manifest.json'), text, { mode: 0o600 });
    await rename(incoming, this.#pathOf(key)).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error;
    });
    const kept = await this.find(key);
    if (kept === null)
      throw new Error(`the build ${key} vanished from the cache while it was kept`);
    await this.#evict();
    return kept;
  }

  /** Throws away what was unused for longest until the rest fits. */
  async #evict(): Promise<void> {
    const entries = [];
    for (const name of await readdir(this.#folder)) {
      if (name.startsWith('.')) continue;
      const path = join(this.#folder, name);
      const manifest = await readManifest(path);
      const status = await stat(join(path, 'manifest.json')).catch(() => null);
      if (typeof manifest === 'string' || status === null) continue;
      const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
      entries.push({ path, bytes, usedAt: status.mtimeMs });
    }
    let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    const oldestInUse = Date.now() - inUseMs;
    for (const { path, bytes, usedAt } of entries.toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (total <= this.#bytesMax || usedAt > oldestInUse) return;
      await this.#remove(path);
      total -= bytes;
    }
  }

  /** Removes an entry so that nobody ever finds half of one. */
  async #remove(entry: string): Promise<void> {
    const aside = join(this.#folder, `.evicted-${randomUUID()}`);
    const moved = await rename(entry, aside).then(
      () => true,
      () => false,
    );
    if (moved) await rm(aside, { recursive: true, force: true });
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

async function readManifest(
  entry: string,
): Promise<z.infer<typeof KeptManifest> | 'absent' | 'malformed'> {
  const text = await readFile(join(entry, 'manifest.json'), 'utf8').catch(() => null);
  if (text === null) return 'absent';
  try {
    return KeptManifest.parse(JSON.parse(text));
  } catch {
    return 'malformed';
  }
}

/** Whether a folder holds exactly the files of its manifest. */
async function isIntact(
  folder: string,
  { files }: { readonly files: readonly BuildFile[] },
): Promise<boolean> {
  const lying = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const things = lying.filter((entry) => !entry.isDirectory());
  // a link, even to the right bytes, is somebody else's file
  if (things.length !== files.length || !things.every((entry) => entry.isFile())) return false;
  const paths = new Set(things.map(({ name, parentPath }) => join(parentPath, name)));
  if (!files.every(({ path }) => paths.has(join(folder, path)))) return false;
  // side by side: each step alone is a wait for another thread
  for (let at = 0; at < files.length; at += sideBySide) {
    const some = files.slice(at, at + sideBySide);
    const equal = await Promise.all(
      some.map(async ({ path, sha256 }) => (await sha256Of(join(folder, path))) === sha256),
    );
    if (equal.includes(false)) return false;
  }
  return true;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  if ((await stat(path)).size <= wholeBytesMax)
    return hash.update(await readFile(path)).digest('hex');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}
