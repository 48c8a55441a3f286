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
