import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  addMilliseconds,
  bytesToHex,
  fromBase64,
  type Instant,
  sha256,
  toBase64,
  utf8,
} from '@breakwater/kernel';
import { z } from 'zod';
import { writeDurably } from '../content/durable-file.ts';

/** What a key is for; a key of one use never signs for another. */
export const keyUses = ['log', 'attestation', 'advisory', 'outcome'] as const;
export type KeyUse = (typeof keyUses)[number];

/** A published signing key. */
export interface PublicKey {
  readonly use: KeyUse;
  /** First 16 hex digits of SHA-256 over the raw public key. */
  readonly id: string;
  /** 32 bytes, Ed25519 (RFC 8032). */
  readonly raw: Uint8Array;
  readonly createdAt: Instant;
  /** null while it is the one that signs. */
  readonly retiredAt: Instant | null;
}

/**
 * The signer port. Signs with the newest key of a use; older keys stay published for checking.
 * Durability: a key is fsynced before it first signs. Never answers with a private key, except to
 * `backup`, which only the machine's administrator can reach.
 */
export interface Signer {
  publicKeys(use: KeyUse): readonly PublicKey[];
  current(use: KeyUse): PublicKey;
  /** Ed25519 by the current key of `use`, or by the held key `id`. */
  sign(use: KeyUse, bytes: Uint8Array, id?: string): Uint8Array;
  /** Makes a new key for `use` and retires the current one. */
  rotate(use: KeyUse, now: Instant): Promise<PublicKey>;
  /** Every key, private parts too, as one JSON text to be kept offline. */
  backup(): string;
}

const KeyFile = z.strictObject({
  format: z.literal('breakwater-signing-key/1'),
  use: z.enum(keyUses),
  createdAt: z.string(),
  /** PKCS #8 DER, base64. */
  privateKey: z.string(),
});

interface HeldKey {
  readonly use: KeyUse;
  readonly createdAt: Instant;
  readonly privateKey: KeyObject;
  readonly raw: Uint8Array;
  readonly id: string;
  readonly text: string;
}

/** Opens the file signer in `directory` (mode 0700), making a first key for each use. */
export async function openSigner(directory: string, now: Instant): Promise<Signer> {
  const held: HeldKey[] = await loadAll(directory);
  for (const use of keyUses) {
    if (!held.some((key) => key.use === use)) held.push(await make(directory, use, now));
  }
  const ofUse = (use: KeyUse) => held.filter((key) => key.use === use);
  const newest = (use: KeyUse): HeldKey => {
    const key = ofUse(use).at(-1);
    if (key === undefined) throw new Error(`no ${use} key is held`);
    return key;
  };
  const published = (use: KeyUse): PublicKey[] =>
    ofUse(use).map((key, i, all) => ({
      use,
      id: key.id,
      raw: key.raw,
      createdAt: key.createdAt,
      retiredAt: all[i + 1]?.createdAt ?? null,
    }));

  return {
    publicKeys: published,
    current: (use) => {
      const key = published(use).at(-1);
      if (key === undefined) throw new Error(`no ${use} key is held`);
      return key;
    },
    sign(use, bytes, id) {
      const key = id === undefined ? newest(use) : ofUse(use).find((k) => k.id === id);
      if (key === undefined) throw new Error(`no ${use} key ${id} is held`);
      return new Uint8Array(sign(null, bytes, key.privateKey));
    },
    async rotate(use, at) {
      // Order is by time: a clock that stands or was set back must not make the new key an old one.
      const after = addMilliseconds(newest(use).createdAt, 1);
      const [, from = at] = [at, after].sort();
      held.push(await make(directory, use, from));
      const key = published(use).at(-1);
      if (key === undefined) throw new Error('the key just made is not held');
      return key;
    },
    backup: () =>
      JSON.stringify({
        format: 'breakwater-key-backup/1',
        keys: held.map((k) => JSON.parse(k.text)),
      }),
  };
}

async function make(directory: string, use: KeyUse, now: Instant): Promise<HeldKey> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  const text = JSON.stringify({
    format: 'breakwater-signing-key/1',
    use,
    createdAt: now,
    privateKey: toBase64(new Uint8Array(der)),
  });
  const key = read(text);
  await writeDurably(path.join(directory, `${use}-${key.id}.json`), utf8(text));
  return key;
}

async function loadAll(directory: string): Promise<HeldKey[]> {
  const names = await readdir(directory).catch(() => []);
  const keys = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (name) => {
        const file = path.join(directory, name);
        const text = await readFile(file, 'utf8');
        try {
          return read(text);
        } catch (cause) {
          throw new Error(`the signing key ${file} is damaged: restore it from a backup`, {
            cause,
          });
        }
      }),
  );
  return keys.sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
}

function read(text: string): HeldKey {
  const file = KeyFile.parse(JSON.parse(text));
  const der = fromBase64(file.privateKey);
  if (der === null) throw new Error('its private key is not base64');
  const privateKey = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  // RFC 8410: the last 32 bytes of an Ed25519 SubjectPublicKeyInfo are the raw key.
  const raw = new Uint8Array(spki.subarray(-32));
  return {
    use: file.use,
    createdAt: file.createdAt as Instant, // written by us from an Instant
    privateKey,
    raw,
    id: bytesToHex(sha256(raw)).slice(0, 16),
    text,
  };
}
