import {
  canonicalJson,
  fromBase64,
  fromUtf8,
  type Json,
  type Result,
  refuse,
} from '@breakwater/kernel';
import {
  checkDisclosure,
  parseDisclosure,
  type SignedCheckpoint,
  type VerifierKey,
} from '@breakwater/log';
import type { BucketShape } from './bucket.ts';
import { epochIdOf, suite } from './oprf.ts';

/** The act of the log's entry that commits to the key of an epoch. */
export const commitmentAct = 'deconflict.precheck-key';

/** All that a server says of an epoch, and is held to. */
export interface EpochSaid extends BucketShape {
  readonly epoch: string;
  /** Base64 of 32 bytes. */
  readonly publicKey: string;
  readonly from: string;
  readonly until: string;
}

/** What the log's entry holds in `data`. */
export function epochContent(said: EpochSaid): { readonly [key: string]: Json } {
  const { epoch, publicKey, from, until, prefixBits, entriesPerBucket, bucketsPerRequest } = said;
  return {
    suite,
    epoch,
    publicKey,
    from,
    until,
    prefixBits,
    entriesPerBucket,
    bucketsPerRequest,
  };
}

export type CommitmentCode = 'commitment-wrong';

/**
 * Checks that an epoch is what the log says: `disclosure`, the bytes of its JSON file, holds under
 * one of `keys`, and its entry names this epoch with this key, these sizes and these times.
 */
export function checkCommitment(
  said: EpochSaid,
  disclosure: Uint8Array,
  keys: readonly VerifierKey[],
): Result<SignedCheckpoint, CommitmentCode> {
  const publicKey = fromBase64(said.publicKey);
  if (publicKey?.length !== 32 || epochIdOf(publicKey) !== said.epoch) {
    return wrong('a key whose id is another');
  }
  const parsed = parseDisclosure(disclosure);
  if (!parsed.ok) return wrong(parsed.refusal.got);
  const checked = checkDisclosure(parsed.value, keys);
  if (!checked.ok) return wrong(checked.refusal.got);
  const { content } = parsed.value;
  if (!isEntry(content) || content['act'] !== commitmentAct || content['actor'] !== 'system') {
    return wrong('the entry of another act');
  }
  const written = JSON.stringify([content['subject'], textOf(content['data'])]);
  const expected = JSON.stringify([said.epoch, textOf(epochContent(said))]);
  return written === expected ? checked : wrong('an entry that says another key, size or time');
}

function isEntry(content: Json): content is { readonly [key: string]: Json } {
  return typeof content === 'object' && content !== null && !Array.isArray(content);
}

function textOf(data: Json | undefined): string | null {
  return data === undefined ? null : fromUtf8(canonicalJson(data));
}

function wrong(got: string): Result<never, CommitmentCode> {
  return refuse({
    code: 'commitment-wrong' as const,
    expected: 'the key and the sizes that the log commits to',
    got,
    todo: 'ask nothing under this key: another one may be used to tell askers apart',
  });
}
