import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { digestOf, utf8 } from '@breakwater/kernel';
import { type Attestation, attest } from '@breakwater/proof';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../test/run-cli.ts';

const digest = (text: string) => digestOf(utf8(text));
const run = {
  input: digest('proof'),
  outcome: 'fired' as const,
  reason: 'it fell over',
  signature: 'SEGV in parse',
  stdout: digest(''),
  stderr: digest('boom'),
  evidence: digest('{}'),
};
const validation: Attestation = {
  kind: 'validation',
  predicate: {
    package: 'pkg:npm/flat',
    recipe: digest('recipe'),
    reasons: [{ code: 'fired-every-time', text: 'fired 1 of 1 times' }],
    sandbox: { driver: 'bubblewrap', version: '0.8.0', tier: 'standard', networkDenied: true },
    concludedAt: '2026-11-20T00:00:00.000Z',
    verdict: 'reproduced',
    reproduced: { k: 1, n: 1, low: 0.2, high: 1 },
    proof: digest('proof'),
    builds: {
      vulnerable: { version: '1', digest: digest('build 1') },
      control: { version: '2', digest: digest('build 2') },
    },
    attempts: [run],
    control: [],
    benign: [],
  },
};

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
const signer = {
  keyid: 'issuer',
  sign: (message: Uint8Array) => new Uint8Array(sign(null, message, privateKey)),
};

let folder = '';
const at = (name: string) => path.join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-cli-'));
  await writeFile(at('envelope.json'), JSON.stringify(await attest(validation, signer)));
});
afterEach(async () => await rm(folder, { recursive: true }));

const check = (...more: string[]) =>
  runCli(['attestation', 'check', at('envelope.json'), '--json', ...more]);

test('holds under the key as text, in a file, and as a server publishes it', async () => {
  await writeFile(at('key.txt'), `${raw}\n`);
  await writeFile(at('keys.json'), JSON.stringify({ keys: [{ keyid: 'a', publicKey: raw }] }));
  for (const key of [raw, at('key.txt'), at('keys.json')]) {
    const { code, json } = await check('--key', key);
    expect(code).toBe(0);
    expect(json()).toMatchObject({ holds: true, predicate: { verdict: 'reproduced' } });
  }
});

test('speaks about a file, or not', async () => {
  await writeFile(at('proof'), 'proof');
  await writeFile(at('other'), 'other');
  const own = await check('--key', raw, '--file', at('proof'));
  expect(own.code).toBe(0);
  expect(own.json()).toMatchObject({ files: [{ file: 'proof', subject: 'proof' }] });
  const other = await check('--key', raw, '--file', at('proof'), at('other'));
  expect(other.code).toBe(1);
  expect(other.json()).toMatchObject({ holds: false, files: [{}, { subject: null }] });
});

test('does not hold under another key, nor with another verdict inside', async () => {
  const stranger = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  const another = await check('--key', stranger.subarray(-32).toString('base64'));
  expect(another.code).toBe(1);
  expect(another.json()).toMatchObject({ refusal: { code: 'signatures-insufficient' } });

  const envelope = await attest(validation, signer);
  const payload = Buffer.from(envelope.payload, 'base64').toString();
  const changed = payload.replace('"reproduced","', '"flaky","');
  const forged = { ...envelope, payload: Buffer.from(`${changed} `).toString('base64') };
  await writeFile(at('envelope.json'), JSON.stringify(forged));
  expect((await check('--key', raw)).code).toBe(1);
});

test.each([
  ['no key', 'AAAA', 'file-unreadable'],
  ['a file without keys', 'empty.txt', 'key-malformed'],
])('%s is refused', async (_, key, refused) => {
  await writeFile(at('empty.txt'), 'nothing here');
  const { code, json } = await check('--key', key === 'AAAA' ? key : at(key));
  expect([code, json()]).toMatchObject([2, { refusal: { code: refused } }]);
});
