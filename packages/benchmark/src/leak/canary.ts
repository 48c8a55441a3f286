import { bytesToHex } from '@breakwater/kernel';
import { z } from 'zod';

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

/**
 * A canary: a line that stands in every file of a suite that nobody who works on it may see. Who
 * writes it has read those files. The random part is that of a UUID (RFC 9562, version 4).
 */
export const Canary = z
  .string()
  .regex(new RegExp(`^BREAKWATER-CANARY ${uuid}$`), 'expected BREAKWATER-CANARY and a UUID');

/** A new canary, of 16 bytes from a secure random generator. */
export function makeCanary(random: Uint8Array): string {
  if (random.length !== 16) throw new RangeError(`${random.length} random bytes, not 16`);
  const bytes = random.map((byte, at) => {
    if (at === 6) return (byte & 0x0f) | 0x40; // version 4
    return at === 8 ? (byte & 0x3f) | 0x80 : byte; // the variant of RFC 9562
  });
  const hex = bytesToHex(bytes);
  const parts = [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ] as const;
  return `BREAKWATER-CANARY ${parts.map(([from, to]) => hex.slice(from, to)).join('-')}`;
}

/** Canaries that stand in a text as they are written, each once, the first 100: of any suite. */
export function findCanaries(text: string): readonly string[] {
  const found = new Set<string>();
  const pattern = new RegExp(`BREAKWATER-CANARY[ ]${uuid}`, 'gi');
  for (const [match] of text.matchAll(pattern)) {
    found.add(`BREAKWATER-CANARY${match.slice('BREAKWATER-CANARY'.length).toLowerCase()}`);
    if (found.size === 100) break;
  }
  return [...found];
}
