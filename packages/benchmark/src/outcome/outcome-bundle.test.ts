import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { utf8 } from '@breakwater/kernel';
import { formatVerifierKey, type NoteSigner, signNote, verifierKey } from '@breakwater/log';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundleKeyName, type Outcome, openBundle, writeBundle } from './outcome-bundle.ts';

function signer(name = bundleKeyName): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
  return {
    key: verifierKey(name, raw),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

const outcome: Outcome = {
  engagement: 'ab'.repeat(32),
  outcome: 'covered',
  date: '2026-11-21',
  reference: 'NSA-2026-0117',
  consulted: { ncd: '2026-11-01', apst: '2026-11-02', 'cisa-director': '2026-11-03' },
};
const ours = signer();
const codeOf = (note: string, keys = [ours.key]) => {
  const opened = openBundle(note, keys);
  return opened.ok ? 'opened' : opened.refusal.code;
};

test('DES-15 a bundle is what was signed, and one outcome has one text', async () => {
  const note = await writeBundle(outcome, ours);
  expect(note.split('\n\n')[0]?.split('\n')).toEqual([
    'breakwater outcome bundle v1',
    `engagement ${'ab'.repeat(32)}`,
    'outcome covered',
    'date 2026-11-21',
    'reference NSA-2026-0117',
    'consulted ncd 2026-11-01',
    'consulted apst 2026-11-02',
    'consulted cisa-director 2026-11-03',
    `key ${ours.key.id}`,
  ]);
  const opened = openBundle(note, [signer().key, ours.key]);
  const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
  expect(opened).toEqual({ ok: true, value: { ...outcome, key: ours.key.id, digest } });
  expect(utf8(note).length).toBeLessThan(600);
});

test('DES-15 nothing more than these fields, and no other signature, is taken', async () => {
  const note = await writeBundle(outcome, ours);
  const [text = '', signature = ''] = note.split('\n\n');
  const signed = async (changed: string) => await signNote(`${changed}\n`, [ours]);
  expect(codeOf(await signed(`${text}\nestimate 0.61`))).toBe('bundle-malformed');
  expect(codeOf(await signed(text.replace('NSA-2026-0117', 'the reason is')))).toBe(
    'bundle-malformed',
  );
  expect(codeOf(await signed(text.replace(/^consulted ncd.*\n/m, '')))).toBe('bundle-malformed');
  expect(codeOf(await signed(text.replace('outcome covered', 'outcome other')))).toBe(
    'bundle-malformed',
  );
  expect(codeOf(await signed(text.replace('date 2026-11-21', 'date 2026-02-30')))).toBe(
    'bundle-malformed',
  );
  expect(codeOf(await signed(text.replace('ncd 2026-11-01', 'ncd 2026-09-31')))).toBe(
    'bundle-malformed',
  );
  expect(codeOf(await signed(text.replace(/key .*/, 'key 00000000')))).toBe('signature-not-ours');
  expect(codeOf(note.replace('outcome covered', 'outcome not-covered'))).toBe('signature-not-ours');
  expect(codeOf(note, [signer().key])).toBe('signature-not-ours');
  expect(codeOf(note, [])).toBe('signature-not-ours');
  expect(codeOf(await writeBundle(outcome, signer('elsewhere')))).toBe('signature-not-ours');
  expect(codeOf(`${text}\n\n${signature}${signature}`)).toBe('bundle-malformed');
  expect(codeOf(`${note}\nand a word`)).toBe('bundle-malformed');
  expect(codeOf(note.padEnd(5_000, '\n'))).toBe('bundle-malformed');
  await expect(writeBundle({ ...outcome, reference: 'see the annex' }, ours)).rejects.toThrow(
    'in the form of a bundle',
  );
});

test('DES-15 whatever is carried here is opened or refused', async () => {
  const note = await writeBundle(outcome, ours);
  fc.assert(
    fc.property(fc.nat(note.length), fc.string({ unit: 'binary', minLength: 1 }), (at, bit) => {
      const changed = note.slice(0, at) + bit + note.slice(at + bit.length);
      if (changed !== note) expect(codeOf(changed)).not.toBe('opened');
    }),
    { numRuns: 40 },
  );
});

test('DES-15 a few lines of Python and openssl check it as well', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'breakwater-bundle-'));
  try {
    const script = new URL('../../checks/check-bundle.py', import.meta.url).pathname;
    const run = (name: string, note: string) => {
      writeFileSync(path.join(folder, name), note);
      const argv = [script, path.join(folder, name), formatVerifierKey(ours.key)];
      return execFileSync('python3', argv, { encoding: 'utf8', stdio: 'pipe' });
    };
    const note = await writeBundle(outcome, ours);
    expect(run('bundle', note)).toContain('outcome covered\n');
    expect(() => run('forged', note.replace('NSA-2026-0117', 'NSA-2026-0118'))).toThrow(
      'the signature does not hold',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
