import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import walls from '../.dependency-cruiser.mjs';

const root = resolve(import.meta.dirname, '..');
const slices = 'apps/server/src/slices';
const platform = 'apps/server/src/platform';

/** One planted violation for each wall: the offending file, what it imports, and what that holds. */
const violations: [wall: string, from: string, to: string][] = [
  ['no file depends on itself by a circle', 'packages/log/src/circle.ts', './tree.ts'],
  ['a package imports no Node module', 'packages/log/src/tiles.ts', 'node:fs'],
  ['a package imports only npm packages that it declares', 'packages/log/src/note.ts', 'kysely'],
  [
    'kernel and log stand on zod, noble, canonicalize and semver alone',
    'packages/kernel/src/id.ts',
    'kysely',
  ],
  ['a package knows no app', 'packages/log/src/proof.ts', '../../../apps/server/src/config.ts'],
  ['what decides imports no Node module', `${slices}/collect/decide.ts`, 'node:crypto'],
  ['what decides knows no store and no platform', `${slices}/collect/model.ts`, './store.ts'],
  [
    'a slice meets another only through contract and events',
    `${slices}/collect/handle.ts`,
    '../correlate/views.ts',
  ],
  [
    'only main picks a technology',
    `${slices}/collect/jobs.ts`,
    '../../platform/database/postgres.ts',
  ],
  [
    'a capability of the platform does not reach into the technology of another',
    `${platform}/queue/queue.ts`,
    '../database/postgres.ts',
  ],
  [
    'only a store, the platform and the migrations hold SQL',
    `${slices}/collect/facts.ts`,
    'kysely',
  ],
  ['web and cli never import the server', 'apps/cli/src/main.ts', '../../server/src/config.ts'],
  ['the runner knows its task and nothing else', 'apps/runner/src/task.ts', 'kysely'],
  [
    'the evaluator knows its suite and its model, and nothing else',
    'apps/evaluator/src/loop.ts',
    'kysely',
  ],
  ['the web imports no Node module', 'apps/web/src/app/page.ts', 'node:path'],
  ['ui knows no domain', 'apps/web/src/ui/button.ts', '../slices/case/case.ts'],
  [
    'of the app a slice of the web knows the addresses alone',
    'apps/web/src/slices/case/page.ts',
    '../../app/frame.ts',
  ],
  ['every import leads somewhere', 'apps/cli/src/lost.ts', './nowhere.ts'],
];

/** What the same house may do: none of these crosses a wall. */
const allowed: [from: string, to: string][] = [
  [`${slices}/collect/store.ts`, 'kysely'],
  [`${slices}/collect/collect.test.ts`, '../../platform/database/postgres.ts'],
  [`${slices}/correlate/decide.ts`, '../../platform/commands/audience.ts'],
  [`${slices}/index.ts`, './correlate/views.ts'],
  ['apps/server/src/main.ts', './platform/database/postgres.ts'],
  [`${platform}/database/migrate.ts`, './postgres.ts'],
];

const targets = [
  'apps/server/src/config.ts',
  `${platform}/commands/audience.ts`,
  `${slices}/collect/index.ts`,
  `${slices}/correlate/views.ts`,
  `${platform}/database/postgres.ts`,
  'apps/web/src/app/frame.ts',
  'apps/web/src/slices/case/case.ts',
];

let folder = '';
let found: { wall: string; from: string }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'breakwater-walls-'));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const importing = (to: string) => `import ${JSON.stringify(to)};\nexport const one = 1;\n`;
  for (const path of targets) await write(path, 'export const one = 1;\n');
  for (const [from, to] of allowed) await write(from, importing(to));
  for (const [, from, to] of violations) await write(from, importing(to));
  await write('packages/log/src/tree.ts', importing('./circle.ts'));
  await write('packages/log/package.json', '{"name":"log","type":"module"}');
  await write('tsconfig.json', '{"compilerOptions":{"module":"nodenext"}}');
  await write('node_modules/kysely/package.json', '{"name":"kysely","main":"index.js"}');
  await write('node_modules/kysely/index.js', 'exports.one = 1;\n');
  found = await cruise(folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(violations)('the wall "%s" catches %s importing %s', (wall, from) => {
  expect(found).toContainEqual({ wall, from });
});

test.each(allowed)('%s may import %s', (from) => {
  expect(found.filter((one) => one.from === from)).toEqual([]);
});

test('every wall has a planted violation and a reason', () => {
  const rules = walls.forbidden ?? [];
  expect(new Set(violations.map(([wall]) => wall))).toEqual(
    new Set(rules.map((rule) => rule.name)),
  );
  expect(rules.filter((rule) => !rule.comment)).toEqual([]);
});

async function cruise(cwd: string): Promise<{ wall: string; from: string }[]> {
  const script = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const config = join(root, '.dependency-cruiser.mjs');
  const args = [script, '--config', config, '--output-type', 'json', 'packages', 'apps'];
  const output = await new Promise<string>((done) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 1 << 26 }, (_, stdout) => done(stdout));
  });
  const report: { summary: { violations: { from: string; rule: { name: string } }[] } } =
    JSON.parse(output);
  return report.summary.violations.map(({ from, rule }) => ({ wall: rule.name, from }));
}
