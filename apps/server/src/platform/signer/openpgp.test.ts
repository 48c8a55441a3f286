import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Instant, utf8 } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPgpFingerprint, openPgpKey, openPgpSignature } from './openpgp.ts';
import { openSigner, type Signer } from './signer.ts';

const madeAt = '2026-03-01T08:00:00.000Z' as Instant; // spelled as kernel writes instants
const hasGpg = spawnSync('gpg', ['--version']).status === 0;

let folder: string;
let signer: Signer;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-openpgp-'));
  signer = await openSigner(path.join(folder, 'keys'), madeAt);
});
afterAll(async () => await rm(folder, { recursive: true }));

function gpg(...args: readonly string[]) {
  const given = ['--homedir', folder, '--batch', '--no-autostart', '--status-fd', '1', ...args];
  const run = spawnSync('gpg', given, { encoding: 'utf8' });
  return { status: run.status, said: run.stdout };
}

const signatureOver = (bytes: Uint8Array, at: string) =>
  openPgpSignature(signer.current('advisory'), {
    bytes,
    at,
    sign: (digest) => signer.sign('advisory', digest),
  });

describe.skipIf(!hasGpg)('an OpenPGP key, read by GnuPG (needs gpg)', () => {
  beforeAll(async () => {
    const key = signer.current('advisory');
    const armored = openPgpKey(key, 'Die Clearingstelle für alle', (digest) =>
      signer.sign('advisory', digest),
    );
    await writeFile(path.join(folder, 'key.asc'), armored);
    expect(gpg('--import', path.join(folder, 'key.asc')).status).toBe(0);
  });

  test('has its fingerprint and its name, and may sign', () => {
    const { said } = gpg('--with-colons', '--list-keys');
    const fingerprint = openPgpFingerprint(signer.current('advisory')).toUpperCase();
    expect(said).toContain(`fpr:::::::::${fingerprint}:`);
    expect(said).toContain('Die Clearingstelle für alle');
    expect(said).toMatch(/^pub:.*:scSC:/m);
  });

  test.each([
    ['an hour later', '2026-03-01T09:00:00.000Z'],
    ['as if before the key was made', '2026-02-01T09:00:00.000Z'],
  ])('signs a document %s, and no other', async (_, at) => {
    // Many, because numbers with leading zeros are written shorter.
    for (let i = 0; i < 20; i += 1) {
      const document = path.join(folder, 'document.json');
      const signature = path.join(folder, 'document.json.asc');
      const bytes = utf8(JSON.stringify({ i }));
      await writeFile(document, bytes);
      await writeFile(signature, signatureOver(bytes, at));
      const { status, said } = gpg('--verify', signature, document);
      expect([status, said.includes('GOODSIG')]).toEqual([0, true]);
      await writeFile(document, utf8('{}'));
      expect(gpg('--verify', signature, document).said).toContain('BADSIG');
    }
  });
});

test('a signature is the same each time it is asked for', () => {
  const bytes = utf8('{}');
  expect(signatureOver(bytes, madeAt)).toBe(signatureOver(bytes, madeAt));
});
