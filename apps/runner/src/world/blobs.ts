import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Bytes by their SHA-256. A store must hand out exactly what was put: readers hash again.
 *
 * Durability: `finish` resolves when the bytes and their name would survive a loss of power; of a
 * writer that was asked for with `durable: false` they do when a later `sync` has resolved.
 */
export interface BlobStore {
  has(sha256: string): Promise<boolean>;
  /** Begins a blob, whose digest is known only at its end. */
  write(options?: { readonly durable: boolean }): Promise<BlobWriter>;
  /** The bytes in order, or null when there are none by this digest. */
  read(sha256: string): Promise<AsyncIterable<Uint8Array> | null>;
  sync(): Promise<void>;
}

export interface BlobWriter {
  add(bytes: Uint8Array): Promise<void>;
  /** Keeps what was added and answers its digest as 64 hex digits. */
  finish(): Promise<string>;
  /** Drops what was added. */
  abandon(): Promise<void>;
}

/**
 * A store in a directory: one file for each blob, named by its digest, in 256 directories. Several
 * processes may share it.
 */
export async function openBlobs(directory: string): Promise<BlobStore> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await removeUnfinished(directory);
  return new DirectoryBlobs(directory);
}

const UNFINISHED = '.writing-';
const ABANDONED_MS = 24 * 3_600_000;
/** With more new files than this, one call for the whole file system costs less than one for each. */
const ONE_BY_ONE_MAX = 8;

class DirectoryBlobs implements BlobStore {
  readonly #directory: string;
  #unsynced = new Set<string>();
  #syncing: Promise<void> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async has(sha256: string): Promise<boolean> {
    return isDigest(sha256) && (await exists(this.#pathOf(sha256)));
  }

  async write({ durable } = { durable: true }): Promise<BlobWriter> {
    const temporary = join(this.#directory, `${UNFINISHED}${randomBytes(8).toString('hex')}`);
    const file = await open(temporary, 'wx', 0o600);
    const hash = createHash('sha256');
    const add = async (bytes: Uint8Array) => {
      hash.update(bytes);
      await file.writeFile(bytes);
    };
    const abandon = async () => {
      await file.close();
      await rm(temporary, { force: true });
    };
    const finish = async () => {
      const sha256 = hash.digest('hex');
      await file.close();
      const path = this.#pathOf(sha256);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      if (await exists(path)) await rm(temporary, { force: true });
      else await rename(temporary, path);
      // what is there already may be another writer's, and not synced yet
      this.#unsynced.add(path);
      if (durable) await this.sync();
      return sha256;
    };
    return { add, abandon, finish };
  }

  async read(sha256: string): Promise<AsyncIterable<Uint8Array> | null> {
    if (!isDigest(sha256)) return null;
    const file = await open(this.#pathOf(sha256), 'r').catch(() => null);
    return file === null ? null : file.createReadStream({ highWaterMark: 64 << 10 });
  }

  /** One after another: who comes later may rely on what an earlier one has taken upon itself. */
  sync(): Promise<void> {
    const next = this.#syncing.then(() => this.#syncNow());
    this.#syncing = next.catch(() => {});
    return next;
  }

  async #syncNow(): Promise<void> {
    const paths = [...this.#unsynced];
    if (paths.length > ONE_BY_ONE_MAX && (await syncFileSystem(this.#directory))) {
      for (const path of paths) this.#unsynced.delete(path);
      return;
    }
    for (const path of paths) {
      await syncOne(path);
      // a name is durable only when its directory is
      await syncOne(dirname(path));
      this.#unsynced.delete(path);
    }
    if (paths.length > 0) await syncOne(this.#directory);
  }

  #pathOf(sha256: string): string {
    return join(this.#directory, sha256.slice(0, 2), sha256);
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Whether coreutils could sync the whole file system that `path` lies on. */
function syncFileSystem(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('/usr/bin/sync', ['--file-system', path], { env: {} }, (error) => {
      resolve(error === null);
    });
  });
}

async function syncOne(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What a process left that was killed while it wrote; another one may be writing now. */
async function removeUnfinished(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const path = join(directory, name);
    const seen = await stat(path).catch(() => null);
    if (seen !== null && seen.mtimeMs < Date.now() - ABANDONED_MS) await rm(path, { force: true });
  }
}

/** A store that lives as long as the process: for files that go from one world to the next. */
export function memoryBlobs(): BlobStore {
  const held = new Map<string, Uint8Array>();
  return {
    has: (sha256) => Promise.resolve(held.has(sha256)),
    sync: () => Promise.resolve(),
    write() {
      const parts: Uint8Array[] = [];
      return Promise.resolve({
        add(bytes) {
          parts.push(Uint8Array.from(bytes));
          return Promise.resolve();
        },
        finish() {
          const bytes = Buffer.concat(parts);
          const sha256 = createHash('sha256').update(bytes).digest('hex');
          held.set(sha256, bytes);
          return Promise.resolve(sha256);
        },
        abandon: () => Promise.resolve(),
      });
    },
    read(sha256) {
      const bytes = held.get(sha256);
      return Promise.resolve(bytes === undefined ? null : once(bytes));
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function isDigest(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
