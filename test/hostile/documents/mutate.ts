import { mutateJson } from './mutate-json.ts';
import { mutateText } from './mutate-text.ts';
import type { Random } from './random.ts';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** No document is longer: a reader's own limits are far above, and are tested beside it. */
export const documentBytesMax: number = 4 << 20;

/**
 * One malformed document: most often a seed broken where its structure is, else broken as text or
 * as bytes, or two seeds spliced, or nothing but random bytes.
 */
export function malformedDocument(seeds: readonly Uint8Array[], random: Random): Uint8Array {
  const seed = seeds[random.below(seeds.length)] ?? new Uint8Array();
  const way = random.below(20);
  if (way === 0) return random.bytes(random.size(4096));
  if (way < 3) return mutateBytes(seed, random);
  if (way === 3) return splice(seed, seeds[random.below(seeds.length)] ?? seed, random);
  const text = decoder.decode(seed);
  const broken = isJson(text) && way < 16 ? mutateJson(text, random) : mutateText(text, random);
  const bytes = encoder.encode(broken).subarray(0, documentBytesMax);
  return random.once(16) ? mutateBytes(bytes, random) : bytes;
}

/** Told by the first sign alone: JSON.parse is asked for those only that begin like JSON. */
function isJson(text: string): boolean {
  if (!/^\s*["[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const oddBytes: readonly [number[], ...number[][]] = [
  [0],
  [0xff],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0x1f, 0x8b, 8, 0],
  [0x50, 0x4b, 3, 4],
  [0xff, 0xff, 0xff, 0xff],
  [0x80, 0, 0, 0],
];

function mutateBytes(seed: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(seed);
  const steps = 1 + random.size(8);
  for (let step = 0; step < steps; step += 1) {
    const at = random.below(bytes.length + 1);
    switch (random.below(5)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        bytes = bytes.slice(0, at);
        break;
      case 2:
        bytes = joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.size(256)));
        break;
      case 3:
        bytes = joined(bytes.subarray(0, at), random.pick(oddBytes), bytes.subarray(at));
        break;
      default:
        bytes = joined(bytes.subarray(0, at), random.bytes(random.size(64)), bytes.subarray(at));
    }
  }
  return bytes;
}

function splice(one: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const head = one.subarray(0, random.below(one.length + 1));
  return joined(head, other.subarray(random.below(other.length + 1)));
}

function joined(...parts: ArrayLike<number>[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
