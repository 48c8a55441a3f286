import { utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { parseInventory } from '../inventory/parse.ts';
import { parseApk } from './apk.ts';

const alpine = 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.3\n';

function read(text: string, distribution?: string) {
  const inventory = parseInventory(utf8(text), distribution === undefined ? {} : { distribution });
  if (!inventory.ok) throw new Error(`${inventory.refusal.code}: ${inventory.refusal.got}`);
  const { format, components, notes } = inventory.value;
  return {
    format,
    components: components.map((c) => [c.ecosystem, c.name, c.version, c.installedAs].join(' ')),
    notes: notes.map((note) => `${note.code} ${note.path}`),
  };
}

describe('packages of Alpine', () => {
  it('of the installed database, by what they were built from', () => {
    const text = `C:Q1abc=
P:libcrypto3
V:3.3.1-r3
A:x86_64
o:openssl
F:lib
R:libcrypto.so.3

C:Q1def=
P:musl
V:1.2.5-r0
`;
    expect(read(text, 'Alpine:v3.20')).toEqual({
      format: 'apk',
      components: ['Alpine:v3.20 openssl 3.3.1-r3 libcrypto3', 'Alpine:v3.20 musl 1.2.5-r0 '],
      notes: [],
    });
  });

  it('of apk list --installed behind /etc/os-release', () => {
    const text = `${alpine}WARNING: opening cache: No such file
libcrypto3-3.3.1-r3 x86_64 {openssl} (Apache-2.0) [installed]
.build-deps-20240101.000000 noarch {.build-deps} () [installed]
alpine-baselayout-data-3.6.5-r0 x86_64 {alpine-baselayout} (GPL-2.0-only) [installed]
`;
    expect(read(text)).toEqual({
      format: 'apk',
      components: [
        'Alpine:v3.20 openssl 3.3.1-r3 libcrypto3',
        'Alpine:v3.20 alpine-baselayout 3.6.5-r0 alpine-baselayout-data',
      ],
      notes: ['entry-malformed line 6'],
    });
  });

  it('of apk info -v, which leaves much open', () => {
    expect(read('musl-1.2.5-r0\nlibcrypto3-3.3.1-r3 - Crypto library\n')).toEqual({
      format: 'apk',
      components: ['Alpine musl 1.2.5-r0 ', 'Alpine libcrypto3 3.3.1-r3 '],
      notes: ['source-unknown ', 'release-unknown '],
    });
    expect(read('musl-1.2.5-r0\n', 'Wolfi').components).toEqual(['Wolfi musl 1.2.5-r0 ']);
  });

  it.each(['', 'P:\nV:\n', 'words\n', `${'a-'.repeat(500_000)}\n`])('%j is refused', (text) => {
    const inventory = parseApk(utf8(text));
    expect(inventory.ok ? 'read' : inventory.refusal.code).toBe('format-unknown');
  });
});
