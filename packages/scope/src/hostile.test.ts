import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExtent } from './extent.ts';
import { ancestorsOf, lineageRange, relationOf } from './lineage.ts';
import { parseTarget } from './parse-target.ts';
import { parsePlace } from './place.ts';
import { targetKinds, targetLengthMax } from './target.ts';
import { parseVers } from './version-range.ts';

/** Texts made of what targets are made of, and of what parsers trip over. */
const piece = fc.constantFrom(
  'https://',
  'http:',
  'pkg:',
  'repo:',
  'git@',
  'cpe:2.3:a:',
  'cpe:/',
  'product:',
  'github.com',
  'example.org',
  'npm',
  'curl',
  'xn--',
  '192.0.2.1',
  '::ffff:',
  '2001:db8::',
  '*.',
  '*',
  '/',
  '//',
  '..',
  '.',
  '%2e',
  '%2F',
  '%00',
  '%',
  '%zz',
  '%e9',
  '%f0%9f',
  '@',
  ':',
  ':443',
  '#',
  '?',
  '!',
  '\\',
  '[',
  ']',
  '|',
  ' ',
  '\t',
  '\0',
  '\u202e',
  'é',
  '\ud800',
  '。',
  'ｅ',
  '0x7f',
  '-',
  '_',
  '~',
);
const text = fc.oneof(
  fc.array(piece, { maxLength: 9 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
);

describe('any text', () => {
  it('is a target with one canonical form, or refused', () => {
    const kind = fc.option(fc.constantFrom(...targetKinds), { nil: undefined });
    const property = fc.property(text, kind, (input, said) => {
      const parsed = parseTarget(said === undefined ? input : { kind: said, text: input });
      if (!parsed.ok) {
        expect(parsed.refusal.got.length).toBeLessThan(800);
        return;
      }
      const { value } = parsed;
      expect(parseTarget({ kind: value.kind, text: value.text })).toEqual(parsed);
      expect(`${value.text}${value.lineage}`).toMatch(/^[ -~]+$/);
      expect(value.lineage.length).toBeLessThanOrEqual(targetLengthMax);
    });
    fc.assert(property, { numRuns: 20_000 });
  });

  it('is a place or a range of versions, or refused', () => {
    const property = fc.property(text, text, (input, versions) => {
      const place = parsePlace({ target: input, versions });
      expect(place.ok || place.refusal.todo.length > 0).toBe(true);
      const vers = parseVers(`vers:npm/${versions}`);
      expect(vers.ok || vers.refusal.code === 'versions-malformed').toBe(true);
    });
    fc.assert(property, { numRuns: 5_000 });
  });
});

it('finds two targets nested exactly where one is among the ancestors of the other', () => {
  const host = fc.constantFrom(
    '*.example.org',
    'a.example.org',
    '*.a.example.org',
    'b.a.example.org',
  );
  const net = fc
    .tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 8, max: 32 }))
    .map(([a, b, length]) => `10.${a % 3}.${b % 3}.${b}/${length}`);
  const url = fc
    .tuple(fc.constantFrom('a.example.org', '10.0.0.1'), fc.constantFrom('', 'x', 'x/y', 'xy'))
    .map(([name, path]) => `https://${name}/${path}`);
  const repository = fc
    .tuple(fc.constantFrom('o/n', 'o/*', 'o/n2'), fc.constantFrom('', '#lib', '#lib/a', '#li'))
    .map(([name, path]) => `repo:github.com/${name}${name === 'o/*' ? '' : path}`);
  const any = fc.oneof(host, net, url, repository);
  const property = fc.property(any, any, (left, right) => {
    const [a, b] = [parseTarget(left), parseTarget(right)];
    if (!a.ok || !b.ok) throw new Error(`${left} ${right}`);
    const covers = ['same', 'covers'].includes(relationOf(a.value, b.value));
    expect(ancestorsOf(b.value.lineage).includes(a.value.lineage)).toBe(covers);
    const { from, before } = lineageRange(a.value.lineage);
    expect(from <= b.value.lineage && b.value.lineage < before).toBe(covers);
  });
  fc.assert(property, { numRuns: 5_000 });
});

