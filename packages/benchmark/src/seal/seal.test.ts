import { toBase64, utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { folderOf } from '../../test/memory-folder.ts';
import {
  checkMembership,
  checkOpening,
  commitmentOf,
  commitmentTo,
  openItem,
  proveMembership,
  readCommitment,
  readItem,
  readMembership,
  readOpening,
  readSealed,
  readSuite,
  rootOver,
  sealedCommitments,
  sealSuite,
} from '../index.ts';

const salts = [1, 2].map((byte) => new Uint8Array(32).fill(byte));
const bytes = (value: object) => utf8(JSON.stringify(value));

async function sealedDemo(changes = {}) {
  const read = await readSuite(folderOf(changes));
  if (!read.ok) throw new Error(read.refusal.got);
  const { items } = read.value;
  return { items, sealed: sealSuite(items, salts) };
}

test('what was sealed opens, item by item, against what was published', async () => {
  const { items, sealed } = await sealedDemo();
  const published = commitmentTo(sealed);
  expect(readSealed(bytes(sealed))).toEqual({ ok: true, value: sealed });
  expect(readCommitment(bytes(published))).toEqual({ ok: true, value: published });
  for (const [at, item] of items.entries()) {
    const opening = readOpening(bytes(await openItem(sealed, at)));
    if (!opening.ok) throw new Error(opening.refusal.got);
    const commitment = published.items[at];
    expect(checkOpening(opening.value, published)).toEqual({
      ok: true,
      value: { item, commitment, place: at },
    });
  }
});

test('the public side says nothing of what is in a suite', async () => {
  const text = JSON.stringify(commitmentTo((await sealedDemo()).sealed));
  const hashes = text.match(/[0-9a-f]{64}/g);
  expect(hashes?.length).toBe(3);
  expect(text.replace(/[0-9a-f]{64}/g, '#')).toBe(
    '{"format":"breakwater-suite-commitment/1","count":2,"root":"#","items":["#","#"]}',
  );
});

test('a result proves by its commitment alone that it comes from the suite', async () => {
  const { sealed } = await sealedDemo();
  const published = commitmentTo(sealed);
  const proof = readMembership(bytes(await proveMembership(published, 1)));
  if (!proof.ok) throw new Error(proof.refusal.got);
  expect(JSON.stringify(proof.value)).not.toContain('task');
  expect(checkMembership(proof.value, published)).toEqual({ ok: true, value: null });
  const [first = ''] = published.items;
  const stolen = { ...proof.value, commitment: first };
  expect(checkMembership(stolen, published)).toMatchObject({ refusal: { code: 'item-changed' } });
  const moved = { ...proof.value, place: 0 };
  expect(checkMembership(moved, published)).toMatchObject({ refusal: { code: 'item-changed' } });
  const other = { ...published, root: first };
  expect(checkMembership(proof.value, other)).toMatchObject({ refusal: { code: 'other-suite' } });
});

test('an opening of another suite, and one that was changed, show nothing', async () => {
  const { sealed } = await sealedDemo();
  const opening = await openItem(sealed, 0);
  const published = commitmentTo(sealed);
  const others = sealSuite(
    (await sealedDemo({ 'tasks/web-one/files/server.py': 'x' })).items,
    salts,
  );
  const code = (changed: object) => {
    const result = checkOpening({ ...opening, ...changed }, published);
    return result.ok ? 'ok' : result.refusal.code;
  };
  expect(code({})).toBe('ok');
  expect(code({ item: opening.item.replace('Find the', 'find the') })).toBe('item-changed');
  expect(code({ salt: (await openItem(sealed, 1)).salt })).toBe('item-changed');
  expect(code({ place: 1 })).toBe('item-changed');
  expect(code({ path: [] })).toBe('item-changed');
  expect(checkOpening(await openItem(others, 0), published)).toMatchObject({
    refusal: { code: 'other-suite' },
  });
});

test('a committed text that is no item, or has a second form, is refused as an item', () => {
  for (const text of ['{}', '[', 'null', ' {}', '{"format":"breakwater-item/1"}']) {
    expect(readItem(text)).toMatchObject({ refusal: { code: 'item-malformed' } });
  }
});

test('sealed and public files that do not hold in themselves are refused', async () => {
  const { sealed } = await sealedDemo();
  const published = commitmentTo(sealed);
  const [first, second] = sealed.items;
  const swapped = { ...sealed, items: [second, first] };
  expect(readSealed(bytes(swapped))).toMatchObject({ refusal: { code: 'commitment-differs' } });
  const renamed = { ...sealed, items: [first, { ...second, item: '{}' }] };
  expect(readSealed(bytes(renamed))).toMatchObject({ refusal: { code: 'commitment-differs' } });
  const reversed = { ...published, items: published.items.toReversed() };
  expect(readCommitment(bytes(reversed))).toMatchObject({
    refusal: { code: 'commitment-differs' },
  });
  for (const change of [{ count: 3 }, { more: 1 }, { root: published.root.toUpperCase() }]) {
    expect(readCommitment(bytes({ ...published, ...change }))).toMatchObject({
      refusal: { code: 'malformed' },
    });
  }
});

test('a folder that was changed after sealing is not what was committed', async () => {
  const { items, sealed } = await sealedDemo();
  expect(sealedCommitments(sealed, items)).toEqual({ ok: true, value: commitmentTo(sealed).items });
  const { items: changed } = await sealedDemo({ 'tasks/patch-two/private/score.sh': 'exit 0' });
  expect(sealedCommitments(sealed, changed)).toMatchObject({
    refusal: { code: 'commitment-differs', got: 'the task patch-two, which is not' },
  });
});

test('a salt is used once', async () => {
  const { items } = await sealedDemo();
  const [salt = new Uint8Array()] = salts;
  expect(() => sealSuite(items, [salt, salt])).toThrow(RangeError);
  expect(() => sealSuite(items, [salt])).toThrow(RangeError);
});

test('a salt that two items share is refused, though every commitment holds', async () => {
  const { sealed } = await sealedDemo();
  const [salt = new Uint8Array()] = salts;
  const items = sealed.items.map(({ item }) => ({
    commitment: commitmentOf(salt, item),
    salt: toBase64(salt),
    item,
  }));
  const root = rootOver(items.map(({ commitment }) => commitment));
  const twice = readSealed(bytes({ ...sealed, root, items }));
  expect(twice).toMatchObject({ refusal: { code: 'salt-twice' } });
});
