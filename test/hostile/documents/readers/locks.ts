import { parseBunLock } from '@breakwater/formats/bun-lock';
import { parseCargoLock } from '@breakwater/formats/cargo-lock';
import { parseComposerLock } from '@breakwater/formats/composer-lock';
import { parseGemfileLock } from '@breakwater/formats/gemfile-lock';
import { parseGoMod } from '@breakwater/formats/go-mod';
import { parseGradleLock } from '@breakwater/formats/gradle-lock';
import type { Inventory } from '@breakwater/formats/inventory';
import { parseNugetLock } from '@breakwater/formats/nuget-lock';
import { parsePipfileLock } from '@breakwater/formats/pipfile-lock';
import { parsePnpmLock } from '@breakwater/formats/pnpm-lock';
import { parsePythonLock } from '@breakwater/formats/python-lock';
import { parseRequirements } from '@breakwater/formats/requirements';
import { parseYarnLock } from '@breakwater/formats/yarn-lock';
import type { Result } from '@breakwater/kernel';
import { inventoryLimits } from '../../../../packages/formats/src/inventory/inventory.ts';
import { readToml } from '../../../../packages/formats/src/toml/read-toml.ts';
import { readYaml } from '../../../../packages/formats/src/yaml/read-yaml.ts';
import { all, type Reader, realData, written } from '../reader.ts';

const integrity = `sha512-${'A'.repeat(86)}==`;

const pnpm = written(
  `lockfileVersion: '9.0'\nsettings:\n  autoInstallPeers: true\nimporters:\n  .:\n    dependencies:\n      flat:\n        specifier: ^5.0.0\n        version: 5.0.0\npackages:\n  flat@5.0.0:\n    resolution: {integrity: ${integrity}}\n  '@s/b@1.0.0':\n    resolution: {tarball: https://example.org/b.tgz}\n`,
  `lockfileVersion: 5.4\npackages:\n  /flat/5.0.0:\n    resolution: {integrity: x}\n    dev: false\n  /@s/b/1.0.0_react@17.0.0:\n    dev: true\n`,
);

const yarn = written(
  `# yarn lockfile v1\n\n"@s/b@^1.0.0", "@s/b@^1.1":\n  version "1.1.0"\n  resolved "https://registry.yarnpkg.com/b.tgz#abc"\n  integrity ${integrity}\n  dependencies:\n    flat "^5.0.0"\n\nflat@^5.0.0:\n  version "5.0.0"\n`,
  `__metadata:\n  version: 6\n\n"flat@npm:^5.0.0":\n  version: 5.0.0\n  resolution: "flat@npm:5.0.0"\n  checksum: abc\n  languageName: node\n  linkType: hard\n`,
);

const cargo = written(
  `version = 3\n\n[[package]]\nname = "serde"\nversion = "1.0.1"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "abc"\ndependencies = [\n "libc 0.2.1",\n]\n\n[[package]]\nname = "own"\nversion = "0.1.0"\n`,
);

const python = written(
  `[[package]]\nname = "Django"\nversion = "4.2"\ndescription = "x"\noptional = false\n\n[package.dependencies]\nasgiref = ">=3"\n\n[metadata]\nlock-version = "2.0"\n`,
  `version = 1\nrequires-python = ">=3.12"\n\n[[package]]\nname = "anyio"\nversion = "4.3.0"\nsource = { registry = "https://pypi.org/simple" }\n`,
);

const pythonKinds = ['poetry-lock', 'pdm-lock', 'uv-lock', 'pylock'] as const;

type Lock = readonly [
  name: string,
  read: (bytes: Uint8Array) => Result<Inventory>,
  seeds: () => readonly Uint8Array[],
];

