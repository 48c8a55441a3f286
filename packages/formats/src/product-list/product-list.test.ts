import { utf8 } from '@breakwater/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProductList } from './product-list.ts';

describe('a list typed by hand', () => {
  it('is read line by line, and what is not understood says why', () => {
    const text = [
      '# the desk in the front office',
      'libcjson1 1.7.15-1',
      'npm: flat 5.0.0',
      'pypi: Django 4.2',
      'DEBIAN:11: openssl, 1.1.1n-0+deb11u5',
      '',
      'flat v5.0.0\r',
      'firefox',
      'Microsoft Office 2019',
      'npm: ',
    ].join('\n');
    const list = parseProductList(utf8(text), 'Debian:12');
    expect(list).toEqual({
      ok: true,
      value: {
        format: 'product-list',
        components: [
          { ecosystem: 'Debian:12', name: 'libcjson1', version: '1.7.15-1', path: 'line 2' },
          { ecosystem: 'npm', name: 'flat', version: '5.0.0', path: 'line 3' },
          { ecosystem: 'PyPI', name: 'Django', version: '4.2', path: 'line 4' },
          { ecosystem: 'Debian:11', name: 'openssl', version: '1.1.1n-0+deb11u5', path: 'line 5' },
          { ecosystem: 'Debian:12', name: 'flat', version: '5.0.0', path: 'line 7' },
        ],
        notes: [
          {
            code: 'version-missing',
            path: 'line 8',
            text: 'the line tells no version; write the name, then the version',
          },
          {
            code: 'version-missing',
            path: 'line 9',
            text: 'the line tells no version; write the name, then the version',
          },
          { code: 'name-missing', path: 'line 10', text: 'the line names no product' },
        ],
      },
    });
  });

  it.each([
    ['a b c 1', undefined, 'version-missing'],
    ['flat 5.0.0', undefined, 'ecosystem-unknown'],
    ['flat 5.0.0 and more', 'npm', 'entry-malformed'],
    ['x'.repeat(501), 'npm', 'entry-malformed'],
  ])('%j of %s: %s', (line, ecosystem, code) => {
    const list = parseProductList(utf8(line), ecosystem);
    expect(list.ok && list.value.notes.map((note) => note.code)).toEqual([code]);
  });

  it.each(['', '\n\n', '# nothing'])('%j is refused', (text) => {
    const list = parseProductList(utf8(text));
    expect(list.ok ? 'read' : list.refusal.code).toBe('format-unknown');
  });

  it('any bytes give components with a version, or a refusal', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string().map(utf8)), (bytes) => {
        const list = parseProductList(bytes, 'npm');
        if (list.ok) for (const each of list.value.components) expect(each.version).toMatch(/\d/);
      }),
    );
  });
});
