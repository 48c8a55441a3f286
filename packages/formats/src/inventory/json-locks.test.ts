import { utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { parseInventory } from './parse.ts';

/** Lock files in JSON that differ in little but where they say things. */
test.each([
  [
    'composer-lock',
    {
      packages: [
        { name: 'symfony/yaml', version: 'v6.4.3' },
        { name: 'own/part', version: '1.0', dist: { type: 'path', url: '../part' } },
        { version: '1.0' },
      ],
      'packages-dev': [{ name: 'phpunit/phpunit', version: 'dev-main' }, 7],
    },
    [
      'Packagist symfony/yaml v6.4.3 /packages/0',
      'Packagist phpunit/phpunit dev-main /packages-dev/0',
    ],
    ['own-project /packages/1', 'name-missing /packages/2', 'name-missing /packages-dev/1'],
  ],
  [
    'pipfile-lock',
    {
      _meta: { 'pipfile-spec': 6 },
      default: { django: { version: '==4.2.1' }, fork: { git: 'https://example.com', ref: '1' } },
      develop: { 'x/y': { version: '>=1' } },
    },
    ['PyPI django 4.2.1 /default/django'],
    ['version-missing /default/fork', 'not-pinned /develop/x~1y'],
  ],
  [
    'nuget-lock',
    {
      version: 1,
      dependencies: {
        'net8.0': {
          'Newtonsoft.Json': { type: 'Direct', resolved: '13.0.3' },
          core: { type: 'Project' },
          odd: {},
        },
        'net8.0/linux-x64': { 'Newtonsoft.Json': { type: 'Direct', resolved: '13.0.3' } },
      },
    },
    [
      'NuGet Newtonsoft.Json 13.0.3 /dependencies/net8.0/Newtonsoft.Json',
      'NuGet Newtonsoft.Json 13.0.3 /dependencies/net8.0~1linux-x64/Newtonsoft.Json',
    ],
    ['own-project /dependencies/net8.0/core', 'version-missing /dependencies/net8.0/odd'],
  ],
  [
    'bun-lock',
    {
      lockfileVersion: 1,
      workspaces: {},
      packages: {
        a: ['a@1.10', '', {}, 'sha512-x'],
        'a/@s/b': ['@s/b@2.0.0', '', {}, 'sha512-x'],
        alias: ['real@3.0.0', '', {}, 'sha512-x'],
        app: ['app@workspace:.'],
        git: ['git@github:s/git#02fa', {}, 's-git-02fa'],
        odd: [7],
      },
    },
    [
      'npm a 1.10 /packages/a',
      'npm @s/b 2.0.0 /packages/a~1@s~1b',
      'npm real 3.0.0 /packages/alias',
    ],
    ['own-project /packages/app', 'version-missing /packages/git', 'entry-malformed /packages/odd'],
  ],
] as const)('%s', (format, document, components, notes) => {
  const inventory = parseInventory(utf8(JSON.stringify(document)));
  if (!inventory.ok) throw new Error(`${inventory.refusal.code}: ${inventory.refusal.got}`);
  const { value } = inventory;
  expect(value.format).toBe(format);
  expect(value.components.map((c) => [c.ecosystem, c.name, c.version, c.path].join(' '))).toEqual(
    components,
  );
  expect(value.notes.map((note) => `${note.code} ${note.path}`)).toEqual(notes);
});

test.each([
  ['{"version":3,"dependencies":{"net8.0":{}}}', 'format-version-unsupported'],
  ['{"lockfileVersion":9,"workspaces":{},"packages":{}}', 'format-version-unsupported'],
  ['{"lockfileVersion":1,"workspaces":{},"packages":{', 'not-yaml'],
  ['{"_meta":{},"default":', 'not-json'],
])('%s is refused as %s', (text, code) => {
  const inventory = parseInventory(utf8(text));
  expect(inventory.ok ? 'read' : inventory.refusal.code).toBe(code);
});

test('gradle.lockfile: one artifact a line', () => {
  const text = [
    '# This is a Gradle generated file for dependency locking.',
    'com.fasterxml.jackson.core:jackson-databind:2.9.1=compileClasspath,runtimeClasspath',
    'org.a:b=compileClasspath',
    'empty=annotationProcessor',
  ].join('\n');
  const inventory = parseInventory(utf8(text));
  if (!inventory.ok) throw new Error(inventory.refusal.got);
  expect(inventory.value.components).toEqual([
    {
      ecosystem: 'Maven',
      name: 'com.fasterxml.jackson.core:jackson-databind',
      version: '2.9.1',
      purl: 'pkg:maven/com.fasterxml.jackson.core/jackson-databind@2.9.1',
      path: 'line 2',
    },
  ]);
  expect(inventory.value.notes.map((note) => `${note.code} ${note.path}`)).toEqual([
    'entry-malformed line 3',
  ]);
});
