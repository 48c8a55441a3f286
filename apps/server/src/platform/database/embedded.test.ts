import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DirectoryInUse, openEmbedded, runningAddress } from './embedded.ts';

let directory: string;
beforeEach(async ({ skip }) => {
  directory = await mkdtemp(path.join(tmpdir(), 'breakwater-embedded-'));
  skip(
    process.env['BREAKWATER_TEST_DATABASE'] === 'postgres',
    'done in the run on the embedded database',
  );
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

describe('one directory, one process', () => {
  test('a second one is told that the directory is in use', async () => {
    const first = await openEmbedded(directory);
    await expect(openEmbedded(directory)).rejects.toThrow(DirectoryInUse);
    await first.raw('select 1');
    await first.close();
    await (await openEmbedded(directory)).close();
  });

  test('a process killed without warning takes its database along and leaves no lock', async () => {
    const script = `
      import { openEmbedded } from ${JSON.stringify(path.join(import.meta.dirname, 'embedded.ts'))};
      const db = await openEmbedded(${JSON.stringify(directory)});
      await db.raw('create table kept (id int)');
      await db.raw('insert into kept values (1)');
      process.stdout.write('ready');
      setInterval(() => {}, 1000);`;
    const server = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(server.stdout, 'data');
    const databases = await processesOf(directory);
    expect(databases).toHaveLength(1);
    server.kill('SIGKILL');
    await once(server, 'exit');
    const again = await openEmbedded(directory);
    expect(await processesOf(directory)).not.toContain(databases[0]);
    expect((await again.raw('select id from kept')).rows).toEqual([{ id: 1 }]);
    await again.close();
  });

  test('a killed database process rejects what is asked of it, and opens again', async () => {
    const db = await openEmbedded(directory);
    await db.raw('create table kept (id int)');
    const [pid] = await processesOf(directory);
    if (pid === undefined) throw new Error('expected a database process');
    process.kill(pid, 'SIGKILL');
    await expect(db.raw('select 1')).rejects.toThrow();
    await vi.waitFor(async () => expect(await processesOf(directory)).toEqual([]));
    await db.close();
    const again = await openEmbedded(directory);
    expect((await again.raw('select id from kept')).rows).toEqual([]);
    await again.close();
  });

  test('closing twice is closing once', async () => {
    const db = await openEmbedded(directory);
    await db.close();
    await db.close();
  });
});

test('no address is known where none was written down', async () => {
  expect(await runningAddress(directory)).toBeNull();
});

/** Ids of the processes that serve `directory`. */
async function processesOf(directory: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const words = line.split('\0');
    if (words.includes(directory) && words.some((w) => w.endsWith('embedded-process.ts'))) {
      found.push(Number(name));
    }
  }
  return found;
}
