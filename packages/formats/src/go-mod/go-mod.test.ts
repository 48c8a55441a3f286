import { utf8 } from '@breakwater/kernel';
import { describe, expect, it } from 'vitest';
import { parseGoMod } from './go-mod.ts';

function read(text: string) {
  const inventory = parseGoMod(utf8(text));
  if (!inventory.ok) throw new Error(`${inventory.refusal.code}: ${inventory.refusal.got}`);
  const { components, notes } = inventory.value;
  return {
    components: components.map(({ name, version, installedAs }) => [name, version, installedAs]),
    notes: notes.map((note) => `${note.code} ${note.path}`),
  };
}

describe('go.mod', () => {
  it('lists what is required, in blocks and alone, indirect too', () => {
    const text = `module example.com/app // the app

go 1.22.1
toolchain go1.22.5

require golang.org/x/net v0.17.0
require (
\tgithub.com/BurntSushi/toml v1.2.1 // indirect
\t"quoted.example/a b" v1.0.0+incompatible
\tgolang.org/x/exp v0.0.0-20230905200255-921286631fa9
)
retract [v1.0.0, v1.0.5]
tool golang.org/x/tools/cmd/stringer
`;
    expect(read(text)).toEqual({
      components: [
        ['golang.org/x/net', 'v0.17.0', undefined],
        ['github.com/BurntSushi/toml', 'v1.2.1', undefined],
        ['quoted.example/a b', 'v1.0.0+incompatible', undefined],
        ['golang.org/x/exp', 'v0.0.0-20230905200255-921286631fa9', undefined],
      ],
      notes: ['not-pinned line 3'],
    });
  });

  it('puts a replacement in its place, for all versions or for one', () => {
    const text = `module m
require (
\ta.example/all v1.0.0
\ta.example/one v1.0.0
\ta.example/other v2.0.0
\ta.example/local v1.0.0
\ta.example/out v1.0.0
)
replace a.example/all => b.example/fork v1.9.0
replace (
\ta.example/one v1.0.0 => a.example/one v1.0.1
\ta.example/other v1.0.0 => a.example/other v1.0.1
\ta.example/local => ../local
)
exclude a.example/out v1.0.0
`;
    expect(read(text)).toEqual({
      components: [
        ['b.example/fork', 'v1.9.0', 'a.example/all'],
        ['a.example/one', 'v1.0.1', undefined],
        ['a.example/other', 'v2.0.0', undefined],
      ],
      notes: ['own-project line 6', 'not-pinned line 7'],
    });
  });

  it('says what it does not understand, and refuses what has no directive', () => {
    const odd = `module m\nrequire a v1.0.0 b\nrequire\nunknown x\n${'x'.repeat(5000)}\n`;
    expect(read(odd).notes).toEqual([
      'entry-malformed line 4',
      'entry-malformed line 5',
      'name-missing line 3',
    ]);
    const none = parseGoMod(utf8('just some words\n'));
    expect(none.ok ? 'read' : none.refusal.code).toBe('format-unknown');
  });
});
