import { ok, type Result, refuse } from '@breakwater/kernel';
import { readPiece } from '../json/read-piece.ts';
import { type JsonChoice, type JsonPath, JsonSplitter } from '../json/split-json.ts';
import type { InventoryLimits, InventoryRefusal } from './inventory.ts';

type Root = Readonly<Record<string, unknown>>;

/** A scalar that tells a format is short. */
const scalarBytesMax = 1024;
/** Members of an object that is looked at: a lock file of npm 1 has its packages in one. */
export const membersMax = 200_000;

/**
 * The members of a JSON document's root, without building what is in them: scalars as they are, lists
 * and objects empty, but for the version of the first of `dependencies`. null: the root is no object.
 */
export function outlineOf(
  bytes: Uint8Array,
  limits: InventoryLimits,
): Result<Root | null, InventoryRefusal> {
  if (bytes.length > limits.bytesMax) return tooLarge(bytes, limits);
  const root = new Map<string, unknown>();
  let isObject = false;
  let first: string | number | undefined;
  const choose = (path: JsonPath, opening: '{' | '[' | 'other'): JsonChoice => {
    const [name, child, member] = path;
    if (name === undefined) {
      isObject = opening === '{';
      return isObject ? 'enter' : 'skip';
    }
    if (child === undefined) {
      root.set(String(name), opening === '[' ? [] : {});
      if (opening === 'other') return 'keep';
      return name === 'dependencies' && opening === '{' ? 'enter' : 'skip';
    }
    if (member === undefined) {
      first ??= child;
      return child === first && opening === '{' ? 'enter' : 'skip';
    }
    return member === 'version' && opening === 'other' ? 'keep' : 'skip';
  };
  const splitter = new JsonSplitter({
    choose,
    limits: { depthMax: limits.depthMax, pieceBytesMax: scalarBytesMax, membersMax },
  });
  for (const part of [splitter.push(bytes), splitter.end()]) {
    if (!part.ok) return asInventoryRefusal(part);
    for (const piece of part.value) {
      const value = piece.bytes === null ? ok(null) : readPiece(piece);
      if (!value.ok) return value;
      const [name = '', child] = piece.path;
      if (child === undefined) root.set(String(name), value.value);
      else root.set('dependencies', { first: { version: value.value } });
    }
  }
  return ok(isObject ? Object.fromEntries(root) : null);
}

/** The refusal of a file that is larger than is looked at. */
export function tooLarge(bytes: Uint8Array, { bytesMax }: InventoryLimits) {
  return refuse({
    code: 'too-large' as const,
    expected: `at most ${bytesMax} bytes`,
    got: `${bytes.length} bytes`,
    todo: 'split the inventory, one file per system',
  });
}

type SplitRefusal = Extract<ReturnType<JsonSplitter['push']>, { readonly ok: false }>;

/** A splitter's refusal in the words of inventories. */
export function asInventoryRefusal({ refusal }: SplitRefusal): Result<never, InventoryRefusal> {
  const { code } = refusal;
  return refuse({ ...refusal, code: code === 'too-many-members' ? 'too-many-components' : code });
}
