import { spawnSync } from 'node:child_process';
import { utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { inventoryLimits } from '../inventory/inventory.ts';
import { type DpkgOptions, parseDpkg } from './dpkg.ts';

const list = `Desired=Unknown/Install/Remove/Purge/Hold
| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend
|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)
||/ Name                      Version            Architecture Description
+++-=========================-==================-============-===================================
ii  binutils-x86-64-linux-gnu 2.40-2             amd64        GNU binary utilities
hi  bsdutils                  1:2.38.1-5+deb12u3 amd64        basic utilities from 4.4BSD-Lite
ii  libgcc-s1:amd64           12.2.0-14+deb12u1  amd64        GCC support library
rc  oldlib1:i386              1.0-1              i386         removed, configuration stays
un  nothing                   <none>             <none>       (no description available)
iHR broken                    1.1-1              all          half installed
`;

const cut = `Desired=Unknown/Install/Remove/Purge/Hold
||/ Name           Version        Architecture Description
+++-==============-==============-============-=================================
ii  libc6:amd64    2.13-38+deb7u6 amd64        Embedded GNU C Library
ii  libcommons-log 1.1-1          all          commons logging
ii  zlib1g:amd64   1:1.2.7.dfsg-1 amd64        compression library
ii  sed            4.2.1-10       amd64        stream editor
`;

function read(text: string, options?: DpkgOptions) {
  const inventory = parseDpkg(utf8(text), options);
  if (!inventory.ok) throw new Error(`${inventory.refusal.code}: ${inventory.refusal.got}`);
  return inventory.value;
}

describe('dpkg -l', () => {
  it('counts what is on the disk, whatever else is wished', () => {
    const { components, notes } = read(list, { release: '12' });
    expect(components.map((each) => [each.name, each.version, each.path])).toEqual([
      ['binutils-x86-64-linux-gnu', '2.40-2', 'line 6'],
      ['bsdutils', '1:2.38.1-5+deb12u3', 'line 7'],
      ['libgcc-s1', '12.2.0-14+deb12u1', 'line 8'],
      ['broken', '1.1-1', 'line 11'],
    ]);
    expect(new Set(components.map((each) => each.ecosystem))).toEqual(new Set(['Debian:12']));
    expect(components[2]?.purl).toBe('pkg:deb/debian/libgcc-s1@12.2.0-14%2Bdeb12u1?arch=amd64');
    expect(notes.map((note) => [note.code, note.path])).toEqual([
      ['not-installed', 'line 9'],
      ['not-installed', 'line 10'],
      ['source-unknown', ''],
    ]);
  });

  it('takes source names from a map', () => {
    const sources = new Map([['libgcc-s1', 'gcc-12']]);
    const { components } = read(list, { release: '12', sources });
    expect(components[2]).toMatchObject({ name: 'gcc-12', installedAs: 'libgcc-s1' });
  });

  it('of an old dpkg on a terminal refuses fields that may be cut', () => {
    const { components, notes } = read(cut, { release: '7' });
    expect(components.map((each) => each.name)).toEqual(['sed']);
    expect(notes.map((note) => [note.code, note.path])).toEqual([
      ['version-truncated', 'line 4'],
      ['version-truncated', 'line 5'],
      ['version-truncated', 'line 6'],
      ['source-unknown', ''],
    ]);
  });

  it('without its head still reads', () => {
    const { components } = read('ii  sed   4.2.1-10   amd64   stream editor\n');
    expect(components.map((each) => [each.ecosystem, each.name])).toEqual([['Debian', 'sed']]);
  });

  it('survives the line ends of another system', () => {
    expect(read(list.replaceAll('\n', '\r\n')).components).toHaveLength(4);
  });
});

describe('dpkg-query -W', () => {
  it('with source names gives what advisories name', () => {
    const text =
      'libgcc-s1\t12.2.0-14+deb12u1\tgcc-12\t12.2.0-14+deb12u1\n' +
      'bash\t5.2.15-2+b8\tbash\t5.2.15-2\n';
    const { components, notes } = read(text, { distribution: 'Ubuntu', release: '22.04:LTS' });
    expect(components).toEqual([
      {
        ecosystem: 'Ubuntu:22.04:LTS',
        name: 'gcc-12',
        version: '12.2.0-14+deb12u1',
        installedAs: 'libgcc-s1',
        purl: 'pkg:deb/ubuntu/libgcc-s1@12.2.0-14%2Bdeb12u1',
        path: 'line 1',
      },
      {
        ecosystem: 'Ubuntu:22.04:LTS',
        name: 'bash',
        version: '5.2.15-2',
        purl: 'pkg:deb/ubuntu/bash@5.2.15-2%2Bb8',
        path: 'line 2',
      },
    ]);
    expect(notes).toEqual([]);
  });

  it('says what it cannot use', () => {
    const { components, notes } = read('zlib1g:amd64\t1:1.2.13\nempty\t\nNot A Package\t1\n');
    expect(components.map((each) => each.name)).toEqual(['zlib1g']);
    expect(notes.map((note) => note.code)).toEqual([
      'version-missing',
      'entry-malformed',
      'source-unknown',
      'release-unknown',
    ]);
  });
});

describe('a package list', () => {
  it.each([
    ['format-unknown', utf8('\n\n')],
    ['not-utf8', Uint8Array.of(0x69, 0x69, 0xff)],
    ['too-many-components', utf8('ab\t1\n'.repeat(20))],
    ['too-large', new Uint8Array(1001)],
  ])('is refused as %s', (code, bytes) => {
    const limits = { ...inventoryLimits, bytesMax: 1000, entriesMax: 10 };
    const inventory = parseDpkg(bytes, { limits });
    expect(inventory.ok ? '' : inventory.refusal.code).toBe(code);
  });

  const dpkg = spawnSync('dpkg', ['-l'], { maxBuffer: 64 * 1024 * 1024 });
  it.skipIf(dpkg.status !== 0)('of this machine reads the same in both forms', () => {
    const query = spawnSync('dpkg-query', ['-W'], { maxBuffer: 64 * 1024 * 1024 });
    const told = (bytes: Uint8Array) => {
      const { components } = read(new TextDecoder().decode(bytes));
      return new Set(components.map((each) => `${each.name} ${each.version}`));
    };
    const names = told(dpkg.stdout);
    expect(names.size).toBeGreaterThan(0);
    expect([...names].filter((name) => !told(query.stdout).has(name))).toEqual([]);
  });
});