describe('what is too much', () => {
  const term = { methods: ['read'], from: '2026-01-01T00:00:00Z', until: null };

  it.each([
    `pkg:npm/${'a'.repeat(3_000)}`,
    `https://example.org/${'a/'.repeat(65)}`,
    `https://example.org/${'é'.repeat(1_000)}`,
    `${'a.'.repeat(130)}example.org`,
    `repo:github.com/o/n#${'a/'.repeat(65)}`,
    `product:${'a'.repeat(201)}/b`,
    `*.${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.exampl`,
  ])('is refused: %.30s', (input) => {
    expect(parseTarget(input).ok).toBe(false);
  });

  it('is refused in lists', () => {
    const many = Array.from({ length: 1_001 }, (_, i) => `pkg:npm/p${i}`);
    expect(parseExtent({ targets: many, ...term }).ok).toBe(false);
    expect(parseExtent({ targets: ['pkg:npm/a'], except: many, ...term }).ok).toBe(false);
    const ids = Array.from({ length: 1_001 }, (_, i) => i.toString(16).padStart(40, '0'));
    expect(parsePlace({ target: 'https://github.com/o/n', commits: { ids } }).ok).toBe(false);
    const constraints = ids.slice(0, 201).map((_, i) => `${i}.0.0`);
    expect(parseVers(`vers:npm/${constraints.join('|')}`).ok).toBe(false);
  });
});

describe('an extent', () => {
  const term = { methods: ['read'], from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' };
  const npm = { targets: ['pkg:npm/foo'], ...term };

  it.each([
    ['no target', { ...term, targets: [] }, 'scope-empty'],
    ['no method', { ...npm, methods: [] }, 'scope-empty'],
    ['all of it excepted', { ...npm, except: ['pkg:npm/foo'] }, 'scope-empty'],
    [
      'a network excepted by halves',
      { ...term, targets: ['192.0.2.0/24'], except: ['192.0.2.0/25', '192.0.2.128/25'] },
      'scope-empty',
    ],
    [
      'a class excepted whole',
      { ...npm, weaknesses: ['CWE-787'], exceptWeaknesses: ['CWE-119'] },
      'scope-empty',
    ],
    ['a method nobody knows', { ...npm, methods: ['hack'] }, 'method-unknown'],
    ['a category', { ...npm, weaknesses: ['CWE-16'] }, 'weakness-unknown'],
    ['a class nobody knows', { ...npm, weaknesses: ['CWE-99999'] }, 'weakness-unknown'],
    ['an end before the beginning', { ...npm, until: term.from }, 'term-malformed'],
    ['a moment without zone', { ...npm, from: '2026-01-01T00:00:00' }, 'term-malformed'],
    [
      'versions of a host',
      { ...term, targets: ['example.org'], versions: '1.0' },
      'versions-malformed',
    ],
    ['versions of another order', { ...npm, versions: 'vers:pypi/1.0' }, 'versions-malformed'],
    [
      'versions twice',
      { ...term, places: [{ target: 'pkg:npm/foo@1.0.0', versions: '1.0.0' }] },
      'versions-malformed',
    ],
    [
      'a range without versions',
      { ...npm, versions: 'vers:npm/!=1.0.0|<1.0.1|>=1.0.1|1.0.0' },
      'versions-malformed',
    ],
    ['no version', { ...npm, versions: 'vers:npm/>=2.0.0|!=2.0.0|<=2.0.0' }, 'versions-malformed'],
    ['commits of a package', { ...npm, commits: { ids: ['a'.repeat(40)] } }, 'versions-malformed'],
    [
      'commits by a branch',
      { ...term, targets: ['https://github.com/o/n'], commits: { until: 'main' } },
      'commits-malformed',
    ],
    [
      'order of versions unknown',
      { ...term, targets: ['product:a/b'], versions: 'vers:generic/>1' },
      'versions-malformed',
    ],
  ])('with %s is refused', (_, input, code) => {
    const parsed = parseExtent(input);
    expect(parsed.ok ? parsed.value : parsed.refusal.code).toBe(code);
  });
});

it.each([
  ['a type too long for a range', `pkg:n${'p'.repeat(60)}m/foo@1.0.0`],
  ['half a character', 'pkg:generic/foo@1%ED%A0%BD'],
  ['half a character in a range', { target: 'pkg:generic/foo', versions: 'vers:generic/1\ud83d' }],
  ['half a character beside it', { target: 'pkg:generic/foo', versions: '1\ud83d' }],
])('a version is one that can be written again: %s', (_, place) => {
  expect(parsePlace(place)).toMatchObject({ ok: false });
});

it.each([
  '/app/..;/admin/',
  '/app/..;x=1/admin/',
  '/app/%2e%2e;/admin/',
  '/app/..%3b/admin/',
  '/app/.;/admin/',
  '/app/%252e%252e/admin/',
  '/app/%252e%252e%252fadmin/',
  '/app/%255cadmin/',
  '/app/%c0%ae%c0%ae/admin/',
])(
  'refuses a path that servers read differently, which could slip past an exception: %s',
  (path) => {
    expect(parseTarget(`https://www.example.org${path}`)).toMatchObject({
      refusal: { code: 'url-malformed' },
    });
  },
);

it.each(['/a;b/c/', '/a..b/', '/a/%25/', '/a/..%20/'])('keeps a plain path: %s', (path) => {
  expect(parseTarget(`https://www.example.org${path}`).ok).toBe(true);
});
