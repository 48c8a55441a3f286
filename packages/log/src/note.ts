import type { Result } from '@breakwater/kernel';
import {
  bytesToHex,
  concatBytes,
  fromBase64,
  fromUtf8,
  ok,
  refuse,
  sha256,
  toBase64,
  utf8,
} from '@breakwater/kernel';
import { ed25519 } from '@noble/curves/ed25519.js';

/** Signature types of C2SP signed-note that are known here. */
export const signatureTypes = {
  /** Ed25519 over the note's text: how a log signs its checkpoints. */
  ed25519: 0x01,
  /** Ed25519 over a time and the text: how a witness cosigns them (C2SP tlog-cosignature). */
  cosignature: 0x04,
} as const;

/** One of {@link signatureTypes}. */
export type SignatureType = (typeof signatureTypes)[keyof typeof signatureTypes];

/** A public key that may have signed a note. Name and id together tell it from all others. */
export interface VerifierKey {
  readonly name: string;
  /** 8 lower-case hex digits: the 32-bit key id. */
  readonly id: string;
  readonly type: SignatureType;
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array;
}

/** Signs bytes with the private key that belongs to `key`; 64 bytes of Ed25519 come back. */
export interface NoteSigner {
  readonly key: VerifierKey;
  readonly sign: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

/** A signature line of a note, not yet verified. */
export interface NoteSignature {
  readonly name: string;
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** A note taken apart; nothing in it may be trusted before {@link openNote}. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A signature that holds, and when its witness made it (seconds since 1970, cosignatures only). */
export interface NoteWitness {
  readonly key: VerifierKey;
  readonly timeSeconds: number | null;
}

/** A note whose text was signed by at least one known key. */
export interface OpenedNote {
  readonly text: string;
  readonly signedBy: readonly NoteWitness[];
}

/** Longest note read, in bytes; and most signature lines (C2SP asks for at least 16). */
export const noteBytesMax = 1_000_000;
const signaturesMax = 100;

/** A verifier key with the id that C2SP signed-note recommends; throws on an unfit name or key. */
export function verifierKey(
  name: string,
  publicKey: Uint8Array,
  type: SignatureType = signatureTypes.ed25519,
): VerifierKey {
  if (!isKeyName(name)) throw new RangeError(`unfit key name ${JSON.stringify(name)}`);
  if (publicKey.length !== 32) throw new RangeError(`Ed25519 key of ${publicKey.length} bytes`);
  const typed = concatBytes(Uint8Array.of(type), publicKey);
  const id = bytesToHex(sha256(concatBytes(utf8(`${name}\n`), typed)).subarray(0, 4));
  return { name, id, type, publicKey };
}

/** The text form of a verifier key: `<name>+<id>+<base64 of type and key>`. */
export function formatVerifierKey({ name, id, type, publicKey }: VerifierKey): string {
  return `${name}+${id}+${toBase64(concatBytes(Uint8Array.of(type), publicKey))}`;
}

/** Parses the text form; refuses a wrong id, a type that is not known here and a misshapen key. */
export function parseVerifierKey(text: string): Result<VerifierKey, 'malformed'> {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = fromBase64(encoded ?? '');
  const type = Object.values(signatureTypes).find((known) => known === bytes?.[0]);
  if (name !== undefined && isKeyName(name) && bytes?.length === 33 && type !== undefined) {
    const key = verifierKey(name, bytes.slice(1), type);
    if (key.id === id) return ok(key);
  }
  return refuse({
    code: 'malformed',
    expected: 'a verifier key <name>+<8 hex digits>+<base64>, of type 1 or 4, with its own key id',
    got: JSON.stringify(text.slice(0, 200)),
    todo: 'copy the verifier key from its publisher again, whole and on one line',
  });
}

/** Takes a note apart (C2SP signed-note, "Format"); refuses everything that is not well formed. */
export function parseNote(bytes: Uint8Array): Result<Note, 'malformed'> {
  if (bytes.length > noteBytesMax) return malformed(`${bytes.length} bytes`);
  const whole = textOf(bytes);
  if (whole === null) return malformed('bytes that are not UTF-8');
  if (hasControl(whole.replaceAll('\n', ''))) return malformed('a control character');
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) return malformed('no blank line before signatures');
  if (!whole.endsWith('\n')) return malformed('no newline at the end');
  const lines = whole.slice(split + 2, -1).split('\n');
  if (lines.length > signaturesMax) return malformed(`${lines.length} signature lines`);
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [, name, encoded] = /^\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    const signature = fromBase64(encoded ?? '');
    if (name === undefined || !isKeyName(name) || signature === null || signature.length < 5) {
      return malformed(`signature line ${signatures.length + 1} of another form`);
    }
    signatures.push({ name, id: bytesToHex(signature.subarray(0, 4)), bytes: signature.slice(4) });
  }
  return ok({ text: whole.slice(0, split + 1), signatures });
}

