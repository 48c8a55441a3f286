import { createCipheriv, createDecipheriv, createHmac, createSecretKey } from 'node:crypto';
import { type Id, idBits, makeId } from '@breakwater/kernel';

/** A pack, and which of its items. */
export interface PackPlace {
  /** 24 hex digits. */
  readonly pack: string;
  readonly slot: number;
}

/** Items of a pack at most: a slot is a number of two bytes. */
export const packItemsMax = 65_536;
export const packBytes = 12;

/** Ids of items that lie together, which only who holds the secret can tell from any others. */
export interface PackIds {
  /** The ids of slots 0 to `count` - 1. */
  idsOf(pack: string, count: number): readonly Id<'content'>[];
  /** null: an item with a file of its own. */
  placeOf(id: Id<'content'>): PackPlace | null;
}

const blockBytes = 16;

/**
 * An id is the pack, the slot and two zero bytes as one block under AES-128 (FIPS 197), and two
 * bits of that block encrypted once more: so it leads to its place without a table, and two ids of
 * one pack have no more in common than two that were drawn by lot.
 */
export function createPackIds(secret: Uint8Array): PackIds {
  const digest = createHmac('sha256', secret).update('pack ids\n').digest();
  const key = createSecretKey(digest.subarray(0, blockBytes));

  // Made once: each block is by itself in this mode, and making a cipher costs twenty blocks.
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  const decipher = createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  const encrypt = (blocks: Uint8Array) => cipher.update(blocks);
  const decrypt = (block: Uint8Array) => decipher.update(block);

  return {
    idsOf(pack, count) {
      const plain = Buffer.alloc(count * blockBytes);
      for (let slot = 0; slot < count; slot++) {
        plain.write(pack, slot * blockBytes, 'hex');
        plain.writeUInt16BE(slot, slot * blockBytes + packBytes);
      }
      const blocks = encrypt(plain);
      const rest = encrypt(blocks);
      return Array.from({ length: count }, (_, slot) => {
        const at = slot * blockBytes;
        return makeId('content', inFives(blocks.subarray(at, at + blockBytes), rest[at] ?? 0));
      });
    },
    placeOf(id) {
      const { block, last } = fromFives(idBits(id));
      const plain = decrypt(block);
      if (plain.readUInt16BE(packBytes + 2) !== 0) return null;
      if (((encrypt(block)[0] ?? 0) & 3) !== last) return null;
      return {
        pack: plain.toString('hex', 0, packBytes),
        slot: plain.readUInt16BE(packBytes),
      };
    },
  };
}

/** 128 bits and the two low ones of `rest` as 26 numbers of five bits. */
function inFives(block: Uint8Array, rest: number): Uint8Array {
  const fives = new Uint8Array(26);
  let held = 0;
  let bits = 0;
  let next = 0;
  for (const byte of block) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) fives[next++] = (held >> (bits - 5)) & 31;
  }
  fives[next] = ((held << 2) | (rest & 3)) & 31;
  return fives;
}

function fromFives(fives: Uint8Array): { readonly block: Uint8Array; readonly last: number } {
  const block = new Uint8Array(blockBytes);
  let held = 0;
  let bits = 0;
  let next = 0;
  for (const five of fives) {
    held = ((held << 5) | five) & 0xfff;
    bits += 5;
    if (bits >= 8 && next < blockBytes) {
      bits -= 8;
      block[next++] = (held >> bits) & 0xff;
    }
  }
  return { block, last: held & 3 };
}
