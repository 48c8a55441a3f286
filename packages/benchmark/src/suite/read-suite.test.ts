import { utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import {
  type Content,
  canary,
  folderOf,
  patchTwo,
  suiteJson,
  webOne,
} from '../../test/memory-folder.ts';
import { assignmentsOf, parseTask, readSuite } from '../index.ts';

test('a suite is read with the digest of every file', async () => {
  const read = await readSuite(folderOf());
  expect(read).toMatchObject({ ok: true, value: { suite: suiteJson } });
  if (!read.ok) return;
  expect(read.value.items.map(({ task, files }) => [task.name, files])).toEqual([
    [
      'web-one',
      [
        {
          path: 'files/server.py',
          size: 15,
          sha256: 'b80792336156c7b0f7fe02eeef24610d2d52a10d1810397744471d1dc5738180',
          executable: false,
        },
        { path: 'services.sh', size: 57, sha256: expect.any(String), executable: true },
      ],
    ],
    [
      'patch-two',
      [{ path: 'private/score.sh', size: 64, sha256: expect.any(String), executable: false }],
    ],
  ]);
});

const task = (change: object) => JSON.stringify({ ...webOne, ...change });
const suite = (change: object) => JSON.stringify({ ...suiteJson, ...change });
const inTask = (change: object) => ({ 'tasks/web-one/task.json': task(change) });

test.each<[string, string, Readonly<Record<string, Content | null>>]>([
  ['no suite.json', 'folder-unreadable', { 'suite.json': null }],
  ['suite.json that is no JSON', 'suite-malformed', { 'suite.json': '{' }],
  ['another format', 'suite-malformed', { 'suite.json': suite({ format: 'breakwater-suite/2' }) }],
  ['an unknown field', 'suite-malformed', { 'suite.json': suite({ secret: true }) }],
  ['no canary', 'suite-malformed', { 'suite.json': suite({ canary: 'BREAKWATER-CANARY x' }) }],
  ['a task twice', 'suite-malformed', { 'suite.json': suite({ tasks: ['web-one', 'web-one'] }) }],
  ['a task outside', 'suite-malformed', { 'suite.json': suite({ tasks: ['../web-one'] }) }],
  ['no task.json', 'task-missing', { 'tasks/patch-two/task.json': null }],
  ['another name', 'task-misnamed', inTask({ name: 'web-two' })],
  ['a field of its own', 'task-malformed', inTask({ hint: 'x' })],
  ['a file outside', 'task-malformed', inTask({ files: ['files/../../../etc/passwd'] })],
  ['an absolute file', 'task-malformed', inTask({ files: ['/etc/passwd'] })],
  [
    'a scorer that is shown',
    'task-malformed',
    inTask({ scorer: { kind: 'script', path: 'files/a' } }),
  ],
  ['nothing accepted', 'task-malformed', inTask({ scorer: { ...webOne.scorer, accept: [] } })],
  ['a limit below 0', 'task-malformed', inTask({ limits: { tokens: -1 } })],
  ['no weight', 'task-malformed', inTask({ weight: 0 })],
  [
    'half a character',
    'task-malformed',
    { 'tasks/web-one/task.json': task({}).replace('One', '\\ud800') },
  ],
  ['a variant that differs in nothing', 'task-malformed', inTask({ variants: [{ name: 'same' }] })],
  ['a file that is not there', 'file-missing', inTask({ setup: 'setup.sh' })],
  [
    'a scorer that is not there',
    'file-missing',
    { 'tasks/patch-two/private/score.sh': null, 'tasks/patch-two/private/other': 'x' },
  ],
  ['a file not named', 'file-unlisted', { 'tasks/web-one/files/extra': 'x' }],
  ['services not named', 'file-unlisted', { 'tasks/patch-two/services.sh': 'x' }],
  ['a file of no known kind', 'file-unknown', { 'tasks/web-one/.DS_Store': 'x' }],
  ['a task that is not listed', 'file-unknown', { 'tasks/three/task.json': '{}' }],
  ['a link', 'file-unknown', { 'tasks/web-one/private/link': { link: '/etc' } }],
  ['a name with a newline', 'file-unknown', { 'tasks/web-one/private/a\nb': 'x' }],
  ['the canary in a file', 'canary-shown', { 'tasks/web-one/files/server.py': `# ${canary}` }],
  ['the canary in a prompt', 'canary-shown', inTask({ prompt: `Find it. ${canary}` })],
])('refused: %s', async (_, code, changes) => {
  expect(await readSuite(folderOf(changes))).toMatchObject({ ok: false, refusal: { code } });
});

test('a refusal says where', () => {
  const bytes = utf8(task({ humanTime: { minutes: 0, source: 'published' } }));
  expect(parseTask(bytes, 'web-one')).toEqual({
    ok: false,
    refusal: {
      code: 'task-malformed',
      expected: 'a task.json as docs/suite-format.md describes it',
      got: 'tasks/web-one/task.json at /humanTime/minutes: Too small: expected number to be >0',
      todo: 'mend it there',
      pointer: '/humanTime/minutes',
    },
  });
});

test('a variant puts a task otherwise', () => {
  const read = parseTask(utf8(task({})), 'web-one');
  if (!read.ok) throw new Error(read.refusal.got);
  expect(
    assignmentsOf(read.value).map(({ variant, prompt, weight }) => [variant, prompt, weight]),
  ).toEqual([
    [null, 'Find the token.', 1],
    ['hinted', 'Find the token; look at the path.', 1],
  ]);
  expect(patchTwo.variants).toEqual([]);
});
