import { toBase64, utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderOf, suiteJson, webOne } from '../../test/memory-folder.ts';
import {
  checkMembership,
  checkOpening,
  commitmentTo,
  openItem,
  proveMembership,
  readCommitment,
  readMembership,
  readOpening,
  readSealed,
  readSuite,
  sealSuite,
} from '../index.ts';

const bytes = (value: unknown) => utf8(JSON.stringify(value));

async function demo() {
  const read = await readSuite(folderOf());
  if (!read.ok) throw new Error(read.refusal.got);
  const salts = read.value.items.map((_, at) => new Uint8Array(32).fill(at));
  const sealed = sealSuite(read.value.items, salts);
  const opening = await openItem(sealed, 0);
  const membership = await proveMembership(commitmentTo(sealed), 1);
  return { sealed, published: commitmentTo(sealed), opening, membership };
}

/** A value with one of its fields replaced by anything JSON can say. */
function changed(value: object) {
  const keys = fc.constantFrom(...Object.keys(value));
  return fc
    .tuple(keys, fc.jsonValue({ maxDepth: 3 }))
    .map(([key, other]) => ({ ...value, [key]: other }));
}

test.each([31, 33])('a hash of %d bytes in 44 characters is refused', async (length) => {
  const { opening, membership, sealed } = await demo();
  const text = toBase64(new Uint8Array(length));
  expect(text.length).toBe(44);
  for (const change of [{ salt: text }, { path: [text] }]) {
    expect(readOpening(bytes({ ...opening, ...change })).ok).toBe(false);
  }
  expect(readMembership(bytes({ ...membership, path: [text] })).ok).toBe(false);
  const items = sealed.items.map((item) => ({ ...item, salt: text }));
  expect(readSealed(bytes({ ...sealed, items })).ok).toBe(false);
});

test('whatever stands in a file of proofs, the answer is a refusal and never a fault', async () => {
  const { sealed, published, opening, membership } = await demo();
  fc.assert(
    fc.property(
      changed(opening),
      changed(membership),
      changed(published),
      changed(sealed),
      fc.uint8Array(),
      (opened, member, publication, secret, noise) => {
        const read = readOpening(bytes(opened));
        if (read.ok) checkOpening(read.value, published);
        const shown = readMembership(bytes(member));
        if (shown.ok) checkMembership(shown.value, published);
        readCommitment(bytes(publication));
        readSealed(bytes(secret));
        for (const each of [readOpening, readMembership, readCommitment, readSealed]) {
          expect(each(noise).ok).toBe(false);
        }
      },
    ),
  );
});

test('whatever stands in suite.json and task.json, the answer is a refusal or a suite', async () => {
  await fc.assert(
    fc.asyncProperty(changed(suiteJson), changed(webOne), async (suite, task) => {
      for (const files of [
        { 'suite.json': JSON.stringify(suite) },
        { 'tasks/web-one/task.json': JSON.stringify(task) },
      ]) {
        const read = await readSuite(folderOf(files));
        if (read.ok)
          sealSuite(
            read.value.items,
            [new Uint8Array(32), new Uint8Array(32).fill(1)].slice(0, read.value.items.length),
          );
      }
    }),
  );
});

test.each([readSealed, readCommitment, readOpening, readMembership])(
  'a field that is one too many is refused in few words, however long its name: %o',
  async (read) => {
    const { sealed } = await demo();
    const refused = read(bytes({ ...sealed, ['x'.repeat(100_000)]: 1 }));
    expect(refused.ok).toBe(false);
    expect(JSON.stringify(refused).length).toBeLessThan(1_000);
  },
);
