import { createHash } from 'node:crypto';
import type { BlobStore } from './blobs.ts';
import type { Line } from './line.ts';
import { isKeptPath, type Manifest, readPath } from './manifest.ts';
import { insideCode, no } from './refusals.ts';
import type { SeedFile, WorldResult } from './world.ts';

const PART_BYTES = 64 << 10;
const ASK_EVERY_BYTES = 4 << 20;
const DEFAULT_MODE = 0o644;
const PATH_BYTES_MAX = 4000;

const done: WorldResult<void> = { ok: true, value: undefined };

/** The bytes of a regular file; no part of its path may be a link. */
export async function readPlain(
  line: Line,
  path: string,
  maxBytes: number,
): Promise<WorldResult<Uint8Array>> {
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 0) {
    return no('request-malformed', `maxBytes ${maxBytes}`);
  }
  const parts: Uint8Array[] = [];
  const answer = await line.ask('r', [path, String(maxBytes)], {
    take: ({ kind, body }) => {
      if (kind === 'd') parts.push(Uint8Array.from(body));
    },
  });
  if (!answer.ok) return answer;
  const { verdict, fields } = answer.value;
  if (verdict !== 'done') return no(insideCode(fields[0] ?? ''), fields[1] ?? verdict);
  return { ok: true, value: Buffer.concat(parts) };
}

/** Puts files whole, in order; stops at the first that cannot be put. */
export async function putFiles(line: Line, files: readonly SeedFile[]): Promise<WorldResult<void>> {
  const putting = new Putting(line);
  for (const { path, bytes, mode } of files) {
    putting.begin({ path, mode: mode ?? DEFAULT_MODE, modifiedMs: null });
    const added = await putting.add(bytes);
    if (!added.ok) return added;
    putting.finish();
  }
  return putting.settle();
}

/** Makes a fresh world's files as a manifest has them; each blob's digest is computed again. */
export async function putKept(
  line: Line,
  manifest: Manifest,
  store: BlobStore,
): Promise<WorldResult<void>> {
  const putting = new Putting(line);
  const shut: [Uint8Array, number][] = [];
  for (const entry of manifest.entries) {
    const path = readPath(entry.path);
    if (path === null || !isKeptPath(path)) return no('kept-files-damaged', `path ${entry.path}`);
    // the agent, which cannot open what is the services', could still have shut it to them
    const owner = entry.path.startsWith('/service/') ? 0o700 : 0;
    if (entry.kind === 'directory') {
      line.say('m', [path, '']);
      if (entry.mode !== 0o755) shut.push([path, entry.mode | owner]);
    } else if (entry.kind === 'link') {
      const target = readPath(entry.target);
      if (target === null) return no('kept-files-damaged', `the target of ${entry.path}`);
      line.say('l', [path, target]);
    } else {
      const bytes = await store.read(entry.sha256);
      if (bytes === null) return no('kept-files-damaged', `no blob for ${entry.path}`);
      const mode = entry.mode | (owner & 0o600);
      putting.begin({ path, mode, modifiedMs: entry.modifiedMs });
      const hash = createHash('sha256');
      for await (const part of bytes) {
        hash.update(part);
        const added = await putting.add(part);
        if (!added.ok) return added;
      }
      if (hash.digest('hex') !== entry.sha256) {
        return no('kept-files-damaged', `the blob of ${entry.path} has other bytes`);
      }
      putting.finish();
    }
    const settled = await putting.settleNowAndThen();
    if (!settled.ok) return settled;
  }
  // from below, since a shut directory shuts out what is in it
  for (const [path, mode] of shut.reverse()) line.say('p', [path, String(mode)]);
  return putting.settle();
}

/** Says files without waiting, and asks only now and then how it went. */
class Putting {
  readonly #line: Line;
  #unsettled = 0;

  constructor(line: Line) {
    this.#line = line;
  }

  begin(file: { path: string | Uint8Array; mode: number; modifiedMs: number | null }): void {
    const modified = file.modifiedMs === null ? '' : String(file.modifiedMs);
    this.#line.say('w', [file.path, String(file.mode), modified]);
  }

  async add(bytes: Uint8Array): Promise<WorldResult<void>> {
    for (let at = 0; at < bytes.length; at += PART_BYTES) {
      this.#line.sayBytes('W', bytes.subarray(at, at + PART_BYTES));
      this.#unsettled += PART_BYTES;
      const settled = await this.settleNowAndThen();
      if (!settled.ok) return settled;
    }
    return done;
  }

  finish(): void {
    this.#line.sayBytes('z', new Uint8Array());
    this.#unsettled += 1 << 10;
  }

  settleNowAndThen(): Promise<WorldResult<void>> {
    return this.#unsettled < ASK_EVERY_BYTES ? Promise.resolve(done) : this.settle();
  }

  async settle(): Promise<WorldResult<void>> {
    this.#unsettled = 0;
    const answer = await this.#line.ask('f', []);
    if (!answer.ok) return answer;
    const { verdict, fields } = answer.value;
    return verdict === 'done' ? done : no(insideCode(fields[0] ?? ''), fields[1] ?? verdict);
  }
}

/** Why a path is not one below `places`, by plain names; null when it is. */
export function misplaced(path: string, places: readonly string[]): string | null {
  const place = places.find((root) => path.startsWith(`${root}/`));
  if (place === undefined) return `${path}, which is not below ${places.join(', ')}`;
  if (path.includes('\0') || Buffer.byteLength(path) > PATH_BYTES_MAX)
    return 'a path with a NUL, or too long';
  const names = path.slice(place.length + 1).split('/');
  const plain = names.every((name) => name !== '' && name !== '.' && name !== '..');
  return plain ? null : `${path}, which is not written plainly`;
}
