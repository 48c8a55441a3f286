import type { Json, Result } from '@breakwater/kernel';
import {
  bytesToHex,
  canonicalJson,
  concatBytes,
  hexToBytes,
  ok,
  refuse,
  sha256,
  toBase64,
  utf8,
} from '@breakwater/kernel';
import type { SignedCheckpoint } from './checkpoint.ts';
import type { Disclosure, DisclosureCode } from './entry.ts';
import { checkDisclosure, formatDisclosure, parseDisclosure } from './entry.ts';
import { intervalAct, intervalPlaces, placeLeaf } from './interval.ts';
import type { VerifierKey } from './note.ts';
import type { Proof } from './proof.ts';
import { checkInclusion } from './proof.ts';
import { hashesFrom, hashFrom, isJson, jsonObject } from './proof-file.ts';
import { leafHash } from './tree.ts';

/** The line that a request's commitment begins with. */
export const requestDomain = 'breakwater gateway request v1\n';
/** The line that the commitment of what the developer alone is told of a request begins with. */
export const insideDomain = 'breakwater gateway inside v1\n';

/** What the file of a proof names itself. */
export const requestProofFormat = 'breakwater request proof v1';

/** Longest proof of a request that is read, in bytes: a few kilobytes are usual. */
export const requestProofBytesMax: number = 1024 * 1024;

/** All that a stranger needs to check what was recorded of one request of the gateway. */
export interface RequestProof {
  readonly salt: Uint8Array;
  readonly request: { readonly [key: string]: Json };
  /** What the developer alone is told, and the salt of that; `request.inside` is its commitment. */
  readonly inside?: { readonly salt: Uint8Array; readonly content: Json };
  /** Where it is among the requests of its party at its developer. */
  readonly group: {
    readonly index: number;
    readonly size: number;
    readonly root: Uint8Array;
    readonly proof: Proof;
  };
  /** Where these are in their interval. */
  readonly interval: { readonly place: number; readonly proof: Proof };
  /** The act that the interval's root was entered in the log by. */
  readonly entry: Disclosure;
}

/**
 * Why a proof of a request proves nothing. `interval-changed`: the entry is no interval, or the
 * group is not in it; `request-changed`: the request is not in the group; `inside-changed`: it was
 * not recorded with this.
 */
export type RequestProofCode =
  | DisclosureCode
  | 'interval-changed'
  | 'request-changed'
  | 'inside-changed';

/** The 32-byte commitment of a request (docs/log-format.md). Throws on a salt of another length. */
export function requestCommitment(salt: Uint8Array, request: Json): Uint8Array {
  return commitTo(requestDomain, salt, request);
}

/**
 * Checks the proof of a request offline: the entry of its interval is in a log that one of `keys`
 * signs, the group is at its place of that interval, the request is in the group, and what the
 * developer is told, where it is there, is what it was recorded with. Gives the checkpoint it rests on.
 */
export function checkRequestProof(
  proof: RequestProof,
  keys: readonly VerifierKey[],
): Result<SignedCheckpoint, RequestProofCode> {
  const checkpoint = checkDisclosure(proof.entry, keys);
  if (!checkpoint.ok) return checkpoint;
  const { salt, request, group, interval, inside } = proof;
  const root = rootIn(proof.entry.content);
  if (root === null || !isPlaced(group, { ...interval, root })) return refuse(intervalChanged);
  const leaf = leafHash(requestCommitment(salt, request));
  if (!checkInclusion({ leaf, ...group })) return refuse(requestChanged);
  if (inside === undefined) return checkpoint;
  const committed = bytesToHex(commitTo(insideDomain, inside.salt, inside.content));
  return request['inside'] === committed ? checkpoint : refuse(insideChanged);
}

