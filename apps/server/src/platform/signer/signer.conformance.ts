import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bytesToHex, type Instant, sha256, utf8 } from '@breakwater/kernel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyUses, type Signer } from './signer.ts';

/** What every implementation of the signer port on files does. */
export function signerConformance(
  open: (directory: string, now: Instant) => Promise<Signer>,
): void {
  const monday = '2026-03-02T08:00:00.000Z' as Instant; // spelled as kernel writes instants
  const tuesday = '2026-03-03T08:00:00.000Z' as Instant;
  let directory: string;
  let signer: Signer;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'breakwater-signer-'));
    signer = await open(directory, monday);
  });
  afterEach(async () => await rm(directory, { recursive: true, force: true }));

  test('there is a key for each use from the start, and they differ', () => {
    const keys = keyUses.map((use) => signer.current(use));
    expect(new Set(keys.map((k) => k.id)).size).toBe(keyUses.length);
    for (const key of keys) {
      expect(key).toMatchObject({ createdAt: monday, retiredAt: null });
      expect(key.id).toBe(bytesToHex(sha256(key.raw)).slice(0, 16));
    }
  });

  test('a signature checks under the published key, and under that of no other use', () => {
    const message = utf8('a checkpoint');
    const signature = signer.sign('log', message);
    expect(checks(signer.current('log').raw, message, signature)).toBe(true);
    expect(checks(signer.current('log').raw, utf8('another'), signature)).toBe(false);
    expect(checks(signer.current('attestation').raw, message, signature)).toBe(false);
  });

  test('opening again finds the same keys', async () => {
    const again = await open(directory, tuesday);
    for (const use of keyUses) expect(again.publicKeys(use)).toEqual(signer.publicKeys(use));
  });

  test('after a rotation the new key signs and the old one stays published and at hand', async () => {
    const old = signer.current('log');
    const fresh = await signer.rotate('log', tuesday);
    expect(fresh.id).not.toBe(old.id);
    expect(signer.publicKeys('log').map((k) => [k.id, k.retiredAt])).toEqual([
      [old.id, tuesday],
      [fresh.id, null],
    ]);
    expect(signer.publicKeys('attestation')).toHaveLength(1);
    const message = utf8('m');
    expect(checks(fresh.raw, message, signer.sign('log', message))).toBe(true);
    expect(checks(old.raw, message, signer.sign('log', message, old.id))).toBe(true);
    const again = await open(directory, tuesday);
    expect(again.publicKeys('log')).toEqual(signer.publicKeys('log'));
  });

  test('two rotations within one moment keep their order when opened again', async () => {
    for (let i = 0; i < 8; i++) await signer.rotate('log', monday);
    const again = await open(directory, tuesday);
    expect(again.current('log').id).toBe(signer.current('log').id);
  });

  test('a key of one use cannot be made to sign for another', () => {
    const { id } = signer.current('attestation');
    expect(() => signer.sign('log', utf8('m'), id)).toThrow(`no log key ${id} is held`);
  });

  test('the backup is enough to sign as before on another machine', async () => {
    await signer.rotate('log', tuesday);
    const backup = JSON.parse(signer.backup());
    expect(backup.format).toBe('breakwater-key-backup/1');
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'breakwater-signer-'));
    try {
      for (const [i, key] of backup.keys.entries()) {
        await writeFile(path.join(elsewhere, `${i}.json`), JSON.stringify(key));
      }
      const restored = await open(elsewhere, tuesday);
      for (const use of keyUses) expect(restored.publicKeys(use)).toEqual(signer.publicKeys(use));
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  test('key files are for their owner alone', async () => {
    for (const name of await readdir(directory)) {
      expect((await stat(path.join(directory, name))).mode & 0o777).toBe(0o600);
    }
  });

  test.each([
    ['no JSON', '{'],
    ['another format', '{"format":"x"}'],
    ['no base64', JSON.stringify({ ...shape(), privateKey: '***' })],
    ['no key', JSON.stringify({ ...shape(), privateKey: 'AAAA' })],
    ['an unknown use', JSON.stringify({ ...shape(), use: 'tls' })],
  ])('a damaged key file is named, and nothing is signed without it: %s', async (_, text) => {
    await writeFile(path.join(directory, 'log-damaged.json'), text);
    await expect(open(directory, tuesday)).rejects.toThrow('log-damaged.json');
  });
}

function shape() {
  return {
    format: 'breakwater-signing-key/1',
    use: 'log',
    createdAt: '2026-03-02T08:00:00.000Z',
    privateKey: '',
  };
}

function checks(raw: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const prefix = Buffer.from('302a300506032b6570032100', 'hex'); // RFC 8410, Ed25519
  const key = createPublicKey({ key: Buffer.concat([prefix, raw]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}
