import { readFileSync } from 'node:fs';
import type { Json } from '@breakwater/kernel';
import { bytesToHex, canonicalJson, fromUtf8, hexToBytes, utf8 } from '@breakwater/kernel';
import { describe, expect, test } from 'vitest';
import { fileOf, grow, logOf, sign, vkey } from '../test/memory-log.ts';
import { checkEntry, checkLog } from './check.ts';
import { appendEntries, edgeRoot } from './edge.ts';
import type { Disclosure } from './entry.ts';
import { commit, formatDisclosure, parseDisclosure } from './entry.ts';
import { inclusionProof } from './proof.ts';
import { readEntry } from './read-entry.ts';
import { tileReader } from './tile.ts';
import { leafHash, rootOf } from './tree.ts';

/** The vector of docs/log-format.md. */
const salt = hexToBytes('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
const content: Json = { what: 'a patch was verified', at: '2026-11-21T09:30:00.000Z', n: 1 };
const entry = '328b6f007ab44d65e352c1ebe44915eb40c7656587a24b88ac9f1ee403464c79';
const leaf = '7b9cfce9a44083aae4f73fd465afc3888f8ceaaf5b78abf4a742fa156736f9b1';
const root = '653a29065c22724ae78dfc939faf2bf06b113a06cdb08e0f70a3e9dc4ef9b5c9';

async function disclosed(index: number, size: number): Promise<Disclosure> {
  const log = await logOf(index);
  const { edge, files } = appendEntries(log.edge, [commit(salt, content)]);
  for (const { path, bytes } of files) log.files.set(path, bytes);
  log.edge = edge;
  await sign(log, edge.size, edgeRoot(edge));
  if (size > index + 1) await grow(log, size - index - 1);
  const proof = await inclusionProof({ index, size, read: tileReader(size, log.fetchFile) });
  if (!proof.ok) throw new Error(proof.refusal.got);
  return { salt, content, index, proof: proof.value, checkpoint: fileOf(log, 'checkpoint') };
}

const codes = (disclosure: Disclosure | Uint8Array) =>
  checkEntry(disclosure, [vkey]).findings.map(({ code }) => code);

describe('the entry', () => {
  test('the vector of docs/log-format.md', () => {
    const leaves = [commit(salt, content), new Uint8Array(32).fill(0xff)].map(leafHash);
    expect(bytesToHex(commit(salt, content))).toBe(entry);
    expect(leaves.slice(0, 1).map(bytesToHex)).toEqual([leaf]);
    expect(bytesToHex(rootOf(leaves))).toBe(root);
  });

  test('the page says the same', () => {
    const page = readFileSync(new URL('../../../docs/log-format.md', import.meta.url), 'utf8');
    for (const value of [bytesToHex(salt), entry, leaf, root]) expect(page).toContain(value);
    expect(page).toContain(fromUtf8(canonicalJson(content)));
  });

  test('the order of keys does not matter, anything else does', () => {
    const same = { n: 1, at: '2026-11-21T09:30:00.000Z', what: 'a patch was verified' };
    expect(commit(salt, same)).toEqual(commit(salt, content));
    expect(commit(salt, { ...same, n: 2 })).not.toEqual(commit(salt, content));
    expect(commit(new Uint8Array(32), content)).not.toEqual(commit(salt, content));
    expect(() => commit(salt.slice(1), content)).toThrow('31 bytes');
  });
});

describe('a disclosure', () => {
  test.each([
    [0, 1],
    [0, 300],
    [255, 300],
    [256, 300],
    [299, 300],
  ])('entry %i of %i is proven offline, also from its file', async (index, size) => {
    const disclosure = await disclosed(index, size);
    const file = utf8(formatDisclosure(disclosure));
    expect(parseDisclosure(file)).toEqual({ ok: true, value: disclosure });
    expect(checkEntry(file, [vkey])).toMatchObject({ holds: true, checkpoint: { size } });
  });

  test('anything changed in it is refused', async () => {
    const whole = await disclosed(5, 300);
    const [first, ...rest] = whole.proof;
    expect(codes({ ...whole, content: { ...Object(content), n: 2 } })).toEqual(['entry-changed']);
    expect(codes({ ...whole, salt: new Uint8Array(32) })).toEqual(['entry-changed']);
    expect(codes({ ...whole, index: 4 })).toEqual(['entry-changed']);
    expect(codes({ ...whole, proof: rest })).toEqual(['entry-changed']);
    expect(codes({ ...whole, proof: [...rest, first ?? salt] })).toEqual(['entry-changed']);
    const other = fileOf(await logOf(300), 'checkpoint');
    expect(codes({ ...whole, checkpoint: other })).toEqual(['entry-changed']);
    const forged = whole.checkpoint.with(20, 0x39);
    expect(codes({ ...whole, checkpoint: forged })).toEqual(['checkpoint-signature']);
  });

  test('a file of another shape is malformed', async () => {
    const text = formatDisclosure(await disclosed(5, 300));
    const file: Record<string, unknown> = JSON.parse(text);
    const shapes: unknown[] = [
      null,
      [],
      { ...file, format: 'breakwater disclosure v2' },
      { ...file, salt: 'AAAA' },
      { ...file, salt: 7 },
      { ...file, content: undefined },
      { ...file, content: '\ud800' },
      { ...file, index: -1 },
      { ...file, index: 1.5 },
      { ...file, index: '5' },
      { ...file, proof: 'none' },
      { ...file, proof: ['x'] },
      { ...file, proof: Array.from({ length: 65 }, () => file['salt']) },
      { ...file, checkpoint: null },
    ];
    for (const shape of shapes) {
      expect([JSON.stringify(shape), codes(utf8(JSON.stringify(shape)))]).toEqual([
        JSON.stringify(shape),
        ['malformed'],
      ]);
    }
    const deep = text.replace('"a patch was verified"', '['.repeat(50_000) + ']'.repeat(50_000));
    expect(codes(utf8(deep))).toEqual(['malformed']);
    const near = text.replace('"a patch was verified"', '['.repeat(400) + ']'.repeat(400));
    expect(codes(utf8(near))).toEqual(['malformed']);
    expect(codes(utf8(text.slice(1)))).toEqual(['malformed']);
  });
});

describe('reading an entry from files', () => {
  test('a changed bundle or tile is refused, a missing one named', async () => {
    const log = await logOf(300);
    const checkpoint = (await checkLog({ fetchFile: log.fetchFile, vkeys: [vkey] })).checkpoint;
    if (checkpoint === null) throw new Error('the log has no checkpoint');
    expect((await readEntry(256, checkpoint, log.fetchFile)).ok).toBe(true);
    const other = await logOf(300, 'b');
    for (const path of ['tile/entries/000', 'tile/0/000']) {
      log.files.set(path, fileOf(other, path));
    }
    expect(await readEntry(9, checkpoint, log.fetchFile)).toMatchObject({
      refusal: { code: 'entry-changed' },
    });
    log.files.delete('tile/entries/000');
    expect(await readEntry(9, checkpoint, log.fetchFile)).toMatchObject({
      refusal: { code: 'tile-missing', expected: 'a file tile/entries/000' },
    });
  });
});
