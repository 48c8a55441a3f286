import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBase64, utf8 } from '@breakwater/kernel';
import { describe, expect, test } from 'vitest';
import {
  createMemoryTree,
  foldSubtrees,
  openNote,
  parseCheckpoint,
  parseVerifierKey,
  subtreesOf,
  tileReader,
} from '../src/index.ts';
import { folderLog, sharedConformance } from './vectors.ts';

const shared = sharedConformance();
const tlog = shared === null ? null : join(shared, 'tlog');

describe.skipIf(tlog === null)('logs of others (needs BREAKWATER_DATA)', () => {
  const sunlight = join(tlog ?? '', 'sunlight/cmd/skylight/testdata');

  function open(folder: string, vkey: string) {
    const key = parseVerifierKey(vkey);
    if (!key.ok) throw new Error(key.refusal.got);
    const note = openNote(new Uint8Array(readFileSync(join(folder, 'checkpoint'))), [key.value]);
    if (!note.ok) throw new Error(note.refusal.got);
    const checkpoint = parseCheckpoint(note.value.text);
    if (!checkpoint.ok) throw new Error(checkpoint.refusal.got);
    return checkpoint.value;
  }

  // The rest of Sunlight's test data are placeholders: its entries and its own tiles hold no log.
  test('the mirror of a Sunlight log: its tiles fold to the cosigned root', async () => {
    const mirror = join(
      sunlight,
      'witness/mirror/000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706',
    );
    const vkey = 'mirror.example.org+3fb148ef+BAAjjch9GyYz0sJsJx7ALhbdAtz2ov0unbzSl1vMp94O';
    const { size, root } = open(mirror, vkey);
    const hashes = await tileReader(size, folderLog(mirror))(subtreesOf(0, size));
    if (!hashes.ok) throw new Error(hashes.refusal.got);
    expect(size).toBe(300);
    expect(foldSubtrees(hashes.value)).toEqual(root);
  });

  test.each([
    [
      'witness/000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706',
      'witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN',
    ],
    [
      'witness2/88ad7a28caeb0b2aa890fdf0304c2fcaf59fca2ee140134ff8c1300bac493482',
      'witness2.example.org+2e55b896+BIZ7fpceQWd60IfqQeS9IAnmNOCZjMDne8lZuguz/bi9',
    ],
  ])('a cosignature of Sunlight: %s', (folder, vkey) => {
    expect(open(join(sunlight, folder), vkey).size).toBe(300);
  });

  test('a Trillian tree of 96 leaves: every inner node is the same', async () => {
    const file = join(tlog ?? '', 'trillian/integration/format/testdata/dump_tree_output_96');
    const nodes = trillianNodes(readFileSync(file, 'utf8'));
    const leaves = nodes.filter(({ level }) => level === 0).sort((a, b) => a.index - b.index);
    const tree = createMemoryTree();
    for (const { hash } of leaves) tree.append(hash);
    const inner = nodes.filter(({ level }) => level > 0);
    const made = await tree.read(inner);
    expect([tree.size(), inner.length]).toEqual([96, 94]);
    expect(made).toEqual({ ok: true, value: inner.map(({ hash }) => hash) });
  });
});

/** Nodes of one subtree as protobuf text: key is base64 of its depth and of its path's bits. */
function trillianNodes(text: string) {
  const pairs = text.matchAll(/key: "([^"]*)"\s+value: "((?:[^"\\]|\\.)*)"/g);
  return [...pairs].map(([, key, value]) => {
    const [depth = 0, path = 0] = fromBase64(key ?? '') ?? [];
    return { level: 8 - depth, index: path >> (8 - depth), hash: unescaped(value ?? '') };
  });
}

/** The bytes of a protobuf text string: UTF-8 between C escapes. */
function unescaped(text: string): Uint8Array {
  const named: Record<string, string> = {
    n: '\n',
    r: '\r',
    t: '\t',
    '"': '"',
    "'": "'",
    '\\': '\\',
  };
  const parts = text.match(/\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[0-7]{3}|\\.|[^\\]+/g) ?? [];
  return Uint8Array.from(
    parts.flatMap((part) => {
      if (!part.startsWith('\\')) return [...utf8(part)];
      if (part.startsWith('\\u')) {
        return [...utf8(String.fromCharCode(Number.parseInt(part.slice(2), 16)))];
      }
      if (part.startsWith('\\x')) return [Number.parseInt(part.slice(2), 16)];
      const plain = named[part.slice(1)];
      return plain === undefined ? [Number.parseInt(part.slice(1), 8)] : [...utf8(plain)];
    }),
  );
}
