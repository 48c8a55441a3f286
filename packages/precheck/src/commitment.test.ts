import { generateKeyPairSync, sign } from 'node:crypto';
import { type Json, toBase64, utf8 } from '@breakwater/kernel';
import { commit, formatDisclosure, leafHash, signCheckpoint, verifierKey } from '@breakwater/log';
import { expect, test } from 'vitest';
import { checkCommitment, commitmentAct, type EpochSaid, epochContent } from './commitment.ts';
import { deriveEpochKeys, epochIdOf } from './oprf.ts';

const { publicKey } = deriveEpochKeys(new Uint8Array(32).fill(5), utf8('test'));
const said: EpochSaid = {
  epoch: epochIdOf(publicKey),
  publicKey: toBase64(publicKey),
  from: '2026-03-01T08:00:00.000Z',
  until: '2026-03-15T08:00:00.000Z',
  prefixBits: 4,
  entriesPerBucket: 256,
  bucketsPerRequest: 8,
};

const pair = generateKeyPairSync('ed25519');
const raw = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
const key = verifierKey('test.example/log', new Uint8Array(raw));

/** A log of this one entry. */
async function disclosed(content: Json): Promise<Uint8Array> {
  const salt = new Uint8Array(32).fill(1);
  const root = leafHash(commit(salt, content));
  const checkpoint = await signCheckpoint({ origin: key.name, size: 1, root, extensions: [] }, [
    { key, sign: (bytes) => new Uint8Array(sign(null, bytes, pair.privateKey)) },
  ]);
  const note = typeof checkpoint === 'string' ? utf8(checkpoint) : checkpoint;
  return utf8(formatDisclosure({ salt, content, index: 0, proof: [], checkpoint: note }));
}

const entry = {
  v: 1,
  id: 'entry_0',
  at: said.from,
  actor: 'system',
  act: commitmentAct,
  subject: said.epoch,
  data: epochContent(said),
};

test('an epoch holds as the log says it', async () => {
  const checked = checkCommitment(said, await disclosed(entry), [key]);
  expect(checked.ok && checked.value.size).toBe(1);
});

test.each<[string, Partial<EpochSaid>]>([
  ['a larger bucket', { entriesPerBucket: 512 }],
  ['more of the output told', { prefixBits: 24 }],
  ['a longer life', { until: '2027-03-15T08:00:00.000Z' }],
  ['another key under this id', { publicKey: toBase64(new Uint8Array(32).fill(8)) }],
])('it does not with %s', async (_, changed) => {
  const checked = checkCommitment({ ...said, ...changed }, await disclosed(entry), [key]);
  expect(checked.ok ? null : checked.refusal.code).toBe('commitment-wrong');
});

test.each<[string, Json]>([
  ['the entry of another act', { ...entry, act: 'coordinate.said' }],
  ['an entry that a party wrote', { ...entry, actor: 'party_0' }],
  ['an entry about another epoch', { ...entry, subject: '0123456789abcdef' }],
  ['a text', 'said'],
])('nor by %s', async (_, content) => {
  const checked = checkCommitment(said, await disclosed(content), [key]);
  expect(checked.ok ? null : checked.refusal.code).toBe('commitment-wrong');
});

test('nor under the key of another log, nor by bytes that are no disclosure', async () => {
  const other = verifierKey(key.name, new Uint8Array(32).fill(3));
  expect(checkCommitment(said, await disclosed(entry), [other]).ok).toBe(false);
  expect(checkCommitment(said, utf8('{}'), [key]).ok).toBe(false);
});
