import { ok, type Result } from '@breakwater/kernel';
import type { Told } from '../inventory/identity.ts';
import type { InventoryLimits, InventoryRefusal } from '../inventory/inventory.ts';
import { type JsonWalk, walkJson } from '../inventory/walk-json.ts';
import { asText } from '../json/read-json.ts';
import { readPiece } from '../json/read-piece.ts';
import type { JsonChoice, JsonPath, JsonPiece } from '../json/split-json.ts';
import { sourceToldByTrivy } from './trivy.ts';

/** What a document says of one thing, as far as it is looked at. */
export interface Draft {
  readonly kind: 'component' | 'described' | 'not-a-list' | 'not-an-object';
  readonly path: string;
  name?: string | undefined;
  version?: string | undefined;
  purl?: string | undefined;
  source?: Told['source'];
}

export interface SplitDocument {
  readonly bomFormat: unknown;
  readonly specVersion: unknown;
  /** In the order of the document; a component before those nested in it. */
  readonly drafts: readonly Draft[];
}

/** Walks a document by its bytes and keeps of each component what names it. */
export function splitCycloneDx(
  bytes: Uint8Array,
  limits: InventoryLimits,
): Result<SplitDocument, InventoryRefusal> {
  const walk = new Walk();
  const walked = walkJson(bytes, limits, walk);
  if (!walked.ok) return walked;
  const { bomFormat, specVersion } = walk;
  return ok({ bomFormat, specVersion, drafts: [...walk.drafts.values()] });
}

/** What stands at a path: the places that are looked into, and everything else. */
type Place = 'root' | 'metadata' | 'described' | 'list' | 'component' | 'other';

class Walk implements JsonWalk {
  /** Of a component's name or purl, or of all its properties. */
  readonly pieceBytesMax = 1024 * 1024;
  readonly drafts = new Map<string, Draft>();
  bomFormat: unknown;
  specVersion: unknown;

  choose(path: JsonPath, opening: '{' | '[' | 'other'): JsonChoice {
    switch (placeOf(path)) {
      case 'root':
      case 'metadata':
        return opening === '{' ? 'enter' : 'skip';
      case 'described':
        if (opening !== '{') return 'skip';
        this.#draft(path, 'described');
        return 'enter';
      case 'list':
        if (opening === '[') return 'enter';
        this.#draft(path, 'not-a-list');
        return 'skip';
      case 'component':
        this.#draft(path, opening === '{' ? 'component' : 'not-an-object');
        return opening === '{' ? 'enter' : 'skip';
      case 'other':
        return isLookedAt(path) ? 'keep' : 'skip';
    }
  }

  count(): number {
    return this.drafts.size;
  }

  #draft(path: JsonPath, kind: Draft['kind']): void {
    const pointer = pointerOf(path);
    this.drafts.set(pointer, { kind, path: pointer });
  }

  take(piece: JsonPiece): Result<null, InventoryRefusal> {
    const value = piece.bytes === null ? ok(null) : readPiece(piece);
    if (!value.ok) return value;
    const owner = piece.path.slice(0, -1);
    const member = piece.path.at(-1);
    const draft = this.drafts.get(pointerOf(owner));
    if (owner.length === 0 && member === 'bomFormat') this.bomFormat = value.value;
    else if (owner.length === 0 && member === 'specVersion') this.specVersion = value.value;
    else if (draft === undefined) return ok(null);
    else if (member === 'properties') draft.source = sourceToldByTrivy(value.value);
    else if (member === 'name' || member === 'version' || member === 'purl') {
      draft[member] = asText(value.value);
    }
    return ok(null);
  }
}

/** Of places that are looked into: none of their names needs an escape (RFC 6901 §3). */
function pointerOf(path: JsonPath): string {
  return path.map((each) => `/${each}`).join('');
}

function placeOf(path: JsonPath): Place {
  let place: Place = 'root';
  for (const step of path) place = stepTo(place, step);
  return place;
}

function stepTo(place: Place, step: string | number): Place {
  switch (place) {
    case 'root':
      if (step === 'components') return 'list';
      return step === 'metadata' ? 'metadata' : 'other';
    case 'metadata':
      return step === 'component' ? 'described' : 'other';
    case 'described':
    case 'component':
      return step === 'components' ? 'list' : 'other';
    case 'list':
      return 'component';
    case 'other':
      return 'other';
  }
}

/** Members of the root and of components that name something. */
function isLookedAt(path: JsonPath): boolean {
  const member = path.at(-1);
  if (path.length === 1) return member === 'bomFormat' || member === 'specVersion';
  const owner = placeOf(path.slice(0, -1));
  const names = ['name', 'version', 'purl', 'properties'];
  return (owner === 'component' || owner === 'described') && names.includes(String(member));
}
