/**
 * Identifiers. Made by the application, 130 random bits as 26 characters of Crockford base32
 * behind a prefix that names the kind: `case_5h…`. Random and not time-ordered on purpose: an id
 * seen by an outsider tells neither when nor how many, and keys spread on a distributed database.
 */
export type Id<K extends IdKind> = `${K}_${string}` & { readonly Id: K };

/** Every kind of thing that has an identifier. */
export const idKinds = [
  'party',
  'member',
  'invitation',
  'session',
  'passkey',
  'key',
  'content',
  'finding',
  'case',
  'validation',
  'patch',
  'verification',
  'message',
  'campaign',
  'inventory',
  'notice',
  'entry',
  'attestation',
  'decision',
  'helper',
  'provider',
  'report',
  'claim',
  'wait',
  'joining',
  'wishes',
  'program',
  'knock',
  'authorization',
  'control',
  'stop',
  'suite',
  'item',
  'run',
  'sample',
  'engagement',
  'model',
  'terms',
  'signature',
  'rule',
  'file',
  'consultation',
  'determination',
  'evaluation',
  'assessment',
  'plan',
  'window',
  'grant',
  'use',
  'export',
  'criteria',
  'application',
  'nomination',
  'appeal',
  'partner',
  'tier',
  'gkey',
  'upstream',
  'cut',
  'request',
  'template',
  'job',
  'incident',
  'interval',
] as const;
export type IdKind = (typeof idKinds)[number];

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** What each letter stands for, by its code. */
const values = new Uint8Array(128);
for (let value = 0; value < alphabet.length; value++) values[alphabet.charCodeAt(value)] = value;

/** Makes an id of `kind` from 26 random bytes (the low five bits of each are used). */
export function makeId<K extends IdKind>(kind: K, random: Uint8Array): Id<K> {
  if (random.length !== 26)
    throw new RangeError(`an id needs 26 random bytes, got ${random.length}`);
  let text = '';
  for (const byte of random) text += alphabet[byte & 31];
  return `${kind}_${text}` as Id<K>; // brand: the only place that makes one
}

/** The 26 numbers of five bits that {@link makeId} wrote an id with. */
export function idBits(id: Id<IdKind>): Uint8Array {
  const bits = new Uint8Array(26);
  const from = id.length - bits.length;
  for (let i = 0; i < bits.length; i++) bits[i] = values[id.charCodeAt(from + i)] ?? 0;
  return bits;
}

// Made once: compiling a pattern takes longer than all else that is done with an id.
const patterns = new Map(
  idKinds.map((kind) => [kind, new RegExp(`^${kind}_[${alphabet}]{26}$`)] as const),
);

/** Parses an id of `kind`; null if `text` is not one. */
export function parseId<K extends IdKind>(kind: K, text: string): Id<K> | null {
  return patterns.get(kind)?.test(text) === true ? (text as Id<K>) : null; // brand: checked here
}