const locks: readonly Lock[] = [
  [
    'bun-lock#parseBunLock',
    parseBunLock,
    written(
      `{\n  "lockfileVersion": 1,\n  "workspaces": { "": { "name": "a" } },\n  "packages": {\n    "flat": ["flat@5.0.0", "", { "bin": { "flat": "cli.js" } }, "${integrity}"],\n    "b": ["@s/b@github:a/b#1", {}, "x"],\n  }\n}\n`,
    ),
  ],
  ['cargo-lock#parseCargoLock', parseCargoLock, cargo],
  [
    'composer-lock#parseComposerLock',
    parseComposerLock,
    written({
      'content-hash': 'a',
      packages: [{ name: 'monolog/monolog', version: 'v2.0.0', dist: { type: 'zip', url: 'x' } }],
      'packages-dev': [{ name: 'a/b', version: 'dev-main' }],
    }),
  ],
  [
    'gemfile-lock#parseGemfileLock',
    parseGemfileLock,
    written(
      'GIT\n  remote: https://example.org/a.git\n  revision: abc\n  specs:\n    a (1.0)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    rails (7.0.4)\n      actionpack (= 7.0.4)\n    nokogiri (1.13.9-x86_64-linux)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  rails\n\nBUNDLED WITH\n   2.3.7\n',
    ),
  ],
  [
    'go-mod#parseGoMod',
    parseGoMod,
    written(
      'module example.org/a\n\ngo 1.22\n\nrequire (\n\tgithub.com/gorilla/mux v1.8.0\n\tgolang.org/x/net v0.0.0-20210226172049-e18ecbb05110 // indirect\n)\nrequire example.org/b/v2 v2.0.0\nreplace github.com/gorilla/mux => ../mux\nexclude example.org/b/v2 v2.0.1\n',
    ),
  ],
  [
    'gradle-lock#parseGradleLock',
    parseGradleLock,
    written(
      '# This is a Gradle generated file\norg.a:b:1.0=compileClasspath,x\nempty=annotationProcessor\n',
    ),
  ],
  [
    'nuget-lock#parseNugetLock',
    parseNugetLock,
    written({
      version: 1,
      dependencies: {
        'net6.0': {
          'Newtonsoft.Json': { type: 'Direct', requested: '[13.0.1, )', resolved: '13.0.1' },
          Own: { type: 'Project' },
        },
      },
    }),
  ],
  [
    'pipfile-lock#parsePipfileLock',
    parsePipfileLock,
    written({
      _meta: { hash: { sha256: 'a' }, 'pipfile-spec': 6 },
      default: { django: { version: '==4.2', hashes: [] }, own: { path: '.', editable: true } },
      develop: { pytest: { version: '==7.0' } },
    }),
  ],
  ['pnpm-lock#parsePnpmLock', parsePnpmLock, pnpm],
  [
    'python-lock#parsePythonLock',
    // by what decides nothing, so that every document meets every kind
    (document) => parsePythonLock(document, pythonKinds[document.length % 4] ?? 'uv-lock'),
    python,
  ],
  [
    'requirements#parseRequirements',
    parseRequirements,
    written(
      '# pins\n-r other.txt\n--index-url https://example.org\nDjango==4.2 ; python_version >= "3.8"\nrequests[security]===2.31.0 --hash=sha256:abc \\\n  --hash=sha256:def\nflask>=2\n-e git+https://example.org/a.git#egg=a\n',
    ),
  ],
  ['yarn-lock#parseYarnLock', parseYarnLock, yarn],
];

export const lockReaders: readonly Reader[] = [
  ...locks.map(
    ([name, read, seeds]): Reader => ({
      reads: [`@breakwater/formats/${name}`],
      seeds: all(seeds, realData(`lockfiles/osv-detector/pkg/lockfile/testdata/${folderOf(name)}`)),
      read: (document) => read(document),
    }),
  ),
  {
    reads: ['formats/yaml#readYaml'],
    seeds: all(
      pnpm,
      written('a: &a [x, x]\nb: [*a, *a]\n---\n- ? [k]\n  : |-\n    text\n- !!js/function x\n'),
    ),
    read: (document) => readYaml(document, inventoryLimits),
  },
  {
    reads: ['formats/toml#readToml'],
    seeds: all(
      cargo,
      python,
      written('a.b."c" = 1979-05-27T07:32:00Z\nd = """\nx\\\n """\n[e]\nf = [1, {g = 0x1F}]\n'),
    ),
    read: (document) => readToml(document, inventoryLimits),
  },
];

/** Where the data beside the repository has files of a kind; a folder that is not there is none. */
function folderOf(name: string): string {
  const kind = name.split('-')[0] ?? '';
  const others: Record<string, string> = {
    gemfile: 'bundler',
    python: 'poetry',
    go: 'go',
    'requirements#parseRequirements': 'pip',
  };
  return others[kind] ?? kind;
}
