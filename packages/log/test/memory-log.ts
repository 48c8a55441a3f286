import { utf8 } from '@breakwater/kernel';
import { ed25519 } from '@noble/curves/ed25519.js';
import type { Edge, FetchFile } from '../src/index.ts';
import {
  appendEntries,
  edgeRoot,
  emptyEdge,
  formatVerifierKey,
  signCheckpoint,
  verifierKey,
} from '../src/index.ts';

const secret = new Uint8Array(32).fill(42);
const origin = 'log.example/test';
const key = verifierKey(origin, ed25519.getPublicKey(secret));

/** The verifier key of every log made here, in text form. */
export const vkey: string = formatVerifierKey(key);

/** A log in memory: its files by path, as a server would write them. */
export interface MemoryLog {
  readonly files: Map<string, Uint8Array>;
  readonly fetchFile: FetchFile;
  edge: Edge;
}

/** 32 bytes that differ for each index and variant. */
export function entryOf(index: number, variant = 'a'): Uint8Array {
  return utf8(`${variant}-${index}`.padStart(32, '.'));
}

/** A signed log of `size` entries, checkpointed once. */
export async function logOf(size: number, variant = 'a'): Promise<MemoryLog> {
  const files = new Map<string, Uint8Array>();
  const fetchFile: FetchFile = (path) => Promise.resolve(files.get(path) ?? null);
  const log = { files, fetchFile, edge: emptyEdge };
  await grow(log, size, variant);
  return log;
}

/** Appends `count` entries in one batch and signs the new checkpoint. */
export async function grow(log: MemoryLog, count: number, variant = 'a'): Promise<void> {
  const first = log.edge.size;
  const entries = Array.from({ length: count }, (_, i) => entryOf(first + i, variant));
  const { edge, files } = appendEntries(log.edge, entries);
  for (const { path, bytes } of files) log.files.set(path, bytes);
  log.edge = edge;
  await sign(log, edge.size, edgeRoot(edge));
}

/** Signs a checkpoint of any size and root with the log's key. */
export async function sign(log: MemoryLog, size: number, root: Uint8Array): Promise<void> {
  const signer = { key, sign: (message: Uint8Array) => ed25519.sign(message, secret) };
  const note = await signCheckpoint({ origin, size, root, extensions: [] }, [signer]);
  log.files.set('checkpoint', utf8(note));
}

/** The file at `path`, which must be there. */
export function fileOf(log: MemoryLog, path: string): Uint8Array {
  const bytes = log.files.get(path);
  if (bytes === undefined) throw new Error(`no file ${path}`);
  return bytes;
}

/** Flips one bit of a file. */
export function flip(log: MemoryLog, path: string, at: number): void {
  const bytes = fileOf(log, path).slice();
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  log.files.set(path, bytes);
}
