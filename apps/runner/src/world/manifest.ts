import { z } from 'zod';

/**
 * The files of a world as `keep` found them; plain JSON, sorted by the bytes of `path`. Equal
 * files give equal digests, so that a store keeps each only once. Hard links come back as separate
 * files, and the set-user-id, set-group-id and sticky bits are left out.
 */
export interface Manifest {
  readonly format: 'breakwater-world/1';
  readonly entries: readonly ManifestEntry[];
  /** What was not taken (pipes, sockets), the first hundred. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  /** Processes that ran and are not kept, the first hundred. */
  readonly background: readonly LostProcess[];
}

/** `path` is absolute; names that are not plain UTF-8 are written as `writePath` says. */
export type ManifestEntry =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly mode: number;
      readonly modifiedMs: number;
      readonly size: number;
      readonly sha256: string;
    }
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

export interface LostProcess {
  /** Its arguments, joined by spaces, cut at 200 characters; the process may have changed them. */
  readonly command: string;
  /** Services are started again at a restore; what the agent left running is lost. */
  readonly of: 'agent' | 'services';
}

/** A path as a manifest has it: as it is when plain, else with `\xHH` for each other byte. */
export function writePath(bytes: Uint8Array): string {
  const text = decode(bytes);
  if (text !== null && !/[\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) return text;
  return [...bytes]
    .map((byte) =>
      byte > 0x1f && byte < 0x7f && byte !== 0x5c
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
}

/** The bytes that `writePath` wrote so; null when it never wrote such a text. */
export function readPath(text: string): Uint8Array | null {
  if (!text.includes('\\')) {
    const bytes = Buffer.from(text, 'utf8');
    return writePath(bytes) === text ? bytes : null;
  }
  const parts = text.match(/\\x[0-9a-f]{2}|[^\\]/g) ?? [];
  const bytes = Uint8Array.from(parts, (part) =>
    part.length === 1 ? part.charCodeAt(0) : Number.parseInt(part.slice(2), 16),
  );
  return writePath(bytes) === text ? bytes : null;
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The kept places, in the order they are listed. */
export const KEPT_PLACES = ['/work', '/home/agent', '/service'] as const;

const PATH_BYTES_MAX = 4000;
const NAME_BYTES_MAX = 255;

/** Whether a manifest's path names something below one of the kept places, by plain names. */
export function isKeptPath(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  const place = KEPT_PLACES.find((root) => text.startsWith(`${root}/`));
  if (place === undefined || bytes.length > PATH_BYTES_MAX || text.includes('\0')) return false;
  return text
    .slice(place.length + 1)
    .split('/')
    .every((name) => name !== '' && name !== '.' && name !== '..' && name.length <= NAME_BYTES_MAX);
}

const mode = z.int().min(0).max(0o777);
const text = z.string().max(4 * PATH_BYTES_MAX);
const Entry = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file'),
    path: text,
    mode,
    modifiedMs: z.int(),
    size: z.int().min(0),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  z.strictObject({ kind: z.literal('directory'), path: text, mode }),
  z.strictObject({ kind: z.literal('link'), path: text, target: text }),
]);
const Form = z.strictObject({
  format: z.literal('breakwater-world/1'),
  entries: z.array(Entry).max(1_000_000),
  skipped: z.array(z.strictObject({ path: text, reason: z.string().max(1000) })).max(100),
  background: z
    .array(z.strictObject({ command: z.string().max(1000), of: z.enum(['agent', 'services']) }))
    .max(100),
});

/** Parses a manifest that was kept as JSON; null when it is none, or names places not kept. */
export function parseManifest(value: unknown): Manifest | null {
  const parsed = Form.safeParse(value);
  if (!parsed.success) return null;
  const plain = parsed.data.entries.every((entry) => {
    const path = readPath(entry.path);
    const target = entry.kind === 'link' ? readPath(entry.target) : null;
    const sane = target === null || (target.length > 0 && !target.includes(0));
    return path !== null && isKeptPath(path) && sane && (entry.kind !== 'link' || target !== null);
  });
  return plain ? parsed.data : null;
}
