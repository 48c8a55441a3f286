import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseExtent } from './extent.ts';
import { namesOf, type Rename, underAllNames } from './names.ts';
import { overlapOf } from './overlap.ts';
import { parseTarget } from './parse-target.ts';
import type { RepositoryTarget } from './target.ts';

function at(text: string): RepositoryTarget {
  const target = parseTarget(`repo:github.com/${text}`);
  if (!target.ok || target.value.kind !== 'repository') throw new Error(`no repository: ${text}`);
  return target.value;
}
const moved = (from: string, to: string): Rename => ({ from: at(from), to: at(to) });
const names = (text: string, renames: readonly Rename[]) =>
  namesOf(at(text), renames).map((target) => target.text.replace('repo:github.com/', ''));

test('a part of a repository is the same part under each of its names', () => {
  const renames = [moved('old/lib', 'new/lib'), moved('new/lib', 'newest/library')];
  expect(names('old/lib#src', renames)).toEqual([
    'old/lib#src',
    'new/lib#src',
    'newest/library#src',
  ]);
  expect(names('newest/library', renames)).toEqual(['newest/library', 'new/lib', 'old/lib']);
  expect(names('old/library', renames)).toEqual(['old/library']);
});

test('a renamed owner renames all it has; who names all of an owner names what came from elsewhere', () => {
  expect(names('old/x#a', [moved('old/*', 'new/*')])).toEqual(['old/x#a', 'new/x#a']);
  expect(names('old/*', [moved('old/*', 'new/*')])).toEqual(['old/*', 'new/*']);
  expect(names('new/*', [moved('old/x', 'new/x')])).toEqual(['new/*', 'old/x']);
});

test('moves in a circle end, and so does a long chain', () => {
  expect(names('a/x', [moved('a/x', 'b/x'), moved('b/x', 'a/x')])).toEqual(['a/x', 'b/x']);
  const chain = Array.from({ length: 100 }, (_, i) => moved(`o/n${i}`, `o/n${i + 1}`));
  expect(names('o/n0', chain)).toHaveLength(20);
});

test('an exception holds under every name', () => {
  const input = { methods: ['fuzz'], from: '2026-01-01T00:00:00Z', until: null };
  const given = parseExtent({
    ...input,
    targets: [at('new/x').text],
    except: [at('new/x#a').text],
  });
  if (!given.ok) throw new Error(given.refusal.got);
  const { places, except } = underAllNames(given.value, [moved('old/x', 'new/x')]);
  expect(places.map(({ target }) => target.text)).toEqual([
    'repo:github.com/new/x',
    'repo:github.com/old/x',
  ]);
  expect(except.map(({ text }) => text)).toEqual([
    'repo:github.com/new/x#a',
    'repo:github.com/old/x#a',
  ]);
});

const owner = fc.constantFrom('a', 'b', 'c');
const project = fc.tuple(owner, fc.constantFrom('x', 'y')).map((parts) => parts.join('/'));
const path = fc.constantFrom('', '#s', '#s/t');
const rename = fc.oneof(
  fc.tuple(project, project).map(([from, to]) => moved(from, to)),
  fc.tuple(owner, owner).map(([from, to]) => moved(`${from}/*`, `${to}/*`)),
);

test('whoever names one of the names meets whoever names another', () => {
  const extent = (text: string) => {
    const made = parseExtent({
      targets: [`repo:github.com/${text}`],
      methods: ['read'],
      from: '2026-01-01T00:00:00Z',
      until: null,
    });
    if (!made.ok) throw new Error(made.refusal.got);
    return made.value;
  };
  fc.assert(
    fc.property(fc.array(rename, { maxLength: 4 }), project, path, (renames, text, part) => {
      const one = extent(`${text}${part}`);
      for (const name of namesOf(at(`${text}${part}`), renames)) {
        const other = extent(name.text.replace('repo:github.com/', ''));
        expect(overlapOf(underAllNames(one, renames), other)).not.toBeNull();
        expect(overlapOf(one, underAllNames(other, renames))).not.toBeNull();
      }
    }),
  );
});
