import { bytesToHex, ok, type Result, refuse, sha256, utf8 } from '@breakwater/kernel';
import { ristretto255, ristretto255_hasher, ristretto255_oprf } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';

/** The verifiable oblivious pseudorandom function of RFC 9497, mode 0x01, suite 4.1. */
export const suite = 'ristretto255-SHA512';

const { voprf } = ristretto255_oprf;

/** Where chance comes from: a secure generator of the caller's, since packages have none. */
export type RandomBytes = (length: number) => Uint8Array;

/** The key of an epoch: a scalar that never leaves the server, and an element that everybody has. */
export interface EpochKeys {
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** One input on its way: the blind stays with the asker, the element goes to the server. */
export interface Asked {
  readonly input: Uint8Array;
  readonly blind: Uint8Array;
  readonly element: Uint8Array;
}

/** Makes the key pair of an epoch out of 32 secret bytes (RFC 9497, 3.2.1). */
export function deriveEpochKeys(seed: Uint8Array, info: Uint8Array): EpochKeys {
  const { secretKey, publicKey } = voprf.deriveKeyPair(seed, info);
  return { secretKey, publicKey };
}

/** First 16 hex digits of SHA-256 over the public key. */
export function epochIdOf(publicKey: Uint8Array): string {
  return bytesToHex(sha256(publicKey)).slice(0, 16);
}

/** Hides an input of at most 65,535 bytes: the element tells nothing of it (3.3.1, Blind). */
export function blind(input: Uint8Array, random: RandomBytes): Asked {
  const made = voprf.blind(input, rngOf(random));
  return { input, blind: made.blind, element: made.blinded };
}

/**
 * Evaluates elements under the secret key and proves with one proof of 64 bytes that it was done
 * with the key that belongs to the public one (3.3.2, BlindEvaluate). Refuses what is not the
 * encoding of an element other than the identity (RFC 9496, 4.3.1; RFC 9497, 2.1).
 */
export function evaluate(
  { secretKey, publicKey }: EpochKeys,
  elements: readonly Uint8Array[],
  random: RandomBytes,
): Result<{ evaluated: readonly Uint8Array[]; proof: Uint8Array }, 'element-malformed'> {
  const wrong = elements.findIndex((element) => !isElement(element));
  if (wrong >= 0) {
    return refuse({
      code: 'element-malformed' as const,
      expected: 'elements of ristretto255 other than the identity, 32 bytes each (RFC 9496)',
      got: `another at place ${wrong}`,
      todo: 'blind the input as RFC 9497 section 3.3.1 says and send what that gives',
      pointer: `/elements/${wrong}`,
    });
  }
  const done = voprf.blindEvaluateBatch(secretKey, publicKey, [...elements], rngOf(random));
  return ok({ evaluated: done.evaluated, proof: done.proof });
}

function isElement(bytes: Uint8Array): boolean {
  try {
    return !ristretto255.Point.fromBytes(bytes).equals(ristretto255.Point.ZERO);
  } catch {
    return false; // the library's only way to say that this encodes no element
  }
}

/**
 * Checks the proof over all that was asked at once, and takes the blinds off (3.3.2, Finalize):
 * one output of 64 bytes for each input, in their order.
 */
export function finalize(
  asked: readonly Asked[],
  answer: { readonly evaluated: readonly Uint8Array[]; readonly proof: Uint8Array },
  publicKey: Uint8Array,
): Result<readonly Uint8Array[], 'proof-wrong'> {
  const items = asked.flatMap(({ input, blind: secret, element }, i) => {
    const evaluated = answer.evaluated[i];
    return evaluated === undefined ? [] : [{ input, blind: secret, evaluated, blinded: element }];
  });
  const counted = items.length === asked.length && answer.evaluated.length === asked.length;
  const outputs = counted ? finalized(items, publicKey, answer.proof) : null;
  if (outputs !== null) return ok(outputs);
  return refuse({
    code: 'proof-wrong' as const,
    expected: `${asked.length} evaluations, proven to be made with the key of the log`,
    got: counted ? 'a proof that does not hold' : `${answer.evaluated.length} evaluations`,
    todo: 'trust none of them: another key may be used to tell askers apart; tell a coordinator',
  });
}

function finalized(
  items: Parameters<typeof voprf.finalizeBatch>[0],
  publicKey: Uint8Array,
  proof: Uint8Array,
): readonly Uint8Array[] | null {
  try {
    return voprf.finalizeBatch(items, publicKey, proof);
  } catch {
    return null; // thrown for a proof that does not hold and for bytes that are no element
  }
}

/** The output for an input by whoever holds the secret key, without anybody asking (3.3.2, Evaluate). */
export function outputOf(secretKey: Uint8Array, input: Uint8Array): Uint8Array {
  const context = utf8(`OPRFV1-\u0001-${suite}`);
  const prefix = utf8('HashToGroup-');
  const DST = new Uint8Array([...prefix, ...context]);
  const point = ristretto255_hasher.hashToCurve(input, { DST });
  const scalar = ristretto255.Point.Fn.fromBytes(secretKey);
  const element = point.multiply(scalar).toBytes();
  return sha512(
    new Uint8Array([...two(input.length), ...input, ...two(32), ...element, ...utf8('Finalize')]),
  );
}

function two(length: number): readonly number[] {
  return [length >>> 8, length & 0xff];
}

function rngOf(random: RandomBytes) {
  return (length = 32) => new Uint8Array(random(length));
}