/**
 * The text of a note that at least one of `keys` signed. Signatures by other keys are ignored, a
 * wrong signature by one of `keys` refuses the whole note (C2SP signed-note, "Signatures").
 * Codes: `malformed`, `signature-wrong`, `signature-missing`.
 */
export function openNote(
  bytes: Uint8Array,
  keys: readonly VerifierKey[],
): Result<OpenedNote, 'malformed' | 'signature-wrong' | 'signature-missing'> {
  const note = parseNote(bytes);
  if (!note.ok) return note;
  const signedBy: NoteWitness[] = [];
  for (const signature of note.value.signatures) {
    const key = keys.find(({ name, id }) => name === signature.name && id === signature.id);
    if (key === undefined || signedBy.some((witness) => witness.key === key)) continue;
    const witness = checkSignature(note.value.text, signature, key);
    if (witness === null) {
      return refuse({
        code: 'signature-wrong',
        expected: `a signature by ${key.name}+${key.id} over this very text`,
        got: 'one that does not hold',
        todo: 'treat the note as forged or damaged; ask its publisher and fetch it another way',
      });
    }
    signedBy.push(witness);
  }
  if (signedBy.length > 0) return ok({ text: note.value.text, signedBy });
  return refuse({
    code: 'signature-missing',
    expected: `a signature by ${keys.map(({ name, id }) => `${name}+${id}`).join(' or ') || 'a key'}`,
    got: note.value.signatures
      .map(({ name, id }) => `${name}+${id}`)
      .join(', ')
      .slice(0, 500),
    todo: 'give the verifier key of this log, or fetch the note of the log you mean',
  });
}

/**
 * A note of `text` (which must end in a newline) signed by every signer of type Ed25519, its
 * lines in their order. Throws on text the format cannot carry and on a signature that is wrong.
 */
export async function signNote(text: string, signers: readonly NoteSigner[]): Promise<string> {
  const lines: string[] = [];
  for (const { key, sign } of signers) {
    if (key.type !== signatureTypes.ed25519) throw new RangeError(`key ${key.name} is a witness's`);
    const bytes = await sign(utf8(text));
    const signature = { name: key.name, id: key.id, bytes };
    // A mismatched or failing signer must not publish a note that everyone then refuses.
    if (checkSignature(text, signature, key) === null) {
      throw new Error(`the signer of ${key.name}+${key.id} gave a signature that does not hold`);
    }
    const encoded = toBase64(concatBytes(idBytes(key.id), bytes));
    lines.push(`\u2014 ${key.name} ${encoded}\n`);
  }
  const note = `${text}\n${lines.join('')}`;
  const parsed = parseNote(utf8(note));
  if (!parsed.ok || parsed.value.text !== text) throw new RangeError('text unfit for a note');
  return note;
}

function checkSignature(
  text: string,
  { bytes }: NoteSignature,
  key: VerifierKey,
): NoteWitness | null {
  switch (key.type) {
    case signatureTypes.ed25519:
      return holds(bytes, utf8(text), key) ? { key, timeSeconds: null } : null;
    case signatureTypes.cosignature: {
      if (bytes.length !== 72) return null;
      const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
      // The format allows up to 2^63 - 1; beyond 2^53 no clock has ever been.
      if (time > BigInt(Number.MAX_SAFE_INTEGER)) return null;
      const message = utf8(`cosignature/v1\ntime ${time}\n${text}`);
      return holds(bytes.subarray(8), message, key) ? { key, timeSeconds: Number(time) } : null;
    }
  }
}

function holds(signature: Uint8Array, message: Uint8Array, key: VerifierKey): boolean {
  if (signature.length !== 64) return false;
  try {
    // RFC 8032 rules, not ZIP 215: one signature, one encoding.
    return ed25519.verify(signature, message, key.publicKey, { zip215: false });
  } catch {
    return false; // a public key that is no point on the curve
  }
}

function isKeyName(name: string): boolean {
  // U+0085 is a Unicode space that \s leaves out; control characters would break the note.
  return name !== '' && !/[\s\u0085+]/u.test(name) && !hasControl(name);
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) < 0x20) return true;
  return false;
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return fromUtf8(bytes);
  } catch {
    return null;
  }
}

function idBytes(id: string): Uint8Array {
  return Uint8Array.from({ length: 4 }, (_, i) => Number.parseInt(id.slice(i * 2, i * 2 + 2), 16));
}

function malformed(got: string) {
  return refuse({
    code: 'malformed',
    expected: 'a signed note: text, a blank line, then lines of "\u2014 <key name> <base64>"',
    got,
    todo: 'fetch the note again, whole and unchanged, newlines included',
  });
}
