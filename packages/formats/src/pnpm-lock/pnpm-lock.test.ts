import { utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { inventoryLimits } from '../inventory/inventory.ts';
import { parsePnpmLock } from './pnpm-lock.ts';

function read(text: string) {
  const inventory = parsePnpmLock(utf8(text));
  if (!inventory.ok) throw new Error(`${inventory.refusal.code}: ${inventory.refusal.got}`);
  const { components, notes } = inventory.value;
  return {
    components: components.map(({ name, version }) => `${name}@${version}`),
    notes: notes.map((note) => `${note.code} ${note.path}`),
  };
}

describe('pnpm-lock.yaml', () => {
  it.each([
    ['5.4', '/a/1.0.0', 'a@1.0.0'],
    ['5.4', '/@s/a/1.0.0_b@2.0.0', '@s/a@1.0.0'],
    ['5.4', 'registry.example/@s/a/1.10', '@s/a@1.10'],
    ['6.0', '/a@1.0.0', 'a@1.0.0'],
    ['6.0', '/@s/a@1.0.0-rc.1(b@2.0.0)(c@3.0.0)', '@s/a@1.0.0-rc.1'],
    ['9.0', 'a@1.0.0', 'a@1.0.0'],
    ['9.0', "'@s/a@1.0.0'", '@s/a@1.0.0'],
  ])('version %s: %s', (version, key, expected) => {
    const text = `lockfileVersion: '${version}'\npackages:\n  ${key}:\n    dev: false\n`;
    expect(read(text)).toEqual({ components: [expected], notes: [] });
  });

  it('lists what no registry gave by its own word, with a note', () => {
    const text = [
      "lockfileVersion: '9.0'",
      'packages:',
      '  a@https://codeload.github.com/s/a/tar.gz/02fa:',
      '    resolution: {tarball: https://codeload.github.com/s/a/tar.gz/02fa}',
      '    version: 6.0.1',
      '  b@git+ssh://git@example.com/b#1:',
      '    resolution: {commit: 1, repo: "https://user:secret@example.com/b", type: git}',
      '    version: 1.0.0',
      '  c@file:../c:',
      '    resolution: {directory: ../c, type: directory}',
      '  d@https://example.com/d.tar:',
      '    resolution: {tarball: https://example.com/d.tar}',
    ].join('\n');
    expect(read(text)).toEqual({
      components: ['a@6.0.1', 'b@1.0.0'],
      notes: [
        'not-from-registry /packages/a@https:~1~1codeload.github.com~1s~1a~1tar.gz~102fa',
        'not-from-registry /packages/b@git+ssh:~1~1git@example.com~1b#1',
        'own-project /packages/c@file:..~1c',
        'version-missing /packages/d@https:~1~1example.com~1d.tar',
      ],
    });
    expect(JSON.stringify(parsePnpmLock(utf8(text)))).not.toContain('secret');
  });

  it('reads the project beside the document of pnpm itself', () => {
    const one = "lockfileVersion: '9.0'\npackages:\n  a@1.0.0: {}\n";
    expect(read(`---\n${one}---\n${one}`).components).toEqual(['a@1.0.0', 'a@1.0.0']);
  });

  it.each([
    ['format-version-unsupported', "lockfileVersion: '4.0'\n", 'lockfileVersion 5 to 9'],
    ['format-version-unsupported', "lockfileVersion: '10.0'\n", '10.0'],
    ['not-yaml', "lockfileVersion: '9.0'\npackages:\n  a@1.0.0: {b\n", 'line 4'],
    ['not-yaml', "lockfileVersion: '9.0'\npackages: &a\n  b@1.0.0: *a\n", 'alias'],
    ['not-yaml', `lockfileVersion: '9.0'\npackages: ${'['.repeat(500)}\n`, 'maxDepth'],
    ['not-yaml', "lockfileVersion: '9.0'\npackages:\n  a: {}\n  a: {}\n", 'line 4'],
    ['too-large', ' '.repeat(17 * 1024 * 1024), 'bytes'],
  ])('is refused as %s', (code, text, words) => {
    const inventory = parsePnpmLock(utf8(text));
    if (inventory.ok) throw new Error('read');
    const { expected, got } = inventory.refusal;
    expect([inventory.refusal.code, `${expected} ${got}`.includes(words)]).toEqual([code, true]);
  });

  it('is bounded in its entries', () => {
    const text = `lockfileVersion: '9.0'\npackages: {a@1.0.0: {}, a@1.0.1: {}, a@1.0.2: {}}\n`;
    const inventory = parsePnpmLock(utf8(text), { ...inventoryLimits, entriesMax: 2 });
    expect(inventory.ok ? 'read' : inventory.refusal.code).toBe('too-many-components');
  });
});
