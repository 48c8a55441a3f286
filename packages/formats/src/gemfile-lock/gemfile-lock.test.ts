import { utf8 } from '@breakwater/kernel';
import { expect, it } from 'vitest';
import { parseGemfileLock } from './gemfile-lock.ts';

it('Gemfile.lock: gems of each source, platforms cut off, what they ask for left out', () => {
  const text = `GIT
  remote: https://user:secret@github.com/s/rack.git
  revision: 02fa
  specs:
    rack (3.1.0)
      webrick

PATH
  remote: .
  specs:
    app (0.1.0)

GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.15.4)
      racc (~> 1.4)
    nokogiri (1.15.4-x86_64-linux)
    racc (1.8.0.rc1)
    broken
\r
PLATFORMS
  ruby

DEPENDENCIES
  nokogiri (= 1.15.4)

BUNDLED WITH
   2.5.6
`;
  const inventory = parseGemfileLock(utf8(text));
  if (!inventory.ok) throw new Error(inventory.refusal.got);
  const { components, notes } = inventory.value;
  expect(components.map(({ name, version, path }) => `${name} ${version} ${path}`)).toEqual([
    'rack 3.1.0 line 5',
    'nokogiri 1.15.4 line 16',
    'nokogiri 1.15.4 line 18',
    'racc 1.8.0.rc1 line 19',
  ]);
  expect(notes.map((note) => `${note.code} ${note.path}`)).toEqual([
    'not-from-registry line 5',
    'own-project line 11',
    'entry-malformed line 20',
  ]);
  expect(JSON.stringify(notes)).not.toContain('secret');
});
