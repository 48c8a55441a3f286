import { fromBase64, hexToBytes, ok, type Result, refuse, toBase64 } from '@breakwater/kernel';
import {
  checkInclusion,
  createMemoryTree,
  inclusionProof,
  leafHash,
  proofHashesMax,
} from '@breakwater/log';
import { z } from 'zod';
import { suiteTasksMax } from '../suite/suite.ts';
import { type Item, readItem } from './item.ts';
import {
  Base64Hash,
  commitmentOf,
  HashText,
  parsed,
  type SealedSuite,
  type SuiteCommitment,
} from './seal.ts';

/** Where a commitment stands under the root of its suite. */
const place = {
  place: z.int().min(0).max(suiteTasksMax),
  count: z.int().min(1).max(suiteTasksMax),
  /** Hashes from the leaf to the root (RFC 6962 §2.1.1). */
  path: z.array(Base64Hash).max(proofHashesMax),
  root: HashText,
};

/** Shows that an item belongs to a committed suite, and nothing of what is in it. */
export const Membership = z.strictObject({
  format: z.literal('breakwater-membership/1'),
  commitment: HashText,
  ...place,
});
export type Membership = Readonly<z.infer<typeof Membership>>;

/** Shows one item, and that it is the one that was committed. */
export const Opening = z.strictObject({
  format: z.literal('breakwater-opening/1'),
  salt: Base64Hash,
  /** Canonical JSON, as text. */
  item: z.string(),
  ...place,
});
export type Opening = Readonly<z.infer<typeof Opening>>;

/** The proof that the item at `at` is one of the suite. Throws RangeError where there is none. */
export async function proveMembership(
  { items, root }: Pick<SuiteCommitment, 'items' | 'root'>,
  at: number,
): Promise<Membership> {
  const commitment = items[at];
  if (commitment === undefined) throw new RangeError(`no item ${at} of ${items.length}`);
  const tree = createMemoryTree();
  for (const each of items) tree.append(leafHash(hexToBytes(each)));
  const proof = await inclusionProof({ index: at, size: items.length, read: tree.read });
  if (!proof.ok) throw new RangeError(`the tree in memory lacks a hash: ${proof.refusal.code}`);
  const path = proof.value.map(toBase64);
  const format = 'breakwater-membership/1';
  return { format, commitment, place: at, count: items.length, path, root };
}

/** Opens the item at `at` of a sealed suite. Throws RangeError where there is none. */
export async function openItem(sealed: SealedSuite, at: number): Promise<Opening> {
  const opened = sealed.items[at];
  if (opened === undefined) throw new RangeError(`no item ${at} of ${sealed.items.length}`);
  const items = sealed.items.map(({ commitment }) => commitment);
  const {
    place: index,
    count,
    path,
    root,
  } = await proveMembership({ items, root: sealed.root }, at);
  const { salt, item } = opened;
  return { format: 'breakwater-opening/1', salt, item, place: index, count, path, root };
}

/** Why a proof shows nothing. `other-suite`: it is about another root than the one published. */
export type OpeningCode = 'malformed' | 'other-suite' | 'item-changed' | 'item-malformed';

/** What an opening showed. */
export interface OpenedItem {
  readonly item: Item;
  readonly commitment: string;
  readonly place: number;
}

/** What is known of a suite from its publication. */
export type PublishedRoot = Pick<SuiteCommitment, 'root' | 'count'>;

/** Checks that an opening shows an item of the suite that was published as `suite`. */
export function checkOpening(
  opening: Opening,
  suite: PublishedRoot,
): Result<OpenedItem, OpeningCode> {
  const salt = fromBase64(opening.salt);
  if (salt === null) return malformed('a salt in another form than base64');
  const commitment = commitmentOf(salt, opening.item);
  const { place: at, count, path, root } = opening;
  const format = 'breakwater-membership/1';
  const member = checkMembership({ format, commitment, place: at, count, path, root }, suite);
  if (!member.ok) return member;
  const item = readItem(opening.item);
  return item.ok ? ok({ item: item.value, commitment, place: at }) : item;
}

/** Checks that a commitment, such as a result names, is one of the suite published as `suite`. */
export function checkMembership(
  membership: Membership,
  suite: PublishedRoot,
): Result<null, OpeningCode> {
  const { commitment, place: index, count: size, path, root } = membership;
  if (root !== suite.root || size !== suite.count) return other();
  const proof = path.map(fromBase64).filter((hash) => hash !== null);
  if (proof.length !== path.length) return malformed('a path in another form than base64');
  const leaf = leafHash(hexToBytes(commitment));
  const holds = checkInclusion({ leaf, index, size, proof, root: hexToBytes(root) });
  return holds ? ok(null) : changed(index);
}

/** Parses the file of an opening; checks no proof. */
export function readOpening(bytes: Uint8Array): Result<Opening, 'malformed'> {
  return parsed(Opening, bytes);
}

/** Parses the file of a membership; checks no proof. */
export function readMembership(bytes: Uint8Array): Result<Membership, 'malformed'> {
  return parsed(Membership, bytes);
}

function malformed(got: string) {
  const expected = 'a file as docs/suite-format.md describes it';
  return refuse({ code: 'malformed', expected, got, todo: 'ask for the file again' });
}

function other() {
  return refuse({
    code: 'other-suite',
    expected: 'the root and the count that were published',
    got: 'others',
    todo: 'take the publication of the suite this is about',
  });
}

function changed(index: number) {
  return refuse({
    code: 'item-changed',
    expected: `what leads from place ${index} to the root`,
    got: 'something that does not',
    todo: 'do not rely on it: the item, its salt or the path was changed',
  });
}
