import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { openContentStore } from '../content/content.ts';
import { openKeyStore } from '../content/key-store.ts';
import { collectKeys } from './keys-file.ts';

test('of items that lie in one file, the keys of those that were erased are in no backup', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'breakwater-keys-file-'));
  try {
    const at = (name: string) => path.join(root, name);
    const store = await openContentStore(at('content'), await openKeyStore(at('keys/content')));
    const texts = ['first', 'the canary', 'third'];
    const refs = await store.putAll(
      texts.map((text) => ({ bytes: utf8(text), mediaType: 'text/plain', name: 'note.txt' })),
    );
    const single = await store.putText('beside', 'note.txt');
    const ids = [...refs.map((ref) => ref.id), single.id];
    // Marked as erased by a command whose process died before the key was destroyed.
    const keys = await collectKeys(at('keys'), new Set([ids[1] ?? '', single.id]));
    for (const { path: name, bytes } of keys) {
      await mkdir(path.dirname(at(`restored/keys/${name}`)), { recursive: true });
      await writeFile(at(`restored/keys/${name}`), bytes);
    }
    await cp(at('content'), at('restored/content'), { recursive: true });
    const restored = await openContentStore(
      at('restored/content'),
      await openKeyStore(at('restored/keys/content')),
    );
    const read = await Promise.all(ids.map((id) => restored.getText(id)));
    expect(read).toEqual(['first', null, 'third', null]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
