import { utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { inventoryLimits } from '../inventory/inventory.ts';
import { type PythonLock, parsePythonLock } from './python-lock.ts';

function read(text: string, format: PythonLock) {
  const inventory = parsePythonLock(utf8(text), format);
  if (!inventory.ok) throw new Error(`${inventory.refusal.code}: ${inventory.refusal.got}`);
  const { components, notes } = inventory.value;
  return {
    components: components.map(({ name, version, path }) => `${name} ${version} ${path}`),
    notes: notes.map((note) => `${note.code} ${note.path}`),
  };
}

const sources: readonly (readonly [PythonLock, string, string, string])[] = [
  [
    'poetry-lock',
    'version = "1.0"\n[package.source]\ntype = "git"\nurl = "https://example.com/a.git"',
    'version = "1.0"\n[package.source]\ntype = "directory"\nurl = "../a"',
    'version = "1.10"\npython-versions = ">=3.8"',
  ],
  [
    'pdm-lock',
    'version = "1.0"\ngit = "https://example.com/a.git"\nrevision = "02fa"',
    'version = "1.0"\npath = "./a"',
    'version = "1.10"\nrequires_python = ">=3.8"',
  ],
  [
    'uv-lock',
    'version = "1.0"\nsource = { git = "https://example.com/a.git#02fa" }',
    'version = "1.0"\nsource = { editable = "." }',
    'version = "1.10"\nsource = { registry = "https://pypi.org/simple" }',
  ],
  [
    'pylock',
    'version = "1.0"\nvcs = { type = "git", url = "https://example.com/a.git", commit-id = "1" }',
    'directory = { path = ".", editable = true }',
    'version = "1.10"\nindex = "https://pypi.org/simple"',
  ],
];

describe.each(sources)('%s', (format, git, folder, registry) => {
  const header = format === 'pylock' ? '[[packages]]' : '[[package]]';
  const member = header.replaceAll(/[[\]]/g, '');

  it('tells what a registry gave from git and from the project itself', () => {
    const text = [git, folder, registry].map((body) => `${header}\nname = "a"\n${body}\n`).join('');
    expect(read(text, format)).toEqual({
      components: [`a 1.0 /${member}/0`, `a 1.10 /${member}/2`],
      notes: [`not-from-registry /${member}/0`, `own-project /${member}/1`],
    });
  });

  it('says what it cannot name', () => {
    const text = `${header}\nname = "a"\n${header}\nversion = "1"\n`;
    expect(read(text, format)).toEqual({
      components: [],
      notes: [`version-missing /${member}/0`, `name-missing /${member}/1`],
    });
  });

  it.each([
    [`${header}\nname = \n`, 'line 2'],
    [`a = ${'['.repeat(500)}`, 'line 1'],
    ['a = 1\na = 2\n', 'line 2'],
  ])('refuses %j with its line', (text, line) => {
    const inventory = parsePythonLock(utf8(text), format);
    if (inventory.ok) throw new Error('read');
    const { code, got } = inventory.refusal;
    expect([code, got.split(':')[0]]).toEqual(['not-toml', line]);
  });

  it('is bounded in its entries', () => {
    const text = `${header}\nname = "a"\nversion = "1"\n`.repeat(3);
    const inventory = parsePythonLock(utf8(text), format, { ...inventoryLimits, entriesMax: 2 });
    expect(inventory.ok ? 'read' : inventory.refusal.code).toBe('too-many-components');
  });
});
