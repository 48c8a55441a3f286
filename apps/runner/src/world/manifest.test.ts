import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKeptPath, parseManifest, readPath, writePath } from './manifest.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('paths of a manifest', () => {
  it('come back as the bytes they were, each in one way only', () => {
    const back = fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (given) => {
      const read = readPath(writePath(given));
      return read !== null && Buffer.compare(read, given) === 0;
    });
    const oneWay = fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
      const read = readPath(text);
      return read === null || writePath(read) === text;
    });
    fc.assert(back);
    fc.assert(oneWay);
  });

  it('are plain where they can be, and never act on a terminal', () => {
    expect(writePath(Buffer.from('/work/naïve ✓'))).toBe('/work/naïve ✓');
    expect(writePath(bytes('/work/\x1b[2J\n'))).toBe('/work/\\x1b[2J\\x0a');
    expect(writePath(bytes('/work/\xff'))).toBe('/work/\\xff');
    expect(writePath(bytes('/work/a\\b'))).toBe('/work/a\\x5cb');
    expect(writePath(Buffer.from('/work/\u202egnp'))).toBe('/work/\\xe2\\x80\\xaegnp');
  });

  it.each([
    ['/work/a', true],
    ['/home/agent/.bashrc', true],
    ['/service/db', true],
    ['/work', false],
    ['/work/', false],
    ['/work//a', false],
    ['/work/../etc/passwd', false],
    ['/work/./a', false],
    ['/workshop/a', false],
    ['/setup/a', false],
    ['work/a', false],
    ['/work/a\0b', false],
  ])('%j are below a kept place: %s', (path, kept) => {
    expect(isKeptPath(bytes(path))).toBe(kept);
  });

  it('are no longer than a file system takes', () => {
    const long = [
      `/work/${'n'.repeat(255)}`,
      `/work/${'n'.repeat(256)}`,
      `/work${'/n'.repeat(2000)}`,
    ];
    expect(long.map((path) => isKeptPath(bytes(path)))).toEqual([true, false, false]);
  });
});

describe('a manifest from outside', () => {
  const file = {
    kind: 'file',
    path: '/work/a',
    mode: 0o644,
    modifiedMs: 0,
    size: 1,
    sha256: 'a'.repeat(64),
  };
  const of = (entries: unknown[]) => ({
    format: 'breakwater-world/1',
    entries,
    skipped: [],
    background: [],
  });

  it('is taken when it could have been written', () => {
    const given = of([file, { kind: 'link', path: '/work/l', target: '../../etc' }]);
    expect(parseManifest(given)).toEqual(given);
  });

  it.each([
    ['another format', { ...of([]), format: 'breakwater-world/2' }],
    ['a field nobody knows', of([{ ...file, owner: 0 }])],
    ['a path that climbs', of([{ ...file, path: '/work/../etc/passwd' }])],
    ['a path written in another way', of([{ ...file, path: '/work/\\x41' }])],
    ['a set-user-id bit', of([{ ...file, mode: 0o4755 }])],
    ['no digest', of([{ ...file, sha256: 'A'.repeat(64) }])],
    ['a link to nothing', of([{ kind: 'link', path: '/work/l', target: '' }])],
    ['no object', 7],
  ])('is not taken with %s', (_, given) => {
    expect(parseManifest(given)).toBeNull();
  });
});
