import { readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ownFolder } from '../../test/run-in-memory.ts';
import { LogFile } from '../log/log-file.ts';
import { Journal } from './journal.ts';
import { JournalRecord } from './records.ts';

test('neither journal nor log is opened through a link: what is none of ours is cut off there', async () => {
  await using folder = await ownFolder();
  const secret = path.join(folder.path, 'secret');
  await writeFile(secret, 'one line that is not ours');
  for (const name of ['journal.jsonl', 'run.eval']) await symlink(secret, place(name));
  function place(name: string): string {
    return path.join(folder.path, name);
  }
  await expect(Journal.open(place('journal.jsonl'), JournalRecord)).rejects.toThrow('ELOOP');
  const start = {
    eval: { created: '', task: 'x', dataset: {}, model: 'm', config: {} },
    plan: {},
  };
  await expect(LogFile.open(place('run.eval'), start)).rejects.toThrow('ELOOP');
  expect(await readFile(secret, 'utf8')).toBe('one line that is not ours');
});
