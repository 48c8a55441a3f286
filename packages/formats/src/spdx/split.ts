import { ok, type Result } from '@breakwater/kernel';
import type { InventoryLimits, InventoryRefusal } from '../inventory/inventory.ts';
import { type JsonWalk, walkJson } from '../inventory/walk-json.ts';
import { readPiece } from '../json/read-piece.ts';
import type { JsonChoice, JsonPath, JsonPiece } from '../json/split-json.ts';
import { describedBy, packageOf, type SpdxDocument } from './document.ts';

const packageMembers = new Set(['SPDXID', 'name', 'versionInfo', 'sourceInfo', 'externalRefs']);

/** Walks an SPDX document in JSON by its bytes: files and snippets, its largest part, are never built. */
export function splitSpdx(
  bytes: Uint8Array,
  limits: InventoryLimits,
): Result<SpdxDocument, InventoryRefusal> {
  const walk = new Walk();
  const walked = walkJson(bytes, limits, walk);
  if (!walked.ok) return walked;
  const packages = walk.drafts.map((draft, index) => packageOf(Object.fromEntries(draft), index));
  return ok({ version: walk.version, packages, described: walk.described });
}

class Walk implements JsonWalk {
  /** Of one member of a package, or of one relationship. */
  readonly pieceBytesMax = 256 * 1024;
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

  count(): number {
    return this.drafts.length;
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
