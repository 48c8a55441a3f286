import { createHash } from 'node:crypto';
import { bytesToHex, concatBytes, toBase64, utf8 } from '@breakwater/kernel';
import type { PublicKey } from './signer.ts';

/**
 * OpenPGP around the Ed25519 keys that are held here, for readers who know nothing else: a public
 * key with one user id, and detached signatures. Version 4 packets and EdDSALegacy (RFC 9580, 5.5.2
 * and 9.1), because GnuPG reads no newer ones.
 */

const tags = { signature: 2, publicKey: 6, userId: 13 } as const;
const eddsaLegacy = 22;
const sha512 = 10;
/** RFC 9580, 9.2: Ed25519Legacy. */
const curve = Uint8Array.of(0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01);

/** Signs 64 bytes with the private part of the key that is meant. */
type Sign = (digest: Uint8Array) => Uint8Array;

/** 40 hex digits (5.5.4.2), under which everybody else knows the key. */
export function openPgpFingerprint(key: PublicKey): string {
  return bytesToHex(fingerprintOf(key));
}

/** The public key as an armored file; `userId` is who holds it, in words. */
export function openPgpKey(key: PublicKey, userId: string, sign: Sign): string {
  const body = keyBody(key);
  const name = utf8(userId);
  // 5.2.4: what a certification signs is the key and the user id, each with its length.
  const certified = concatBytes(keyToHash(body), Uint8Array.of(0xb4), four(name.length), name);
  // 5.2.3.29: it certifies itself and signs.
  const flags = subpacket(27, Uint8Array.of(0x03));
  const at = secondsOf(key.createdAt);
  const signature = signaturePacket({
    key,
    type: 0x13,
    at,
    hashed: [flags],
    signed: certified,
    sign,
  });
  const packets = concatBytes(packet(tags.publicKey, body), packet(tags.userId, name), signature);
  return armored('PUBLIC KEY BLOCK', packets);
}

/**
 * A detached signature over `bytes` (type 0x00), armored. Made at `at`, RFC 3339, or when the key
 * was made, if that was later: a reader takes no signature that is older than its key.
 */
export function openPgpSignature(
  key: PublicKey,
  of: { readonly bytes: Uint8Array; readonly at: string; readonly sign: Sign },
): string {
  const at = Math.max(secondsOf(of.at), secondsOf(key.createdAt));
  const { bytes: signed, sign } = of;
  const made = signaturePacket({ key, type: 0x00, at, hashed: [], signed, sign });
  return armored('SIGNATURE', made);
}

function keyBody(key: PublicKey): Uint8Array {
  // 5.5.5.4: the point in its native form, marked so by 0x40.
  const point = mpi(concatBytes(Uint8Array.of(0x40), key.raw));
  const head = Uint8Array.of(4, ...four(secondsOf(key.createdAt)), eddsaLegacy, curve.length);
  return concatBytes(head, curve, point);
}

function keyToHash(body: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(0x99), two(body.length), body);
}

function fingerprintOf(key: PublicKey): Uint8Array {
  return hash('sha1', keyToHash(keyBody(key)));
}

/** 5.2.3: what is signed is the data, then everything that is said about the signature. */
function signaturePacket(of: {
  readonly key: PublicKey;
  readonly type: number;
  readonly at: number;
  readonly hashed: readonly Uint8Array[];
  readonly signed: Uint8Array;
  readonly sign: Sign;
}): Uint8Array {
  const fingerprint = fingerprintOf(of.key);
  const hashed = concatBytes(
    subpacket(2, four(of.at)),
    subpacket(33, concatBytes(Uint8Array.of(4), fingerprint)),
    ...of.hashed,
  );
  const said = concatBytes(
    Uint8Array.of(4, of.type, eddsaLegacy, sha512),
    two(hashed.length),
    hashed,
  );
  const trailer = concatBytes(Uint8Array.of(4, 0xff), four(said.length));
  const digest = hash('sha512', concatBytes(of.signed, said, trailer));
  const signature = of.sign(digest);
  const issuer = subpacket(16, fingerprint.subarray(-8));
  return packet(
    tags.signature,
    concatBytes(
      said,
      two(issuer.length),
      issuer,
      digest.subarray(0, 2),
      mpi(signature.subarray(0, 32)),
      mpi(signature.subarray(32)),
    ),
  );
}

/** 4.2.1 and 4.2.1.3: the new format, with a length of five octets. */
function packet(tag: number, body: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(0xc0 | tag, 0xff), four(body.length), body);
}

/** 5.2.3.7; ours are all short. */
function subpacket(type: number, body: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(body.length + 1, type), body);
}

/** 3.2: the number of bits, then the number without leading zeros. */
function mpi(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  const number = start < 0 ? new Uint8Array() : bytes.subarray(start);
  const [first = 0] = number;
  const bits = number.length === 0 ? 0 : (number.length - 1) * 8 + (32 - Math.clz32(first));
  return concatBytes(two(bits), number);
}

function hash(algorithm: 'sha1' | 'sha512', bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash(algorithm).update(bytes).digest());
}

function two(number: number): Uint8Array {
  return Uint8Array.of(number >>> 8, number & 0xff);
}

function four(number: number): Uint8Array {
  return Uint8Array.of(number >>> 24, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff);
}

function secondsOf(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000);
}

/** 6.2, with the checksum of 6.1, which old readers insist on. */
function armored(what: string, bytes: Uint8Array): string {
  const lines = toBase64(bytes).match(/.{1,64}/g) ?? [];
  const checksum = toBase64(crc24(bytes));
  return `-----BEGIN PGP ${what}-----\n\n${lines.join('\n')}\n=${checksum}\n-----END PGP ${what}-----\n`;
}

function crc24(bytes: Uint8Array): Uint8Array {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return Uint8Array.of((crc >>> 16) & 0xff, (crc >>> 8) & 0xff, crc & 0xff);
}
