import { ok, type Result } from '@breakwater/kernel';
import {
  type JsonChoice,
  type JsonPath,
  type JsonPiece,
  JsonSplitter,
} from '../json/split-json.ts';
import { type InventoryLimits, type InventoryRefusal, tooMany } from './inventory.ts';
import { asInventoryRefusal, membersMax, tooLarge } from './outline.ts';

/** What looks at a document piece by piece, and keeps of it what an inventory needs. */
export interface JsonWalk {
  /** The most bytes of one piece that is looked at. */
  readonly pieceBytesMax: number;
  choose(path: JsonPath, opening: '{' | '[' | 'other'): JsonChoice;
  take(piece: JsonPiece): Result<null, InventoryRefusal>;
  /** Entries found so far. */
  count(): number;
}

const chunkBytes = 1024 * 1024;

/** Leads `walk` through a JSON document by its bytes; the document is never built. */
export function walkJson(
  bytes: Uint8Array,
  limits: InventoryLimits,
  walk: JsonWalk,
): Result<null, InventoryRefusal> {
  if (bytes.length > limits.bytesMax) return tooLarge(bytes, limits);
  const { pieceBytesMax } = walk;
  const splitter = new JsonSplitter({
    choose: (path, opening) => walk.choose(path, opening),
    limits: { depthMax: limits.depthMax, pieceBytesMax, membersMax },
  });
  for (let at = 0; at <= bytes.length; at += chunkBytes) {
    const part = splitter.push(bytes.subarray(at, at + chunkBytes));
    if (!part.ok) return asInventoryRefusal(part);
    for (const piece of part.value) {
      const taken = walk.take(piece);
      if (!taken.ok) return taken;
    }
    if (walk.count() > limits.entriesMax) return tooMany(limits);
  }
  const end = splitter.end();
  return end.ok ? ok(null) : asInventoryRefusal(end);
}
