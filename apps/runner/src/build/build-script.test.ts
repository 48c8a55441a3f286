import { parseRecipe } from '@breakwater/proof';
import { expect, test } from 'vitest';
import { buildScript } from './build-script.ts';

const sha256 = 'a'.repeat(64);
const parsed = parseRecipe(
  JSON.stringify({
    recipe: 1,
    title: 'a parser',
    package: 'pkg:deb/debian/parser',
    sources: {
      orig: { kind: 'debian', package: 'parser', file: 'p.orig.tar.gz', sha256 },
      debian: { kind: 'debian', package: 'parser', file: 'p.debian.tar.xz', sha256 },
      flex: { kind: 'debian', package: 'flex', file: 'flex_2.6.4-8.2_amd64.deb', sha256 },
    },
    builds: {
      vulnerable: { version: '1', unpack: [{ source: 'orig' }] },
      control: {
        version: '2',
        unpack: [{ source: 'orig' }, { source: 'flex', to: 'tools/flex' }],
        patches: [
          { source: 'debian', path: 'debian/patches/a.patch' },
          { source: 'debian', path: 'debian/patches/b.patch' },
          { file: 'fix.patch' },
        ],
      },
    },
    script: ['exit 0'],
    run: { argv: ['@@'] },
    success: [{ kind: 'sanitizer' }],
    benign: { file: 'benign' },
  }),
);
if (!parsed.ok) throw new Error(parsed.refusal.got);
const recipe = parsed.value;

test('archives are unpacked, packages too, and patches applied in order', () => {
  const script = buildScript(recipe, recipe.builds.control, { patched: false, keep: [] });
  expect(script).toBe(`set -eu
mkdir /tmp/src
cd /tmp/src
mkdir -p . || exit 101
tar -xf /in/orig -C . --strip-components=1 --no-same-owner || exit 101
mkdir -p tools/flex || exit 101
dpkg-deb -x /in/flex tools/flex || exit 101
mkdir -p /tmp/patches/debian || exit 101
tar -xf /in/debian -C /tmp/patches/debian --strip-components=0 --no-same-owner || exit 101
patch -p1 --batch --forward --no-backup-if-mismatch -i /tmp/patches/debian/debian/patches/a.patch || exit 102
patch -p1 --batch --forward --no-backup-if-mismatch -i /tmp/patches/debian/debian/patches/b.patch || exit 102
patch -p1 --batch --forward --no-backup-if-mismatch -i /recipe/fix.patch || exit 102
sh -eu /job/script.sh || exit 104
`);
});

test('a patch under test comes last, and what it may not change is put back', () => {
  const options = { patched: true, keep: ['tests'] };
  expect(buildScript(recipe, recipe.builds.vulnerable, options)).toBe(`set -eu
mkdir /tmp/src
cd /tmp/src
mkdir -p . || exit 101
tar -xf /in/orig -C . --strip-components=1 --no-same-owner || exit 101
cp -a /tmp/src /tmp/before
patch -p1 --batch --forward --no-backup-if-mismatch -i /job/patch || exit 103
rm -rf tests
cp -a /tmp/before/tests tests || exit 103
sh -eu /job/script.sh || exit 104
`);
});