/** The JSON file of a proof (docs/log-format.md). */
export function formatRequestProof({ inside, ...proof }: RequestProof): string {
  const { salt, request, group, interval, entry } = proof;
  const file = {
    format: requestProofFormat,
    salt: toBase64(salt),
    request,
    ...(inside === undefined ? {} : { inside: { ...inside, salt: toBase64(inside.salt) } }),
    group: { ...group, root: toBase64(group.root), proof: group.proof.map(toBase64) },
    interval: { place: interval.place, proof: interval.proof.map(toBase64) },
    entry: JSON.parse(formatDisclosure(entry)) as Json, // written by us a moment ago
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Parses the JSON file of a proof; refuses every other shape. Checks nothing. */
export function parseRequestProof(bytes: Uint8Array): Result<RequestProof, 'malformed'> {
  if (bytes.length > requestProofBytesMax) return malformed(`${bytes.length} bytes`);
  const file = jsonObject(bytes);
  if (file === null) return malformed('something else than a JSON object in UTF-8');
  if (file['format'] !== requestProofFormat) return malformed('another format or version');
  const salt = hashFrom(file['salt']);
  if (salt === null) return malformed('a salt that is not base64 of 32 bytes');
  const { request } = file;
  if (!isJsonObject(request)) return malformed('no request that JCS can say');
  const inside = insideFrom(file['inside']);
  if (inside === null) return malformed('an inside without content or salt');
  const group = groupFrom(file['group']);
  if (group === null) return malformed('a group without index, size, root or proof');
  const interval = intervalFrom(file['interval']);
  if (interval === null) return malformed('an interval without place or proof');
  // Its depth is looked at first: what writes a hostile text anew has no end but that of the stack.
  if (!isJsonObject(file['entry'])) return malformed('no entry');
  const entry = parseDisclosure(utf8(JSON.stringify(file['entry'])));
  if (!entry.ok) return malformed(`in its entry, ${entry.refusal.got}`);
  return ok({ salt, request, ...inside, group, interval, entry: entry.value });
}

function commitTo(domain: string, salt: Uint8Array, content: Json): Uint8Array {
  if (salt.length !== 32) throw new RangeError(`salt of ${salt.length} bytes, not 32`);
  return sha256(concatBytes(utf8(domain), salt, canonicalJson(content)));
}

/** The root that an entry closes an interval with; null for an entry that does something else. */
function rootIn(content: Json): Uint8Array | null {
  if (!isJsonObject(content) || content['act'] !== intervalAct) return null;
  const { data } = content;
  if (!isJsonObject(data) || data['places'] !== intervalPlaces) return null;
  const { root } = data;
  return typeof root === 'string' && /^[0-9a-f]{64}$/.test(root) ? hexToBytes(root) : null;
}

function isPlaced(
  { size, root }: RequestProof['group'],
  interval: RequestProof['interval'] & { readonly root: Uint8Array },
): boolean {
  const { place: index, proof, root: intervalRoot } = interval;
  const leaf = placeLeaf({ size, root });
  return checkInclusion({ leaf, index, size: intervalPlaces, proof, root: intervalRoot });
}

function insideFrom(value: unknown): Pick<RequestProof, 'inside'> | null {
  if (value === undefined) return {};
  if (!isJsonObject(value)) return null;
  const salt = hashFrom(value['salt']);
  const { content } = value;
  return salt === null || content === undefined ? null : { inside: { salt, content } };
}

function groupFrom(value: unknown): RequestProof['group'] | null {
  if (!isJsonObject(value)) return null;
  const index = countFrom(value['index']);
  const size = countFrom(value['size']);
  const root = hashFrom(value['root']);
  const proof = hashesFrom(value['proof']);
  if (index === null || size === null || root === null || proof === null) return null;
  return { index, size, root, proof };
}

function intervalFrom(value: unknown): RequestProof['interval'] | null {
  if (!isJsonObject(value)) return null;
  const place = countFrom(value['place']);
  const proof = hashesFrom(value['proof']);
  return place === null || proof === null ? null : { place, proof };
}

function countFrom(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function isJsonObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isJson(value);
}

function malformed(got: string) {
  return refuse({
    code: 'malformed',
    expected: `a file of format "${requestProofFormat}" as docs/log-format.md describes it`,
    got,
    todo: 'fetch the proof of the request again',
  });
}

const intervalChanged = {
  code: 'interval-changed',
  expected: 'an entry that closes an interval in which this group has its place',
  got: 'another entry, group or place',
  todo: 'do not rely on this; fetch the proof of the request again',
} as const;
const requestChanged = {
  code: 'request-changed',
  expected: 'the request as it was recorded, with its salt',
  got: 'a request, salt, index or proof that do not lead to the root of its group',
  todo: 'do not rely on this; fetch the proof of the request again',
} as const;
const insideChanged = {
  code: 'inside-changed',
  expected: 'what the developer is told, as the request was recorded with it',
  got: 'something else, or another salt',
  todo: 'do not rely on that part; fetch the proof of the request again',
} as const;
