import { utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { parseInventory } from '../inventory/parse.ts';
import { parseRpm } from './rpm.ts';

const rocky = 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\n';

function read(text: string, distribution?: string) {
  const inventory = parseRpm(utf8(text), distribution === undefined ? {} : { distribution });
  if (!inventory.ok) throw new Error(`${inventory.refusal.code}: ${inventory.refusal.got}`);
  return inventory.value;
}

describe('what rpm -qa prints', () => {
  it.each([
    ['bash-5.1.8-9.el9.x86_64', 'bash', '5.1.8-9.el9'],
    [
      'java-17-openjdk-headless-1:17.0.9.0.9-2.el9.x86_64',
      'java-17-openjdk-headless',
      '1:17.0.9.0.9-2.el9',
    ],
    ['1:openssl-libs-3.0.7-27.el9.x86_64', 'openssl-libs', '1:3.0.7-27.el9'],
    ['glibc-2.34-83.el9', 'glibc', '2.34-83.el9'],
    ['kernel-core-5.14.0-362.8.1.el9_3.aarch64', 'kernel-core', '5.14.0-362.8.1.el9_3'],
    ['libstdc++-11.4.1~rc1^git1-2.1.el9.x86_64', 'libstdc++', '11.4.1~rc1^git1-2.1.el9'],
    ['openssl.x86_64    1:3.0.7-27.el9    @baseos', 'openssl', '1:3.0.7-27.el9'],
    ['bash (none) 5.1.8 9.el9 x86_64', 'bash', '5.1.8-9.el9'],
    ['bash 0 5.1.8 9.el9 bash-5.1.8-9.el9.src.rpm x86_64', 'bash', '5.1.8-9.el9'],
    [
      'openssl-libs\t1\t3.0.7\t27.el9\tx86_64\topenssl-3.0.7-27.el9.src.rpm',
      'openssl-libs',
      '1:3.0.7-27.el9',
    ],
  ])('%s', (line, name, version) => {
    const inventory = parseInventory(utf8(`${rocky}${line}\n`));
    if (!inventory.ok) throw new Error(`${inventory.refusal.code}: ${inventory.refusal.got}`);
    const [component, ...more] = inventory.value.components;
    expect([inventory.value.format, more]).toEqual(['rpm', []]);
    expect(component?.ecosystem).toBe('Rocky Linux:9');
    expect([component?.installedAs ?? component?.name, component?.version]).toEqual([
      name,
      version,
    ]);
  });

  it('names the source package where the distribution does, and the built one where not', () => {
    const line = 'openssl-libs\t1\t3.0.7\t27.el9\tx86_64\topenssl-3.0.7-27.el9.src.rpm\n';
    const [byOption, byFile] = [read(line, 'AlmaLinux:9'), read(rocky + line)];
    expect(byOption.components).toEqual([
      {
        ecosystem: 'AlmaLinux:9',
        name: 'openssl-libs',
        version: '1:3.0.7-27.el9',
        purl: 'pkg:rpm/almalinux/openssl-libs@3.0.7-27.el9?arch=x86_64&epoch=1',
        path: 'line 1',
      },
    ]);
    expect(byFile.components.map(({ name, installedAs }) => [name, installedAs])).toEqual([
      ['openssl', 'openssl-libs'],
    ]);
    expect([...byOption.notes, ...byFile.notes]).toEqual([]);
  });

  it('says what it had to leave open', () => {
    const { notes } = read(`gpg-pubkey-8483c65d-5ccc5b19\nbash-5.1-9.el9.noarch\n?!\n`, 'SUSE');
    expect(notes.map((note) => `${note.code} ${note.path}`)).toEqual([
      'entry-malformed line 3',
      'not-installed line 1',
      'source-unknown line 2',
      'release-unknown ',
    ]);
  });

  it('takes the distribution from marks that only one sets', () => {
    expect(read('bash-5.2-1.mga9.x86_64\n').components[0]?.ecosystem).toBe('Mageia:9');
    expect(read('bash-5.2-1.azl3.x86_64\n').components[0]?.ecosystem).toBe('Azure Linux:3');
  });

  it.each([
    ['bash-5.1.8-9.el9.x86_64\n', 'distribution-unknown'],
    ['ID=fedora\nVERSION_ID=39\nbash-5.2-1.fc39.x86_64\n', 'distribution-unknown'],
    ['words\n', 'format-unknown'],
    ['', 'format-unknown'],
  ])('%j alone is refused as %s', (text, code) => {
    const inventory = parseRpm(utf8(text));
    expect(inventory.ok ? 'read' : inventory.refusal.code).toBe(code);
  });

  it('a hostile line costs no more than its length', () => {
    const line = `${'a-'.repeat(1_000_000)}\n${'1-'.repeat(2000)}\n`;
    expect(read(`${rocky}bash-5.1.8-9.el9.x86_64\n${line}`).components).toHaveLength(1);
  });
});
