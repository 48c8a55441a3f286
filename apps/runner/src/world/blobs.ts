import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Bytes by their SHA-256. A store must hand out exactly what was put: readers hash again.
 *
 * Durability: `finish` resolves when the bytes and their name would survive a loss of power.
 */
export interface BlobStore {
  has(sha256: string): Promise<boolean>;
  /** Begins a blob, whose digest is known only at its end. */
  write(): Promise<BlobWriter>;
  /** The bytes in order, or null when there are none by this digest. */
  read(sha256: string): Promise<AsyncIterable<Uint8Array> | null>;
}

export interface BlobWriter {
  add(bytes: Uint8Array): Promise<void>;
  /** Keeps what was added and answers its digest as 64 hex digits. */
  finish(): Promise<string>;
  /** Drops what was added. */
  abandon(): Promise<void>;
}

/** A store in a directory: one file for each blob, named by its digest, in 256 directories. */
export async function openBlobs(directory: string): Promise<BlobStore> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pathOf = (sha256: string) => join(directory, sha256.slice(0, 2), sha256);
  return {
    async has(sha256) {
      return (
        (await access(pathOf(sha256)).then(
          () => true,
          () => false,
        )) && isDigest(sha256)
      );
    },
    async write() {
      const temporary = join(directory, `.writing-${randomBytes(8).toString('hex')}`);
      const file = await open(temporary, 'wx', 0o600);
      const hash = createHash('sha256');
      return {
        async add(bytes) {
          hash.update(bytes);
          await file.writeFile(bytes);
        },
        async finish() {
          const sha256 = hash.digest('hex');
          await file.sync();
          await file.close();
          const path = pathOf(sha256);
          await mkdir(dirname(path), { recursive: true, mode: 0o700 });
          await rename(temporary, path);
          await syncDirectory(dirname(path));
          return sha256;
        },
        async abandon() {
          await file.close();
          await rm(temporary, { force: true });
        },
      };
    },
    async read(sha256) {
      if (!isDigest(sha256)) return null;
      const file = await open(pathOf(sha256), 'r').catch(() => null);
      return file === null ? null : file.createReadStream({ highWaterMark: 64 << 10 });
    },
  };
}

/** A store that lives as long as the process: for files that go from one world to the next. */
export function memoryBlobs(): BlobStore {
  const held = new Map<string, Uint8Array>();
  return {
    has: (sha256) => Promise.resolve(held.has(sha256)),
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

/** A name is durable only when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
