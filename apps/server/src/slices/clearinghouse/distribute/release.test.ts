import { utf8 } from '@breakwater/kernel';
import { describe, expect, test } from 'vitest';
import { readInventory } from './inventory.ts';
import { countUnreleased, rereadAs } from './release.ts';

const dpkg = utf8('ii  cjson:amd64  1.7.15-1  amd64  JSON\nun  nothing  <none>\n');
const cyclonedx = utf8(
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    components: [
      {
        type: 'library',
        name: 'cjson',
        version: '1.7.15-1',
        purl: 'pkg:deb/debian/cjson@1.7.15-1',
      },
      { type: 'library', name: 'flat', version: '5.0.0', purl: 'pkg:npm/flat@5.0.0' },
    ],
  }),
);
const typed = utf8('cjson 1.7.15-1\nnpm: flat 5.0.0\nDebian:11: hello 2.10-2\n');
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

function read(sent: Parameters<typeof readInventory>[0]) {
  const inventory = readInventory(sent);
  if (!inventory.ok) throw new Error(inventory.refusal.got);
  return inventory.value;
}
function from(inventory: { readonly components: readonly { readonly ecosystem: string }[] }) {
  return inventory.components.map((each) => each.ecosystem);
}

describe('DIS-17 a release', () => {
  test.each([
    ['a package list', { file: base64(dpkg) }, ['Debian'], ['Debian:12']],
    ['an SBOM', { file: base64(cyclonedx) }, ['Debian', 'npm'], ['Debian:12', 'npm']],
    [
      'a typed list',
      { file: base64(typed), as: 'product-list', ecosystem: 'Debian' } as const,
      ['Debian', 'npm', 'Debian:11'],
      ['Debian:12', 'npm', 'Debian:11'],
    ],
  ])('said beside %s is that of what tells none itself', (_, sent, without, withIt) => {
    const unsaid = read(sent);
    expect(from(unsaid)).toEqual(without);
    expect(countUnreleased(unsaid.components)).toBe(1);
    const said = read({ ...sent, debianRelease: '12' });
    expect(from(said)).toEqual(withIt);
    expect(countUnreleased(said.components)).toBe(0);
    expect(said.notes.map((note) => note.code)).not.toContain('release-unknown');
  });

  test.each([
    ['a package list', dpkg, { file: base64(dpkg) }, ['Debian:11']],
    ['an SBOM', cyclonedx, { file: base64(cyclonedx) }, ['Debian:11', 'npm']],
    [
      'a typed list',
      typed,
      { file: base64(typed), as: 'product-list', ecosystem: 'Debian:12' } as const,
      ['Debian:11', 'npm', 'Debian:11'],
    ],
  ])('of a kept %s may be said otherwise, and taken back', (_, bytes, sent, withIt) => {
    const before = read({ ...sent, debianRelease: '12' });
    const kept = { format: before.format, bytes, components: before.components };
    const altered = rereadAs(kept, '11');
    expect(altered.ok && from(altered.value)).toEqual(withIt);
    const open = rereadAs(kept, undefined);
    expect(open.ok && countUnreleased(open.value.components)).toBe(1);
  });

  test('is refused for a package list of another system, whatever was said of that', () => {
    const bytes = utf8('bash-5.1.8-9.el9.x86_64\n');
    const sent = { file: base64(bytes), distribution: 'AlmaLinux:9' } as const;
    const { format, components } = read(sent);
    expect(components.map((each) => each.ecosystem)).toEqual(['AlmaLinux:9']);
    const altered = rereadAs({ format, bytes, components }, '12');
    expect(altered.ok ? 'read' : altered.refusal.code).toBe('no-release');
  });

  test('is refused for a list that has nothing of Debian', () => {
    const bytes = utf8('flat 5.0.0\n');
    const { format, components } = read({
      file: base64(bytes),
      as: 'product-list',
      ecosystem: 'npm',
    });
    const altered = rereadAs({ format, bytes, components }, '12');
    expect(altered.ok ? '' : altered.refusal.code).toBe('no-release');
  });
});
