import { readFileSync } from 'node:fs';
import { bytesToHex, canonicalJson, fromUtf8, hexToBytes, utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileOf, logOf, sign, vkey } from '../test/memory-log.ts';
import { insideSalt, proven, request, salt } from '../test/proven-request.ts';
import { appendEntries, edgeRoot } from './edge.ts';
import { commit } from './entry.ts';
import type { Group } from './interval.ts';
import { groupRoot, intervalAct, intervalLeaves, intervalPlaces, placeLeaf } from './interval.ts';
import { parseVerifierKey } from './note.ts';
import type { RequestProof } from './request.ts';
import {
  checkRequestProof,
  formatRequestProof,
  parseRequestProof,
  requestCommitment,
  requestProofBytesMax,
} from './request.ts';

const commitment = '2023b8773f9392c758e0d105e26383099842c3e20ba6a072ae647b9506f5559e';
const placed = '881501a9e72d932b894725affa73334b485be92a625d4bfb3c88309a69c412e4';

const key = parseVerifierKey(vkey);
if (!key.ok) throw new Error(key.refusal.got);
const keys = [key.value];

const codeOf = (proof: RequestProof) => {
  const checked = checkRequestProof(proof, keys);
  return checked.ok ? 'holds' : checked.refusal.code;
};

test('the vector of docs/log-format.md, and the page says the same', () => {
  expect(bytesToHex(requestCommitment(salt, request))).toBe(commitment);
  const root = groupRoot([hexToBytes(commitment)]);
  expect(bytesToHex(placeLeaf({ size: 1, root }))).toBe(placed);
  const page = readFileSync(new URL('../../../docs/log-format.md', import.meta.url), 'utf8');
  expect(page).toContain(fromUtf8(canonicalJson(request)));
  for (const value of [commitment, bytesToHex(root), placed]) expect(page).toContain(value);
});

test.each([
  { index: 0, size: 1, place: 0 },
  { index: 2, size: 5, place: 700 },
  { index: 299, size: 300, place: 1023 },
])('request $index of $size at place $place is proven offline, also from its file', async (at) => {
  const proof = await proven(at);
  const parsed = parseRequestProof(utf8(formatRequestProof(proof)));
  expect(parsed).toEqual({ ok: true, value: proof });
  expect(codeOf(proof)).toBe('holds');
  const { inside: _, ...told } = proof;
  expect(codeOf(told)).toBe('holds');
  expect(checkRequestProof(proof, [])).toMatchObject({ ok: false });
});

test('whatever is changed in it, it does not hold, and says in which part', async () => {
  const whole = await proven();
  const { group, interval, entry } = whole;
  const [first = expect.fail('expected a path'), ...rest] = group.proof;
  const swapped = [...interval.proof].reverse();
  const other = { ...entry, content: { ...Object(entry.content), act: 'partners.ended' } };
  const codes = {
    request: codeOf({ ...whole, request: { ...whole.request, status: 500 } }),
    salt: codeOf({ ...whole, salt: new Uint8Array(32) }),
    index: codeOf({ ...whole, group: { ...group, index: 3 } }),
    path: codeOf({ ...whole, group: { ...group, proof: rest } }),
    longer: codeOf({ ...whole, group: { ...group, proof: [...group.proof, first] } }),
    size: codeOf({ ...whole, group: { ...group, size: 6 } }),
    root: codeOf({ ...whole, group: { ...group, root: first } }),
    place: codeOf({ ...whole, interval: { ...interval, place: 701 } }),
    swapped: codeOf({ ...whole, interval: { ...interval, proof: swapped } }),
    entry: codeOf({ ...whole, entry: other }),
    inside: codeOf({ ...whole, inside: { salt: insideSalt, content: { marks: [] } } }),
  };
  expect(codes).toEqual({
    request: 'request-changed',
    salt: 'request-changed',
    index: 'request-changed',
    path: 'request-changed',
    longer: 'request-changed',
    size: 'interval-changed',
    root: 'interval-changed',
    place: 'interval-changed',
    swapped: 'interval-changed',
    entry: 'entry-changed',
    inside: 'inside-changed',
  });
});

test('an entry that is in the log but closes no interval proves no request', async () => {
  const whole = await proven();
  for (const content of [
    { act: 'partners.ended', data: Object(whole.entry.content).data },
    { act: intervalAct, data: { root: 'no', places: intervalPlaces } },
    { act: intervalAct, data: { root: Object(whole.entry.content).data.root, places: 1 } },
    [intervalAct],
  ]) {
    const log = await logOf(0);
    const { edge, files } = appendEntries(log.edge, [commit(salt, content)]);
    for (const { path, bytes } of files) log.files.set(path, bytes);
    await sign(log, 1, edgeRoot(edge));
    const entry = { salt, content, index: 0, proof: [], checkpoint: fileOf(log, 'checkpoint') };
    expect(codeOf({ ...whole, entry })).toBe('interval-changed');
  }
});

test('a place tells nobody whether it is taken, nor what its group is beside', () => {
  const group: Group = { size: 3, root: new Uint8Array(32).fill(1) };
  const [seed, another] = [new Uint8Array(32).fill(2), new Uint8Array(32).fill(3)];
  const leaves = intervalLeaves(new Map([[5, group]]), seed);
  expect(leaves.length).toBe(intervalPlaces);
  expect(new Set(leaves.map(bytesToHex)).size).toBe(intervalPlaces);
  expect(leaves[5]).toEqual(placeLeaf(group));
  const others = intervalLeaves(new Map([[5, group]]), another);
  expect(leaves.filter((leaf, i) => bytesToHex(leaf) === bytesToHex(others[i] ?? leaf))).toEqual([
    placeLeaf(group),
  ]);
  expect(() => intervalLeaves(new Map([[intervalPlaces, group]]), seed)).toThrow(RangeError);
});

test('whatever file comes, it is read or refused', async () => {
  const text = formatRequestProof(await proven());
  const file: Record<string, unknown> = JSON.parse(text);
  const refused = (bytes: Uint8Array) => parseRequestProof(bytes).ok === false;
  expect(refused(new Uint8Array(requestProofBytesMax + 1))).toBe(true);
  expect(refused(utf8(`{"format":${'['.repeat(200_000)}`))).toBe(true);
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  expect(refused(utf8(text.replace('"entry": {', `"entry": ${deep}, "x": {`)))).toBe(true);
  for (const name of Object.keys(file)) {
    const changed = fc.oneof(fc.jsonValue(), fc.constant(undefined));
    fc.assert(
      fc.property(changed, (value) => {
        const parsed = parseRequestProof(utf8(JSON.stringify({ ...file, [name]: value })));
        if (parsed.ok) expect(['holds', 'request-changed']).toContain(codeOf(parsed.value));
      }),
      { numRuns: 20 },
    );
  }
});
