import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CollectedFile, CollectLimits, SkippedFile } from './sandbox.ts';

const SKIPPED_MAX = 100;
const NAME_BYTES_MAX = 255;
// the last is what bytes that are no UTF-8 decode to
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\ufffd]/u;

/** Why a returned file's path is not taken, or null when it is. */
export function pathRefusal(path: string, depthMax: number): string | null {
  const names = path.split('/');
  if (CONTROL.test(path)) return 'control characters or bytes that are not UTF-8 in the name';
  if (names.some((name) => name === '' || name === '.' || name === '..')) return 'not a plain path';
  if (names.some((name) => Buffer.byteLength(name) > NAME_BYTES_MAX)) return 'name too long';
  if (names.length > depthMax) return 'too deep';
  return null;
}

/**
 * Writes what a run returned into a directory of ours. The launcher sends regular files only;
 * names, counts and sizes are judged here again, and modes are ours, never the run's.
 */
export class Collector {
  readonly #into: string;
  readonly #limits: CollectLimits;
  readonly files: CollectedFile[] = [];
  readonly skipped: SkippedFile[] = [];
  #open: { path: string; file: FileHandle; hash: Hash; size: number } | null = null;
  #bytes = 0;

  constructor(into: string, limits: CollectLimits) {
    this.#into = into;
    this.#limits = limits;
  }

  /** One of the launcher's frames: `f` a path, `d` bytes of it, `k` a path that was skipped. */
  async take(kind: string, body: Buffer): Promise<void> {
    if (kind === 'f') await this.#begin(body);
    if (kind === 'd') await this.#data(body);
    if (kind === 'k') {
      const [path = '', reason = ''] = body.toString('utf8').split('\0');
      this.#skip(path, reason);
    }
  }

  /** A file begins; `body` is its path. */
  async #begin(body: Buffer): Promise<void> {
    await this.end();
    const path = body.toString('utf8');
    const refusal =
      this.files.length >= this.#limits.filesMax
        ? 'too many files'
        : pathRefusal(path, this.#limits.depthMax);
    if (refusal !== null) {
      this.#skip(path, refusal);
      return;
    }
    const target = join(this.#into, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    this.#open = {
      path,
      file: await open(target, 'wx', 0o600),
      hash: createHash('sha256'),
      size: 0,
    };
  }

  async #data(body: Buffer): Promise<void> {
    if (this.#open === null) return;
    this.#bytes += body.length;
    if (this.#bytes > this.#limits.bytesMax) throw new Error('collected files passed their cap');
    this.#open.hash.update(body);
    this.#open.size += body.length;
    await this.#open.file.writeFile(body);
  }

  async end(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    await open.file.close();
    this.files.push({ path: open.path, size: open.size, sha256: open.hash.digest('hex') });
  }

  /** Lets go of a file that was under way when a run failed on our side. */
  async abandon(): Promise<void> {
    await this.#open?.file.close();
    this.#open = null;
  }

  #skip(path: string, reason: string): void {
    if (this.skipped.length >= SKIPPED_MAX) return;
    this.skipped.push({ path: JSON.stringify(path).slice(1, -1).slice(0, 1000), reason });
  }
}
