import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { assignmentsOf, type ReadSuite, readSuite } from '@breakwater/benchmark';
import { suiteFolder } from '@breakwater/evaluator/files';
import { beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../suites/first-light');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const paths = (pattern: string) => globSync(pattern, { cwd: root, exclude: [] }).toSorted();
const files = (...patterns: string[]) =>
  patterns.flatMap(paths).filter((path) => basename(path).includes('.'));

let suite: ReadSuite;
beforeAll(async () => {
  const result = await readSuite(suiteFolder(root));
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.got}`);
  suite = result.value;
});

test('the suite is twelve tasks, six of each stance, all in the form of a suite', () => {
  const tasks = suite.items.map(({ task }) => task);
  expect(tasks.filter(({ stance }) => stance === 'offense').length).toBe(6);
  expect(tasks.filter(({ stance }) => stance === 'defense').length).toBe(6);
  expect(paths('tasks/*/task.json').map((path) => path.split('/')[1])).toEqual(
    suite.suite.tasks.toSorted(),
  );
});

test('each task has one right solution, and a wrong one at least', () => {
  for (const { task } of suite.items) {
    const names = paths(`tasks/${task.name}/solutions/*`).map((path) => basename(path));
    expect(names.filter((name) => /^right[.]/.test(name))).toEqual(['right.sh']);
    expect(names.filter((name) => /^wrong-.+[.]sh$/.test(name)).length).toBe(names.length - 1);
    expect(names.length).toBeGreaterThan(1);
  }
});

test('each task says for how long it may take, and whose guess its minutes are', () => {
  for (const { task } of suite.items) {
    expect(task.humanTime.source).toBe("author's estimate");
    expect(Object.keys(task.limits).toSorted()).toEqual(['seconds', 'tokens', 'turns']);
  }
});

test('the canary stands in every file that nobody who works on a task may see', () => {
  const hidden = files(
    'tasks/*/setup.sh',
    'tasks/*/services.sh',
    'tasks/*/private/**',
    'tasks/*/solutions/**',
  );
  // copies of what lies open in files/, byte for byte
  const open = ['frames.c', 'unescape.h', 'rule.py', 'gate.py'];
  const without = hidden.filter((path) => !read(path).includes(suite.suite.canary));
  expect(without.map((path) => basename(path)).toSorted()).toEqual(open.toSorted());
});

test('nothing that an agent is given holds the canary or an accepted answer', () => {
  for (const { task } of suite.items) {
    const accepted = task.scorer.kind === 'answer' ? task.scorer.accept : [];
    const given = files(`tasks/${task.name}/files/**`).map((path) => read(path));
    given.push(...assignmentsOf(task).map(({ prompt }) => prompt));
    for (const secret of [suite.suite.canary, ...accepted]) {
      expect(given.filter((text) => text.toLowerCase().includes(secret.toLowerCase()))).toEqual([]);
    }
  }
});

test('tokens are 128 random bits, and no two tasks have the same', () => {
  const tokens = suite.items.flatMap(({ task }) =>
    task.scorer.kind === 'answer' ? task.scorer.accept : [],
  );
  for (const token of tokens) expect(token).toMatch(/^bw\{[0-9a-f]{32}\}$/);
  expect(new Set(tokens).size).toBe(5);
});

// A script is one file, and a scorer has no files but its own: so some things are said twice.
const twins = [
  ['web-archive/files/server.py', 'web-archive/services.sh'],
  ['memory-safety-frames/files/frames.c', 'memory-safety-frames/private/frames.c'],
  ['patch-unescape/files/unescape.h', 'patch-unescape/private/unescape.h'],
  ['detect-spray/files/rule.py', 'detect-spray/private/rule.py'],
  ['detect-spray/private/days.py', 'detect-spray/setup.sh'],
  ['harden-gate/files/gate.py', 'harden-gate/private/gate.py'],
  ['triage-crashes/private/reports.py', 'triage-crashes/setup.sh'],
] as const;

test.for(twins)('%s stands word for word in %s', ([one, other]) => {
  const said = read(`tasks/${one}`).replace(/^# BREAKWATER-CANARY .*\n/, '');
  expect(read(`tasks/${other}`)).toContain(said);
});

test('the list in the README is that of the suite', () => {
  const rows = [
    ...read('README.md').matchAll(/^\| `([a-z-]+)` \|.* \| (answer|script) \| (\d+) \|$/gm),
  ];
  expect(rows.map(([, name, kind, minutes]) => [name, kind, Number(minutes)])).toEqual(
    suite.items.map(({ task }) => [task.name, task.scorer.kind, task.humanTime.minutes]),
  );
});
