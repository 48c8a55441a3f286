import { ok, type Result } from '@breakwater/kernel';
import { type InventoryLimits, type InventoryRefusal, tooMany } from '../inventory/inventory.ts';
import { asInventoryRefusal, membersMax, tooLarge } from '../inventory/outline.ts';
import { readPiece } from '../json/read-piece.ts';
import {
  type JsonChoice,
  type JsonPath,
  type JsonPiece,
  JsonSplitter,
} from '../json/split-json.ts';
import { describedBy, packageOf, type SpdxDocument } from './document.ts';

/** What is looked at of one member of a package, or of one relationship. */
const pieceBytesMax = 256 * 1024;
const chunkBytes = 1024 * 1024;
const packageMembers = new Set(['SPDXID', 'name', 'versionInfo', 'sourceInfo', 'externalRefs']);

/** Walks an SPDX document in JSON by its bytes: files and snippets, its largest part, are never built. */
export function splitSpdx(
  bytes: Uint8Array,
  limits: InventoryLimits,
): Result<SpdxDocument, InventoryRefusal> {
  if (bytes.length > limits.bytesMax) return tooLarge(bytes, limits);
  const walk = new Walk();
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
    if (walk.drafts.length > limits.entriesMax) return tooMany(limits);
  }
  const end = splitter.end();
  if (!end.ok) return asInventoryRefusal(end);
  const packages = walk.drafts.map((draft, index) => packageOf(Object.fromEntries(draft), index));
  return ok({ version: walk.version, packages, described: walk.described });
}

class Walk {
  /** The members of each package that are looked at. */
  readonly drafts: Map<string, unknown>[] = [];
  readonly described = new Set<string>();
  version = '';

  choose(path: JsonPath, opening: '{' | '[' | 'other'): JsonChoice {
    const [list, , member] = path;
    if (path.length === 0) return opening === '{' ? 'enter' : 'skip';
    if (path.length === 1) {
      if (list === 'spdxVersion') return 'keep';
      const lists = ['packages', 'relationships', 'documentDescribes'];
      return opening === '[' && lists.includes(String(list)) ? 'enter' : 'skip';
    }
    if (list !== 'packages') return 'keep';
    if (path.length === 2) {
      this.drafts.push(new Map());
      return opening === '{' ? 'enter' : 'skip';
    }
    return packageMembers.has(String(member)) ? 'keep' : 'skip';
  }

  take(piece: JsonPiece): Result<null, InventoryRefusal> {
    const value = piece.bytes === null ? ok(null) : readPiece(piece);
    if (!value.ok) return value;
    const [list, index, member] = piece.path;
    if (list === 'packages') this.drafts[Number(index)]?.set(String(member), value.value);
    else if (list === 'spdxVersion') this.version = String(value.value);
    else {
      const id = typeof value.value === 'string' ? value.value : describedBy(value.value);
      if (id !== undefined) this.described.add(id);
    }
    return ok(null);
  }
}
