import { bytesToHex, utf8 } from '@breakwater/kernel';
import { deriveEpochKeys, type EpochKeys } from '@breakwater/precheck';
import type { ContentStore } from '../../../../platform/content/content.ts';
import type { EpochRow } from './store.ts';

/** What stands in a bucket for one key: a root and a handle, 32 bytes each. */
export const slotBytes = 64;

/** The key pair of an epoch whose seed this is: nothing of it is in the database. */
export function keysFrom(content: Pick<ContentStore, 'blind'>, seed: Uint8Array): EpochKeys {
  const secret = content.blind(`precheck epoch\n${bytesToHex(seed)}`);
  return deriveEpochKeys(secret, utf8('breakwater precheck v1'));
}

/** Finds the key pair of an epoch; null once its seed is erased. */
export type FindEpochKeys = (
  epoch: Pick<EpochRow, 'epoch' | 'seed_content'>,
) => Promise<EpochKeys | null>;

/** Remembers pairs, since making one takes time, for as long as their seeds are held. */
export function createEpochKeys(content: ContentStore): FindEpochKeys {
  const made = new Map<string, EpochKeys>();
  return async ({ epoch, seed_content }) => {
    if (!(await content.holds(seed_content))) made.delete(epoch);
    const before = made.get(epoch);
    if (before !== undefined) return before;
    const seed = await content.get(seed_content);
    if (seed === null) return null;
    const keys = keysFrom(content, seed);
    made.set(epoch, keys);
    return keys;
  };
}
