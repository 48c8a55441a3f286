import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readRecipe } from './read-recipe.ts';

const recipe = {
  recipe: 1,
  title: 'a parser',
  package: 'pkg:npm/parser',
  sources: {
    old: { kind: 'tarball', url: 'https://example.org/a.tar', sha256: 'a'.repeat(64) },
  },
  builds: {
    vulnerable: { version: '1.0.0', unpack: [{ source: 'old' }] },
    control: { version: '1.0.1', unpack: [{ source: 'old' }], patches: [{ file: 'fix.patch' }] },
  },
  script: ['true'],
  run: { argv: ['/build/parser', '@@'] },
  success: [{ kind: 'sanitizer' }],
  benign: { file: 'benign/input' },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recipe-test-'));
  await mkdir(join(folder, 'benign'));
  await writeFile(join(folder, 'benign/input'), 'ok');
  await writeFile(join(folder, 'fix.patch'), '');
  await writeFile(join(folder, 'recipe.json'), JSON.stringify(recipe));
});
afterEach(() => rm(folder, { recursive: true }));

const codeOf = async (path = folder) => {
  const read = await readRecipe(path);
  return read.ok ? 'read' : read.refusal.code;
};

describe('a recipe folder', () => {
  test('is read with its side files, by its path or that of its recipe.json', async () => {
    const read = await readRecipe(folder);
    if (!read.ok) throw new Error(read.refusal.got);
    expect([...read.value.files.keys()].sort()).toEqual([
      'benign/input',
      'fix.patch',
      'recipe.json',
    ]);
    expect(await readRecipe(join(folder, 'recipe.json'))).toEqual(read);
  });

  test('has another digest when a side file changes', async () => {
    const before = await readRecipe(folder);
    await writeFile(join(folder, 'benign/input'), 'other');
    const after = await readRecipe(folder);
    if (!before.ok || !after.ok) throw new Error('both are well-formed');
    expect(after.value.digest).not.toBe(before.value.digest);
  });

  test('is refused when a file it names is missing', async () => {
    await rm(join(folder, 'fix.patch'));
    expect(await readRecipe(folder)).toMatchObject({
      ok: false,
      refusal: { code: 'side-file-refused', got: expect.stringContaining('fix.patch') },
    });
  });

  test('is refused when a side file is a link, even to a file', async () => {
    await symlink('/etc/passwd', join(folder, 'link'));
    expect(await codeOf()).toBe('side-file-refused');
  });

  test('is refused when a name could mean something to a shell', async () => {
    await writeFile(join(folder, '$(id)'), '');
    expect(await codeOf()).toBe('side-file-refused');
  });

  test('is refused when it is too large', async () => {
    await writeFile(join(folder, 'large'), new Uint8Array(8 * 1024 * 1024 + 1));
    expect(await codeOf()).toBe('side-file-refused');
  });

  test('has the archives of a lock file among its own', async () => {
    const integrity = `sha512-${'A'.repeat(86)}==`;
    const locked = { ...recipe.sources, deps: { kind: 'npm-lock', file: 'package-lock.json' } };
    await writeFile(join(folder, 'recipe.json'), JSON.stringify({ ...recipe, sources: locked }));
    expect(await codeOf()).toBe('side-file-refused');
    await writeFile(join(folder, 'package-lock.json'), '{}');
    expect(await codeOf()).toBe('lock-malformed');
    const packages = { 'node_modules/a': { version: '1.0.0', integrity } };
    const lock = JSON.stringify({ lockfileVersion: 3, packages });
    await writeFile(join(folder, 'package-lock.json'), lock);
    const read = await readRecipe(folder);
    if (!read.ok) throw new Error(read.refusal.got);
    expect([...read.value.archives]).toEqual([
      ['old', recipe.sources.old],
      ['deps.0', { kind: 'npm', package: 'a', version: '1.0.0', integrity }],
    ]);
  });

  test('is refused when it is not there, or has no recipe', async () => {
    expect(await codeOf(join(folder, 'nowhere'))).toBe('recipe-unreadable');
    expect(await codeOf(join(folder, 'benign'))).toBe('recipe-unreadable');
  });

  test('is refused with the fault of its recipe', async () => {
    await writeFile(join(folder, 'recipe.json'), '{');
    expect(await codeOf()).toBe('recipe-not-json');
  });
});
