import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseTask } from '@breakwater/benchmark';
import { openSandbox } from '@breakwater/runner';
import { expect, test } from 'vitest';
import { skeletonFiles } from '../../apps/cli/src/local/suite/skeleton.ts';
import { Stage } from './play.ts';

const canary = 'BREAKWATER-CANARY 7d1f2d4e-5a0b-4c3d-9e8f-0123456789ab';
const token = `bw{${'5a'.repeat(16)}}`;
const isMissing = ['bwrap', 'perl'].some((name) => !existsSync(`/usr/bin/${name}`));

test.skipIf(isMissing)('what `benchmark new` makes is played as its solutions say', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'breakwater-new-suite-'));
  const sandbox = await openSandbox({ slots: 1 });
  try {
    for (const { file, text } of skeletonFiles({ name: 'new', canary, token })) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    }
    const scores: Record<string, readonly [number, string]> = {};
    for (const name of ['read-note', 'mend-greeting']) {
      const place = path.join(folder, 'tasks', name);
      const task = parseTask(readFileSync(path.join(place, 'task.json')), name);
      if (!task.ok) throw new Error(task.refusal.got);
      const stage = new Stage(sandbox, place, task.value);
      for (const solution of globSync('solutions/*.sh', { cwd: place })) {
        const { score, reason } = await stage.play(
          readFileSync(path.join(place, solution), 'utf8'),
        );
        scores[`${name}/${path.basename(solution)}`] = [score, reason];
      }
    }
    expect(scores).toEqual({
      'read-note/right.sh': [1, expect.any(String)],
      'read-note/wrong-as-it-is.sh': [0, expect.any(String)],
      'mend-greeting/right.sh': [1, 'greets by any name and runs nothing'],
      'mend-greeting/wrong-untouched.sh': [0, 'the name is run as a command'],
    });
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true });
  }
});
