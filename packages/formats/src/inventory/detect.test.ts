import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectInventory, parseInventory } from './detect.ts';

describe('the format of an inventory', () => {
  it.each([
    ['package-lock', '{"lockfileVersion":3,"packages":{}}'],
    ['package-lock', '\n{"dependencies":{"a":{"version":"1.0.0"}}}'],
    ['cyclonedx', '{"bomFormat":"CycloneDX","specVersion":"1.6"}'],
    ['dpkg', 'ii  sed   4.2.1-10   amd64   stream editor\n'],
    ['dpkg', '+++-====-====-====\n'],
    ['dpkg', 'zlib1g:amd64\t1:1.2.13\n'],
    ['format-unknown', '{"spdxVersion":"SPDX-2.3"}'],
    ['format-unknown', '{"dependencies":{"a":"^1.0.0"}}'],
    ['format-unknown', 'requests==2.31.0\n'],
    ['format-unknown', 'hi there reader\nis it 1 list?\n'],
    ['format-unknown', ''],
    ['not-json', '{'],
  ])('is told as %s from %j', (expected, text) => {
    const format = detectInventory(utf8(text));
    expect(format.ok ? format.value : format.refusal.code).toBe(expected);
  });

  it('decides the reader', () => {
    const list = parseInventory(utf8('sed\t4.9-1\n'), { dpkg: { release: '12' } });
    expect(list.ok && list.value.components[0]?.ecosystem).toBe('Debian:12');
    const lock = parseInventory(utf8('{"lockfileVersion":3,"packages":{}}'));
    expect(lock.ok && lock.value.format).toBe('package-lock');
    const bom = parseInventory(utf8('{"bomFormat":"CycloneDX","specVersion":"1.6"}'));
    expect(bom.ok && bom.value.format).toBe('cyclonedx');
  });
});

describe('whatever bytes come', () => {
  const word = fc.constantFrom(
    ...[
      'ii ',
      'rc ',
      '\n',
      '\t',
      ' ',
      '1.0-1',
      'sed',
      '+++-====-====-',
      '|',
      '<none>',
      '\r\n',
      '{',
    ],
    ...['"packages"', '"lockfileVersion":3', '"bomFormat":"CycloneDX"', '"specVersion":"1.6"', ':'],
    ...[
      '"components"',
      '[',
      ']',
      '}',
      ',',
      '"purl"',
      '"pkg:npm/a@1"',
      'null',
      '"dependencies"',
      '1',
    ],
  );
  const entry = fc.record(
    { name: fc.anything(), version: fc.anything(), resolved: fc.anything(), purl: fc.anything() },
    { requiredKeys: [] },
  );
  const documents = fc.oneof(
    fc.record({ lockfileVersion: fc.constant(3), packages: fc.dictionary(fc.string(), entry) }),
    fc.record({ lockfileVersion: fc.constant(1), dependencies: fc.dictionary(fc.string(), entry) }),
    fc.record({
      bomFormat: fc.constant('CycloneDX'),
      specVersion: fc.constant('1.6'),
      components: fc.array(fc.oneof(entry, fc.anything())),
    }),
  );
  const texts = fc.oneof(
    fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
    documents.map((document) => {
      // BigInt, which JSON has not, comes out as text.
      return JSON.stringify(document, (_, value) => (typeof value === 'bigint' ? '1n' : value));
    }),
  );

  it('they give an inventory or a refusal, never a throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), texts.map(utf8)), (bytes) => {
        const inventory = parseInventory(bytes);
        if (!inventory.ok) expect(inventory.refusal.todo).not.toBe('');
        else for (const each of inventory.value.components) expect(each.version).not.toBe('');
      }),
      { numRuns: 1000 },
    );
  });

  it('a hostile line or name costs no more than its length', () => {
    const line = utf8(`ii sed 1.0-1\n${'=/'.repeat(500_000)}`);
    const list = parseInventory(line);
    expect(list.ok && list.value.notes.map((note) => note.code)).toContain('entry-malformed');
    const children = Object.fromEntries(
      Array.from({ length: 500 }, (_, n) => [n, { version: '1.0.0' }]),
    );
    const dependencies = { ['a'.repeat(1_000_000)]: { version: '1.0.0', dependencies: children } };
    const lock = parseInventory(utf8(JSON.stringify({ lockfileVersion: 1, dependencies })));
    expect(lock.ok && lock.value.components.length).toBe(0);
    expect(JSON.stringify(lock).length).toBeLessThan(1000);
  });
});
