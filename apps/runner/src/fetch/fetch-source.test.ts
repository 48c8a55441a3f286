import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Source } from '@breakwater/proof';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { poolPath } from './debian.ts';
import { fetchSource } from './fetch-source.ts';
import { SourceCache } from './source-cache.ts';

let root: string;
let cache: SourceCache;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sources-test-'));
  cache = new SourceCache(root);
});
afterEach(() => rm(root, { recursive: true }));

const bytes = Buffer.from('an archive');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const sha512 = createHash('sha512').update(bytes).digest('base64');
// nothing answers at .invalid (RFC 6761), so whatever is not in the cache cannot be had
const tarball: Source = { kind: 'tarball', url: 'https://archive.invalid/a.tar', sha256 };
const npm: Source = {
  kind: 'npm',
  package: 'parser',
  version: '1.0.0',
  integrity: `sha512-${sha512}`,
};

async function bring(source: Source, content: Uint8Array) {
  const folder = await cache.incoming();
  const file = join(folder, 'archive');
  await writeFile(file, content);
  const admitted = await cache.admit(source, file);
  await cache.discard(folder);
  return admitted;
}

describe('the source cache', () => {
  test.each<[string, Source]>([
    ['by sha256', tarball],
    ['by npm integrity', npm],
    ['a wheel', { kind: 'pypi', package: 'p', version: '1', file: 'p-1-py3-none-any.whl', sha256 }],
    ['a Go module', { kind: 'go', module: 'example.org/m', version: 'v1.0.0', sha256 }],
  ])('gives back what was brought, %s', async (_, source) => {
    await bring(source, bytes);
    const fetched = await fetchSource(source, cache);
    if (!fetched.ok) throw new Error(fetched.refusal.got);
    expect(fetched.value.digest).toBe(`sha256:${sha256}`);
    expect(await readFile(fetched.value.path)).toEqual(bytes);
  });

  test('is private', async () => {
    await bring(tarball, bytes);
    expect((await stat(join(root, 'sources'))).mode & 0o777).toBe(0o700);
  });

  test('does not take in other bytes than the pinned ones', async () => {
    const { source, found } = await bring(tarball, Buffer.from('another archive'));
    expect({ source, found: found === sha256 }).toEqual({ source: null, found: false });
    expect(await cache.find(tarball)).toBeNull();
  });

  test('throws away what was altered after it was brought', async () => {
    const { source } = await bring(tarball, bytes);
    if (source === null) throw new Error('the pinned bytes are taken in');
    await rm(source.path);
    await writeFile(source.path, 'altered');
    expect(await cache.find(tarball)).toBeNull();
    await expect(stat(source.path)).rejects.toThrow('ENOENT');
  });

  test('holds a git archive to the digest it was fetched with', async () => {
    const commit = 'c'.repeat(40);
    const git: Source = { kind: 'git', url: 'https://example.org/r.git', commit };
    const { source } = await bring(git, bytes);
    if (source === null) throw new Error('git pins by commit');
    expect((await cache.find(git))?.digest).toBe(`sha256:${sha256}`);
    await rm(source.path);
    await writeFile(source.path, 'altered');
    expect(await cache.find(git)).toBeNull();
  });
});

test('a source that cannot be had is refused, and leaves nothing behind', async () => {
  await mkdir(root, { recursive: true });
  expect(await fetchSource(tarball, cache)).toMatchObject({
    ok: false,
    refusal: { code: 'source-unavailable', expected: 'to fetch https://archive.invalid/a.tar' },
  });
  expect(await cache.find(tarball)).toBeNull();
});

test.each([
  ['cjson', 'main', 'pool/main/c/cjson/f.tar.gz'],
  ['libcue', 'main', 'pool/main/libc/libcue/f.tar.gz'],
  ['lib3ds', 'contrib', 'pool/contrib/lib3/lib3ds/f.tar.gz'],
] as const)('%s lies in the pool at the published place', (name, component, path) => {
  const source = { kind: 'debian', package: name, component, file: 'f.tar.gz', sha256 } as const;
  expect(poolPath(source)).toBe(path);
});

test('a file of the security archive lies one level deeper', () => {
  const source = {
    kind: 'debian',
    package: 'jq',
    component: 'main',
    file: 'f.xz',
    sha256,
  } as const;
  expect(poolPath(source, 'updates/')).toBe('pool/updates/main/j/jq/f.xz');
});
