import {
  bytesToHex,
  fromBase64,
  fromUtf8,
  hexToBytes,
  ok,
  type Result,
  refuse,
  toBase64,
  utf8,
} from '@breakwater/kernel';
import { commitBytes, leafHash, rootOf } from '@breakwater/log';
import { z } from 'zod';
import { faultOf } from '../suite/fault.ts';
import { suiteTasksMax } from '../suite/suite.ts';
import { type Item, itemText, readItem } from './item.ts';

/** Bytes of a salt: from a secure random generator, one for each item, never used again. */
export const saltBytes = 32;

/** Longest sealed file read, in bytes. */
export const sealedBytesMax: number = 512 * 1024 * 1024;

/** 32 bytes in hexadecimal. */
export const HashText = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 small hexadecimal digits');

/** 32 bytes in base64, in its one form: 44 characters alone may also be 31 bytes, or 33. */
export const Base64Hash = z
  .string()
  .max(44)
  .refine((text) => fromBase64(text)?.length === 32, 'expected base64 of 32 bytes');

/** What is published before a suite is used. Tells how many items there are, and nothing else. */
export const SuiteCommitment = z
  .strictObject({
    format: z.literal('breakwater-suite-commitment/1'),
    count: z.int().min(1).max(suiteTasksMax),
    root: HashText,
    /** The commitment of each item, in their order. */
    items: z.array(HashText).max(suiteTasksMax),
  })
  .refine(({ count, items }) => items.length === count, 'count differs from the items');
export type SuiteCommitment = Readonly<z.infer<typeof SuiteCommitment>>;

const SealedItem = z.strictObject({
  commitment: HashText,
  salt: Base64Hash,
  /** Canonical JSON, as text. */
  item: z.string(),
});

/** What the keeper of a suite keeps: with it any item can be opened. Secret like the suite. */
export const SealedSuite = z.strictObject({
  format: z.literal('breakwater-suite-sealed/1'),
  root: HashText,
  items: z.array(SealedItem).min(1).max(suiteTasksMax),
});
export type SealedSuite = Readonly<z.infer<typeof SealedSuite>>;

/** The commitment of an item: the form of an entry of the log (docs/log-format.md). Hexadecimal. */
export function commitmentOf(salt: Uint8Array, text: string): string {
  return bytesToHex(commitBytes(salt, utf8(text)));
}

/** The root over commitments in their order: RFC 6962 §2.1, each commitment an entry. */
export function rootOver(commitments: readonly string[]): string {
  return bytesToHex(rootOf(commitments.map((each) => leafHash(hexToBytes(each)))));
}

/** Seals items with a salt each. Throws unless there is one of 32 bytes for each, all different. */
export function sealSuite(items: readonly Item[], salts: readonly Uint8Array[]): SealedSuite {
  const different = new Set(salts.map(bytesToHex));
  if (different.size !== items.length || salts.length !== items.length) {
    throw new RangeError('expected one salt of its own for each item');
  }
  const sealed = items.map((each, at) => {
    const item = itemText(each);
    const salt = salts[at] ?? new Uint8Array();
    return { commitment: commitmentOf(salt, item), salt: toBase64(salt), item };
  });
  const root = rootOver(sealed.map(({ commitment }) => commitment));
  return { format: 'breakwater-suite-sealed/1', root, items: sealed };
}

/** The public side of a sealed suite. */
export function commitmentTo(sealed: SealedSuite): SuiteCommitment {
  const items = sealed.items.map(({ commitment }) => commitment);
  const { root } = sealed;
  return { format: 'breakwater-suite-commitment/1', count: items.length, root, items };
}

/** Why a file of commitments was not taken. */
export type SealCode = 'malformed' | 'commitment-differs' | 'salt-twice';

/**
 * Reads a sealed file, and checks that salts and items make its commitments and its root, and that
 * no two items share a salt.
 */
export function readSealed(bytes: Uint8Array): Result<SealedSuite, SealCode> {
  const sealed = parsed(SealedSuite, bytes);
  if (!sealed.ok) return sealed;
  for (const [at, { commitment, salt, item }] of sealed.value.items.entries()) {
    const raw = fromBase64(salt);
    if (raw === null || commitmentOf(raw, item) !== commitment) return differs(`item ${at}`);
    const read = readItem(item);
    if (!read.ok) return refuse({ ...read.refusal, code: 'malformed' });
  }
  const { items } = sealed.value;
  // A salt that was opened with one item would let whoever knows it guess at another.
  if (new Set(items.map(({ salt }) => salt)).size < items.length) return saltTwice();
  const commitments = items.map(({ commitment }) => commitment);
  return rootOver(commitments) === sealed.value.root ? sealed : differs('the root');
}

/** Reads the public file of a suite, and checks that its items lead to its root. */
export function readCommitment(bytes: Uint8Array): Result<SuiteCommitment, SealCode> {
  const commitment = parsed(SuiteCommitment, bytes);
  if (!commitment.ok) return commitment;
  const { items, root } = commitment.value;
  return rootOver(items) === root ? commitment : differs('the root');
}

/**
 * The commitments of the items of a suite as it lies in a folder, in their order; refused where
 * an item is not the one that was sealed. `items` as `readSuite` gives them.
 */
export function sealedCommitments(
  sealed: SealedSuite,
  items: readonly Item[],
): Result<readonly string[], 'commitment-differs'> {
  if (sealed.items.length !== items.length) return differs('the number of items');
  for (const [at, item] of items.entries()) {
    if (sealed.items[at]?.item !== itemText(item)) return differs(`the task ${item.task.name}`);
  }
  return ok(sealed.items.map(({ commitment }) => commitment));
}

/** Parses JSON from bytes by a schema of this folder; refuses every other shape. */
export function parsed<T>(schema: z.ZodType<T>, bytes: Uint8Array): Result<T, 'malformed'> {
  const no = (got: string) =>
    refuse({
      code: 'malformed',
      expected: 'a file as docs/suite-format.md describes it',
      got,
      todo: 'ask whoever gave it for the file again',
    });
  if (bytes.length > sealedBytesMax) return no(`${bytes.length} bytes`);
  try {
    const result = schema.safeParse(JSON.parse(fromUtf8(bytes)));
    return result.success ? ok(result.data) : no(faultOf(result.error).got);
  } catch {
    return no('something else than JSON in UTF-8');
  }
}

function saltTwice() {
  return refuse({
    code: 'salt-twice',
    expected: 'a salt of its own for each item',
    got: 'one that two items have',
    todo: 'commit to the suite anew, and use that from now on',
  });
}

function differs(what: string) {
  return refuse({
    code: 'commitment-differs',
    expected: 'what was committed',
    got: `${what}, which is not`,
    todo: 'do not rely on it: it was changed after it was sealed, or belongs to another suite',
  });
}
