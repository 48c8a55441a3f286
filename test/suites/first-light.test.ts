import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { openSandbox, type Sandbox } from '@breakwater/runner';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { play, Task } from './play.ts';

const suite = resolve(import.meta.dirname, '../../suites/first-light');
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const folders = globSync('tasks/*/task.json', { cwd: suite }).map((path) =>
  join(suite, path, '..'),
);
const tasks = folders.map((folder) => ({
  folder,
  task: Task.parse(read(join(folder, 'task.json'))),
}));

/** Each solution, and the score it says in its head that it is worth. Sandboxes know no loopback. */
const played = tasks.filter(({ task }) => task.services === undefined);
const solutions = played.flatMap(({ folder, task }) =>
  globSync('solutions/*.sh', { cwd: folder })
    .toSorted()
    .map((path) => {
      const script = readFileSync(join(folder, path), 'utf8');
      const said = /^# score: ([0-9.]+)$/m.exec(script)?.[1];
      const because = /^# because: (.+)$/m.exec(script)?.[1] ?? '';
      const usual = basename(path) === 'right.sh' ? 1 : 0;
      const worth = said === undefined ? usual : Number(said);
      return {
        folder,
        task,
        script,
        worth,
        because,
        title: `${task.name}: ${basename(path, '.sh')}`,
      };
    }),
);

const missing = ['/usr/bin/bwrap', '/usr/bin/gcc', '/usr/bin/python3'].filter(
  (p) => !existsSync(p),
);

describe.skipIf(missing.length > 0)(`first light, played (needs bwrap, gcc, python3)`, () => {
  let sandbox: Sandbox;
  let scratch: string;
  beforeAll(async () => {
    sandbox = await openSandbox({ slots: 2 });
    scratch = await mkdtemp(join(tmpdir(), 'breakwater-suite-'));
  });
  afterAll(async () => {
    await sandbox.close();
    await rm(scratch, { recursive: true, force: true });
  });

  test.concurrent.for(solutions)(
    '$title scores $worth',
    async ({ folder, task, script, worth, because }) => {
      const { answer, verdict } = await play({ sandbox, folder, task, scratch }, script);
      expect(verdict.score, `${verdict.reason}; answered "${answer}"`).toBe(worth);
      expect(verdict.reason).toContain(because);
    },
  );
});
