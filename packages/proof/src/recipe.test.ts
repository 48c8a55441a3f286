import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRecipe, recipeBytesMax } from './recipe.ts';
import { RecipePath } from './recipe-path.ts';

const small = {
  recipe: 1,
  title: 'a parser',
  package: 'pkg:npm/parser',
  sources: {
    old: {
      kind: 'npm',
      package: 'parser',
      version: '1.0.0',
      integrity: `sha512-${'A'.repeat(86)}==`,
    },
  },
  builds: {
    vulnerable: { version: '1.0.0', unpack: [{ source: 'old' }] },
    control: { version: '1.0.1', unpack: [{ source: 'old' }], patches: [{ file: 'fix.patch' }] },
  },
  script: ['cp -R . "$OUT"'],
  run: { argv: ['node', '@@', '/build'] },
  success: [{ kind: 'exit', code: 1 }],
  benign: { file: 'benign.cjs' },
};

const hex64 = 'a'.repeat(64);

const change = (patch: (recipe: typeof small) => unknown) =>
  parseRecipe(JSON.stringify(patch(structuredClone(small))));

test('a small recipe is read with its defaults filled in', () => {
  const parsed = change((recipe) => recipe);
  expect(parsed).toEqual({
    ok: true,
    value: {
      ...small,
      identifiers: [],
      tools: [],
      programs: [],
      builds: {
        vulnerable: {
          version: '1.0.0',
          unpack: [{ source: 'old', to: '.', strip: 1, as: 'tree' }],
          patches: [],
        },
        control: {
          version: '1.0.1',
          unpack: [{ source: 'old', to: '.', strip: 1, as: 'tree' }],
          patches: [{ file: 'fix.patch' }],
        },
      },
      run: { argv: ['node', '@@', '/build'], env: {}, stdin: 'none', name: 'proof' },
      benign: { file: 'benign.cjs', exit: 0 },
      limits: {
        build: {
          wallMs: 180_000,
          memoryMiB: 2048,
          processesMax: 256,
          fileMiB: 256,
          scratchMiB: 512,
          outputKiB: 1024,
        },
        run: {
          wallMs: 10_000,
          memoryMiB: 1024,
          processesMax: 64,
          fileMiB: 256,
          scratchMiB: 64,
          outputKiB: 1024,
        },
        tests: {
          wallMs: 180_000,
          memoryMiB: 2048,
          processesMax: 256,
          fileMiB: 256,
          scratchMiB: 512,
          outputKiB: 1024,
        },
      },
    },
  });
});

describe('a recipe is refused', () => {
  test.each<[string, (recipe: typeof small) => unknown, string]>([
    ['of another version', (r) => ({ ...r, recipe: 2 }), '/recipe'],
    ['with an unknown field', (r) => ({ ...r, network: true }), ''],
    [
      'without a control',
      ({ builds: { vulnerable }, ...r }) => ({ ...r, builds: { vulnerable } }),
      '/builds/control',
    ],
    ['naming a source it lacks', (r) => ({ ...r, sources: {} }), '/builds/vulnerable'],
    ['whose proof has no place', (r) => ({ ...r, run: { argv: ['node'] } }), '/run/argv'],
    ['that asks for nothing', (r) => ({ ...r, success: [] }), '/success'],
    ['leaving its folder', (r) => ({ ...r, benign: { file: '../benign' } }), '/benign/file'],
    ['from the root', (r) => ({ ...r, benign: { file: '/etc/passwd' } }), '/benign/file'],
    ['with a line in a line', (r) => ({ ...r, script: ['a\nb'] }), '/script/0'],
    [
      'with a version range',
      (r) => ({ ...r, sources: { old: { ...r.sources.old, version: '^1.0.0' } } }),
      '/sources/old/version',
    ],
    [
      'over plain http',
      (r) => ({
        ...r,
        sources: { old: { kind: 'tarball', url: 'http://a.b/c', sha256: 'a'.repeat(64) } },
      }),
      '/sources/old/url',
    ],
    [
      'with a short commit',
      (r) => ({
        ...r,
        sources: { old: { kind: 'git', url: 'https://example.org/c', commit: 'abc1234' } },
      }),
      '/sources/old/commit',
    ],
    [
      'with a shell in a package name',
      (r) => ({ ...r, sources: { old: { ...r.sources.old, package: 'a;b' } } }),
      '/sources/old/package',
    ],
    [
      'that is a source distribution of PyPI',
      (r) => ({
        ...r,
        sources: {
          old: { kind: 'pypi', package: 'a', version: '1', file: 'a-1.tar.gz', sha256: hex64 },
        },
      }),
      '/sources/old/file',
    ],
    [
      'with a shell in the path of a Go module',
      (r) => ({
        ...r,
        sources: { old: { kind: 'go', module: 'a/$(id)', version: 'v1.0.0', sha256: hex64 } },
      }),
      '/sources/old/module',
    ],
    [
      'that would serve an npm package to go',
      (r) => ({
        ...r,
        builds: {
          ...r.builds,
          vulnerable: { version: '1.0.0', unpack: [{ source: 'old', as: 'go-proxy' }] },
        },
      }),
      '/builds/vulnerable',
    ],
    [
      'with an unbounded wait',
      (r) => ({ ...r, limits: { run: { wallMs: 1e9 } } }),
      '/limits/run/wallMs',
    ],
  ])('%s', (_, patch, pointer) => {
    const parsed = change(patch);
    expect(parsed).toMatchObject({ ok: false, refusal: { code: 'recipe-malformed', pointer } });
  });

  test('that is not JSON, or too large', () => {
    expect(parseRecipe('{')).toMatchObject({ refusal: { code: 'recipe-not-json' } });
    const large = ' '.repeat(recipeBytesMax + 1);
    expect(parseRecipe(large)).toMatchObject({ refusal: { code: 'recipe-too-large' } });
  });

  test('whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseRecipe(JSON.stringify(value)).ok).toBe(false);
      }),
    );
  });
});

test.each([
  '..',
  '.',
  'a/../b',
  'a//b',
  '/a',
  'a/',
  'a b',
  "a'b",
  'a\\b',
  '-rf',
  'a/-rf',
  'a\u0000',
  '',
  '-'.repeat(201),
  '...',
  '..a/b',
  '$HOME',
  '`id`',
])('the path %j is refused', (path) => {
  expect(RecipePath.safeParse(path).success).toBe(false);
});

test.each(['a', 'a/b.c', 'debian/patches/0001-Fix_x.patch', '.npmrc', 'a/.b', '@scope/a+b=1,2'])(
  'the path %j is accepted',
  (path) => {
    expect(RecipePath.safeParse(path).success).toBe(true);
  },
);

test('a field whose name is very long is told in part', () => {
  const parsed = change((recipe) => ({ ...recipe, ['x'.repeat(50_000)]: 1 }));
  if (parsed.ok) throw new Error('such a recipe is refused');
  expect(parsed.refusal.got).toHaveLength(500);
});
