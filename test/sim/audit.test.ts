import path from 'node:path';
import { expect, test } from 'vitest';
import { logKeysText } from '../../apps/server/src/platform/journal/log-keys.ts';
import type { Services } from '../../apps/server/src/services.ts';
import { startTestServer } from '../../apps/server/test/harness.ts';
import { auditHistory, auditJournal } from './audit-log.ts';

test('the auditor of the journal finds what was lost, doubled or changed', async () => {
  await using server = await startTestServer();
  const { id } = await server.party('finder');
  for (let n = 0; n < 25; n++) await server.services.sequencer.tick();
  const { database } = server.database;
  const vkeys = keysOf(server.services);
  const log = { directory: path.join(server.dataDirectory, 'log'), vkeys };
  const added = { operation: 'directory.add-party', params: {}, output: { id } };
  expect(await auditJournal(database, log, [added])).toEqual([]);

  const never = { ...added, output: { id: 'party_never' } };
  expect(await auditJournal(database, log, [never])).toHaveLength(1);

  const act = "act = 'directory.party-added'";
  await database.raw(`insert into journal.entry select id || 'x', at, subject, act, actor, content,
    salt, commitment, batch, index from journal.entry where ${act}`);
  expect(await auditJournal(database, log, [added])).toHaveLength(2);
  await database.raw(`delete from journal.entry where id like '%x'`);

  await database.raw(`update journal.entry set content = '{"id":"${id}"}' where ${act}`);
  expect(await auditJournal(database, log, [added])).toHaveLength(1);
});

test('the auditor of the history finds a checkpoint that the log does not continue', async () => {
  await using server = await startTestServer();
  await using other = await startTestServer();
  for (const each of [server, other]) await each.services.sequencer.tick();
  const directory = path.join(server.dataDirectory, 'log');
  const vkeys = keysOf(server.services);
  const [own, foreign] = [server, other].map((each) => each.services.sequencer.checkpoint());
  if (own === null || own === undefined || foreign === null || foreign === undefined)
    throw new Error('expected two checkpoints');
  expect(await auditHistory(directory, vkeys, [own])).toEqual([]);
  expect(await auditHistory(directory, vkeys, [foreign])).toHaveLength(1);
});

function keysOf({ signer, logOrigin }: Services): readonly string[] {
  return logKeysText(signer, logOrigin).trim().split('\n');
}
