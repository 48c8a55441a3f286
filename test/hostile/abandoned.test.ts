import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { Arena } from './arena.ts';

for (const limitsBy of ['best', 'rlimits'] as const) {
  const arena = new Arena(limitsBy);

  it(`dies with the process that started it, SIGKILLed (limits ${limitsBy})`, async () => {
    const script = new URL('./abandoned.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [script, limitsBy, arena.mark], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await until(() => arena.survivors().length >= 3);
    child.kill('SIGKILL');
    await ended;
    await until(() => arena.survivors().length === 0);
    expect(await arena.lines('print "on\\n"')).toEqual(['on']);
  });
}

/** The test's own time limit ends the waiting. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
