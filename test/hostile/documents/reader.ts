import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { ok, type Result, refuse } from '@breakwater/kernel';
import { readJson } from '../../../packages/formats/src/json/read-json.ts';

export const root: string = resolve(import.meta.dirname, '../../..');

/** One reader of documents from outside, and documents it takes, to begin breaking from. */
export interface Reader {
  /** The functions it covers: `<entry point of a package>#<exported name>`. */
  readonly reads: readonly string[];
  /** Documents, of which at least one is accepted; small, since there will be very many. */
  readonly seeds: () => readonly Uint8Array[];
  readonly read: (document: Uint8Array) => Result<unknown> | Promise<Result<unknown>>;
  /** Accepted values may be so many times as large; default 150, a sentence about every line. */
  readonly growthMax?: number;
  /** How many of its documents are read, of those that every reader gets; default all. */
  readonly share?: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** For readers of text: what is no UTF-8 becomes a lone surrogate, which JSON may carry. */
export function textOf(document: Uint8Array): string {
  return decoder.decode(document).replaceAll('\ufffd', '\ud83d');
}

/** A reader that answers null for what it does not take. */
export function orNull(value: unknown): Result<unknown> {
  if (value !== null && value !== undefined) return ok(value);
  return refuse({ code: 'null', expected: 'another document', got: 'this one', todo: 'see there' });
}

/** For readers that are given values: what their callers bound is bounded here; null for the rest. */
export function jsonOf(document: Uint8Array): unknown {
  const json = readJson(document, { bytesMax: document.length, depthMax: 512 });
  return json.ok ? json.value : null;
}

/** Seeds written down: a text, or a value that is written as JSON. */
export function written(...seeds: readonly unknown[]): () => Uint8Array[] {
  return () =>
    seeds.map((seed) => encoder.encode(typeof seed === 'string' ? seed : JSON.stringify(seed)));
}

const SEED_BYTES_MAX = 40_000;
/** Of these there are many, and no need to break the longest. */
const REAL_BYTES_MAX = 12_000;
const PLAIN = new Set(['LICENSE', 'README', 'NOTICE', 'COPYING']);

/** Every small file of a folder of the repository, except pages and licenses. */
export function vectors(folder: string, ending?: string): () => Uint8Array[] {
  return () => filesBelow(join(root, folder), ending);
}

/** The same of the real data that is not committed; none where it is missing. */
export function realData(folder: string, ending?: string): () => Uint8Array[] {
  const data = process.env['BREAKWATER_DATA'] ?? join(root, '../shared/data');
  return () => {
    try {
      return filesBelow(join(data, folder), ending, REAL_BYTES_MAX).slice(0, 60);
    } catch {
      return [];
    }
  };
}

export function all(...sources: readonly (() => readonly Uint8Array[])[]): () => Uint8Array[] {
  return () => sources.flatMap((source) => source());
}

function filesBelow(folder: string, ending = '', bytesMax = SEED_BYTES_MAX): Uint8Array[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted((a, b) => (a < b ? -1 : 1))
    .filter((name) => name.endsWith(ending) && extname(name) !== '.md')
    .filter((name) => !PLAIN.has(name.split('/').at(-1) ?? ''))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size <= bytesMax)
    .map((path) => readFileSync(path));
}
