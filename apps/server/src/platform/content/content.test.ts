import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { utf8 } from '@breakwater/kernel';
import { describe, expect, test } from 'vitest';
import { contentConformance } from './content.conformance.ts';
import { openContentStore } from './content.ts';
import { type KeyStore, openKeyStore } from './key-store.ts';

describe('content on files, encrypted per item', () => {
  contentConformance(async (directory, keys) =>
    openContentStore(directory, await openKeyStore(keys)),
  );
});

describe('an item that is erased between the reading of its key and of what it sealed is gone', () => {
  test.each(['by itself', 'in a pack'])('%s', async (kind) => {
    const root = await mkdtemp(path.join(tmpdir(), 'breakwater-erased-'));
    try {
      const open = (keys: KeyStore) => openContentStore(path.join(root, 'content'), keys);
      const keys = await openKeyStore(path.join(root, 'keys'));
      const elsewhere = await open(keys);
      const meta = { mediaType: 'text/plain', name: 'note.txt' };
      const [ref] =
        kind === 'in a pack'
          ? await elsewhere.putAll([{ bytes: utf8('the canary'), ...meta }])
          : [await elsewhere.put(utf8('the canary'), meta)];
      if (ref === undefined) throw new Error('expected an item');
      let erasing = true;
      const erased = async <T>(found: T): Promise<T> => {
        const now = erasing;
        erasing = false;
        if (now) await elsewhere.erase(ref.id);
        return found;
      };
      const store = await open({
        ...keys,
        find: async (item) => erased(await keys.find(item)),
        findPacked: async (pack, slots) => erased(await keys.findPacked(pack, slots)),
      });
      expect(await store.get(ref.id)).toBeNull();
      expect(erasing).toBe(false);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
