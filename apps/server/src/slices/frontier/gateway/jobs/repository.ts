import { setImmediate } from 'node:timers/promises';
import type { leftOutWhys, TemplateRepository } from '@breakwater/contract';
import {
  classified,
  classifiedText,
  type FoundMarking,
  ok,
  pointerToken,
  type Result,
  refuse,
} from '@breakwater/kernel';
import { z } from 'zod';
import { type ArchiveEntry, entriesOf } from './archive.ts';
import { ArchiveUnreadable } from './archive-fault.ts';
import { archiveUnreadable, nothingToRead, repositoryTooLarge } from './refusals.ts';

/** A file, or some of its lines where one call does not hold the whole. */
const Piece = z.object({
  path: z.string(),
  /** The number of its first line, from 1. */
  line: z.number(),
  text: z.string(),
});
type Piece = z.infer<typeof Piece>;

/** What one call reads of a repository. */
export const Portion = z.object({
  /** From 1. */
  part: z.number(),
  of: z.number(),
  files: z.array(Piece),
});
export type Portion = z.infer<typeof Portion>;

export interface LeftOut {
  readonly path: string;
  readonly why: (typeof leftOutWhys)[number];
}

/** A repository as it is read: what by which call, and what not. */
export interface Repository {
  readonly portions: readonly Portion[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Reads a repository's archive for a template: texts alone, by their paths, in as few calls as hold
 * them. Of several files under one path each is read: which of them counts depends on who unpacks.
 *
 * Refuses what is no archive, what goes beyond the template's bounds, an archive without anything to
 * read, and classification markings (rule DES-1). A portion marking alone leaves its file out: where
 * code stands, `(C)` and `(S)` mean other things a thousand times for each that means this one.
 */
export async function readRepository(
  archive: Uint8Array,
  asked: TemplateRepository,
): Promise<Result<Repository>> {
  const charsMax = asked.charsMax * asked.callsMax;
  const files: Piece[] = [];
  const leftOut: LeftOut[] = [];
  let chars = 0;
  try {
    for await (const { path, kind, chunks } of entriesOf(archive)) {
      const inName = classified(path);
      // The name itself would echo what was found in it.
      if (inName !== null) return refuse(classifiedText(inName, '/repository'));
      const why = whyNot(path, kind, asked);
      const bytes =
        why === null ? await bytesOf(chunks(), (charsMax - chars) * charBytesMax) : null;
      if (bytes === 'too-many') return refuse(repositoryTooLarge(asked));
      const text = bytes === null ? null : textOf(bytes);
      if (text === null) {
        leftOut.push({ path, why: why ?? 'not-text' });
        continue;
      }
      chars += charsOf(path, text);
      if (chars > charsMax) return refuse(repositoryTooLarge(asked));
      const marking = await markingIn(text);
      if (marking === null) files.push({ path, line: 1, text });
      else if (marking.kind === 'portion') leftOut.push({ path, why: 'marked' });
      else return refuse(classifiedText(marking, `/repository/${pointerToken(path)}`));
    }
  } catch (error) {
    if (error instanceof ArchiveUnreadable) return refuse(archiveUnreadable(error.message));
    throw error;
  }
  if (files.every(({ text }) => text === '')) return refuse(nothingToRead(leftOut.length));
  const portions = portionsOf(files.toSorted(byPath), asked.charsMax);
  if (portions.length > asked.callsMax) return refuse(repositoryTooLarge(asked));
  return ok({ portions, leftOut: leftOut.toSorted(byPath) });
}

/** Characters that are looked through at one time: others are served between two of them. */
const passageMax = 20_000;
/** A passage begins at a line so far before the end of the one before it, or within one if there is none. */
const overlap = 200;

async function markingIn(text: string): Promise<FoundMarking | null> {
  let line = 1;
  for (let from = 0; from < text.length; ) {
    const to = cutOf(text, from, passageMax);
    const found = classified(text.slice(from, to));
    if (found !== null) {
      const before = found.line === 1 ? from - (text.lastIndexOf('\n', from - 1) + 1) : 0;
      return { ...found, line: line + found.line - 1, column: before + found.column };
    }
    const lineAt = text.lastIndexOf('\n', to - overlap) + 1;
    const again = lineAt > from ? lineAt : to - overlap;
    const next = to < text.length ? again : to;
    line += linesIn(text.slice(from, next));
    from = next;
    await setImmediate();
  }
  return null;
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path === b.path ? 0 : a.path < b.path ? -1 : 1;
}

function whyNot(
  path: string,
  kind: ArchiveEntry['kind'],
  { endings }: TemplateRepository,
): LeftOut['why'] | null {
  if (kind === 'no-file') return 'no-file';
  if (path.split('/').includes('.git')) return 'git';
  const lower = path.toLowerCase();
  const isAsked = endings.length === 0 || endings.some((end) => lower.endsWith(end.toLowerCase()));
  return isAsked ? null : 'other-ending';
}

/** Of a character in UTF-8. */
const charBytesMax = 4;

/** The bytes of a file; null where a zero is among them, by which Git tells what is no text. */
async function bytesOf(
  chunks: AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<Buffer | 'too-many' | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    if (chunk.includes(0)) return null;
    length += chunk.length;
    if (length > bytesMax) return 'too-many';
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

const lenient = new TextDecoder();

/**
 * The text of a file; null where more than a tenth of it is not UTF-8. A few such bytes, as of a name
 * in Latin-1, leave no file unread.
 */
function textOf(bytes: Buffer): string | null {
  const text = lenient.decode(bytes);
  const replaced = text.split('\u{fffd}').length - 1;
  return replaced * 10 > text.length ? null : text;
}

/** What stands around a file in a call: counted with its text. */
const aroundEach = 40;

function charsOf(path: string, text: string): number {
  return path.length + text.length + aroundEach;
}

/** Files in their order, as many to a call as fit; one that fits into none is cut where a line ends. */
export function portionsOf(files: readonly Piece[], charsMax: number): readonly Portion[] {
  const portions: Piece[][] = [];
  let room = 0;
  for (const file of files) {
    for (const piece of piecesOf(file, charsMax)) {
      const chars = charsOf(piece.path, piece.text);
      if (chars > room) {
        portions.push([]);
        room = charsMax;
      }
      portions.at(-1)?.push(piece);
      room -= chars;
    }
  }
  return portions.map((pieces, at) => ({ part: at + 1, of: portions.length, files: pieces }));
}

function* piecesOf(file: Piece, charsMax: number): Generator<Piece> {
  const { path, text } = file;
  const most = Math.max(1, charsMax - charsOf(path, ''));
  let [from, line] = [0, file.line];
  do {
    const to = cutOf(text, from, most);
    const part = text.slice(from, to);
    yield { path, line, text: part };
    line += linesIn(part);
    from = to;
  } while (from < text.length);
}

/** After the last line that ends in time; within a line that is longer than all, between characters. */
function cutOf(text: string, from: number, most: number): number {
  if (text.length - from <= most) return text.length;
  const lineEnd = text.lastIndexOf('\n', from + most - 1) + 1;
  if (lineEnd > from) return lineEnd;
  const isInPair = /[\ud800-\udbff]/.test(text.charAt(from + most - 1));
  return from + most - (isInPair ? 1 : 0);
}
