import { parseRecipe, Source, type Unpack } from '@breakwater/proof';
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
const { builds, sources } = parsed.value;
const archives = new Map(
  Object.entries(sources).flatMap(([name, source]) =>
    source.kind === 'npm-lock' ? [] : [[name, source] as const],
  ),
);
const recipe = { archives, locks: new Map() };

test('archives are unpacked, packages too, and patches applied in order', () => {
  const script = buildScript(recipe, builds.control, { patched: false, keep: [] });
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
  expect(buildScript(recipe, builds.vulnerable, options)).toBe(`set -eu
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

const npm = (name: string) =>
  ({
    kind: 'npm',
    package: name,
    version: '1.0.0',
    integrity: `sha512-${'A'.repeat(86)}==`,
  }) as const;
const go = { kind: 'go', module: 'example.org/Big/m', version: 'v1.0.0', sha256 } as const;
const wheel = { kind: 'pypi', package: 'p', version: '1', file: 'p-1-py3-none-any.whl', sha256 };
const tarball = { kind: 'tarball', url: 'https://example.org/a.tar', sha256 } as const;

test.each<[string, Partial<Unpack> & { source: string }, string[]]>([
  [
    "a lock file's packages, each where the lock says",
    { source: 'lock', to: 'deps' },
    [
      'mkdir -p deps/node_modules/a',
      'tar -xf /in/lock.0 -C deps/node_modules/a --strip-components=1 --no-same-owner',
      'mkdir -p deps/node_modules/a/node_modules/@b/c',
      'tar -xf /in/lock.1 -C deps/node_modules/a/node_modules/@b/c --strip-components=1 --no-same-owner',
    ],
  ],
  ['a wheel', { source: 'wheel' }, ['mkdir -p .', 'unzip -q -o /in/wheel -d .']],
  [
    'the files of a Go module',
    { source: 'go' },
    [
      'mkdir -p /tmp/outer/go .',
      'unzip -q -o /in/go -d /tmp/outer/go',
      'cp -R /tmp/outer/go/example.org/Big/m@v1.0.0/. .',
    ],
  ],
  [
    'a Go module as a proxy serves it, upper case escaped',
    { source: 'go', to: 'proxy', as: 'go-proxy' },
    [
      'mkdir -p proxy/example.org/!big/m/@v',
      'cp /in/go proxy/example.org/!big/m/@v/v1.0.0.zip',
      '{ unzip -p /in/go example.org/Big/m@v1.0.0/go.mod || echo module example.org/Big/m; } > proxy/example.org/!big/m/@v/v1.0.0.mod',
      `printf '{"Version":"%s"}' v1.0.0 > proxy/example.org/!big/m/@v/v1.0.0.info`,
    ],
  ],
  [
    'an archive in an archive',
    { source: 'tarball', member: 'deps/inner.tar.gz', strip: 2 },
    [
      'mkdir -p /tmp/outer/tarball',
      'tar -xf /in/tarball -C /tmp/outer/tarball --strip-components=1 --no-same-owner',
      'mkdir -p .',
      'tar -xf /tmp/outer/tarball/deps/inner.tar.gz -C . --strip-components=2 --no-same-owner',
    ],
  ],
])('unpacks %s', (_, unpack, lines) => {
  const use = { to: '.', strip: 1, as: 'tree', ...unpack } as const;
  const wide = {
    archives: new Map<string, Source>(Object.entries({ go, tarball, wheel: Source.parse(wheel) })),
    locks: new Map([
      [
        'lock',
        [
          { path: 'node_modules/a', source: npm('a') },
          { path: 'node_modules/a/node_modules/@b/c', source: npm('@b/c') },
        ],
      ],
    ]),
  };
  const build = { version: '1', unpack: [use], patches: [] };
  const script = buildScript(wide, build, { patched: false, keep: [] });
  expect(script.split('\n').slice(3, -2)).toEqual(lines.map((line) => `${line} || exit 101`));
});
