import type { Json, Result } from '@breakwater/kernel';
import {
  canonicalJson,
  concatBytes,
  fromUtf8,
  ok,
  refuse,
  sha256,
  toBase64,
  utf8,
} from '@breakwater/kernel';
import type { CheckpointCode, SignedCheckpoint } from './checkpoint.ts';
import { openCheckpoint } from './checkpoint.ts';
import type { VerifierKey } from './note.ts';
import type { Proof } from './proof.ts';
import { checkInclusion } from './proof.ts';
import { hashesFrom, hashFrom, isJson, jsonObject } from './proof-file.ts';
import { leafHash } from './tree.ts';

/** Bytes of a log entry, of the salt in it, and of a padding entry (random bytes). */
export const entryBytes = 32;

/** Longest disclosure read, in bytes. */
export const disclosureBytesMax: number = 16 * 1024 * 1024;

const domain = utf8('breakwater log entry v1\n');
const disclosureFormat = 'breakwater disclosure v1';

/**
 * The 32-byte log entry of `content` (docs/log-format.md): SHA-256 over a fixed line, 32 secret
 * random bytes of salt, and the content as canonical JSON (RFC 8785). Says nothing without the
 * salt. Throws on a salt of another length and on content that JSON cannot say.
 */
export function commit(salt: Uint8Array, content: Json): Uint8Array {
  return commitBytes(salt, canonicalJson(content));
}

/** The same, of content that is canonical JSON already. */
export function commitBytes(salt: Uint8Array, content: Uint8Array): Uint8Array {
  if (salt.length !== entryBytes) throw new RangeError(`salt of ${salt.length} bytes, not 32`);
  return sha256(concatBytes(domain, salt, content));
}

/** All that a stranger needs to check that `content` is entry `index` of a log. */
export interface Disclosure {
  readonly salt: Uint8Array;
  readonly content: Json;
  readonly index: number;
  readonly proof: Proof;
  /** The signed checkpoint the proof leads to, as bytes of the note. */
  readonly checkpoint: Uint8Array;
}

/** Why a disclosure proves nothing. `entry-changed`: content, salt, index or proof do not fit. */
export type DisclosureCode = CheckpointCode | 'entry-changed';

/**
 * Checks a disclosure offline: the checkpoint is signed by one of `keys`, and the entry that
 * salt and content make is leaf `index` under its root. Gives the checkpoint it rests on. What
 * comes from outside goes through {@link parseDisclosure} first; throws like {@link commit}.
 */
export function checkDisclosure(
  disclosure: Disclosure,
  keys: readonly VerifierKey[],
): Result<SignedCheckpoint, DisclosureCode> {
  const { salt, content, index, proof } = disclosure;
  const checkpoint = openCheckpoint(disclosure.checkpoint, keys);
  if (!checkpoint.ok) return checkpoint;
  const leaf = leafHash(commit(salt, content));
  const { size, root } = checkpoint.value;
  if (checkInclusion({ leaf, index, size, proof, root })) return checkpoint;
  return refuse({
    code: 'entry-changed',
    expected: `content that is entry ${index} under the signed root of size ${size}`,
    got: 'content, salt, index or proof that do not lead to that root',
    todo: 'do not rely on this content; ask whoever disclosed it for the unchanged disclosure',
  });
}

/** The JSON file of a disclosure (docs/log-format.md). */
export function formatDisclosure(disclosure: Disclosure): string {
  const { salt, content, index, proof, checkpoint } = disclosure;
  const file = {
    format: disclosureFormat,
    salt: toBase64(salt),
    content,
    index,
    proof: proof.map(toBase64),
    checkpoint: fromUtf8(checkpoint),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Parses the JSON file of a disclosure; refuses every other shape. Checks no proof. */
export function parseDisclosure(bytes: Uint8Array): Result<Disclosure, 'malformed'> {
  if (bytes.length > disclosureBytesMax) return malformed(`${bytes.length} bytes`);
  const file = jsonObject(bytes);
  if (file === null) return malformed('something else than a JSON object in UTF-8');
  const { format, content, index, checkpoint } = file;
  if (format !== disclosureFormat) return malformed('another format or version');
  const salt = hashFrom(file['salt']);
  if (salt === null) return malformed('a salt that is not base64 of 32 bytes');
  if (!isJson(content)) return malformed('no content, or content that JCS cannot say');
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) {
    return malformed('an index that is no whole number');
  }
  const proof = hashesFrom(file['proof']);
  if (proof === null) return malformed('a proof that is no list of base64 hashes');
  if (typeof checkpoint !== 'string') return malformed('no checkpoint text');
  return ok({ salt, content, index, proof, checkpoint: utf8(checkpoint) });
}

function malformed(got: string) {
  return refuse({
    code: 'malformed',
    expected: `a file of format "${disclosureFormat}" as docs/log-format.md describes it`,
    got,
    todo: 'ask whoever disclosed the entry for the file again',
  });
}
