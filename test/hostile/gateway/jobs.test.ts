import { afterEach, beforeEach, expect, test } from 'vitest';
import { insertKeyBy } from '../../../apps/server/src/slices/frontier/gateway/jobs/jobs.fixture.ts';
import {
  beginCall,
  insertJob,
  insertTemplate,
  markWithdrawn,
  takeJob,
} from '../../../apps/server/src/slices/frontier/gateway/jobs/store.ts';
import {
  idBy,
  start,
} from '../../../apps/server/src/slices/frontier/gateway/meters/meters.fixture.ts';
import { openTestDatabase, type TestDatabase } from '../../../apps/server/test/database.ts';

let opened: TestDatabase;
beforeEach(async () => {
  opened = await openTestDatabase();
});
afterEach(async () => {
  await opened[Symbol.asyncDispose]();
});

test('GAT-51 one party’s many jobs keep no other’s waiting; what was withdrawn is known by it', async () => {
  const { database } = opened;
  const template = idBy('template', 1);
  const scope = idBy('tier', 1);
  await database.write(async (tx) => {
    const words = { words_content: idBy('content', 1), output_max: 9, at: start };
    await insertTemplate(tx, { id: template, scope, developer: idBy('party', 9), ...words });
    for (const n of [1, 2]) {
      await insertKeyBy(tx, n);
    }
    for (const [n, party] of [1, 1, 1, 2].entries()) {
      const row = {
        ...{ id: idBy('job', n), key: idBy('gkey', party), template, at: start },
        ...{ party: idBy('party', party), inputs_content: idBy('content', 3), files_content: null },
      };
      await insertJob(tx, row, []);
    }
    await markWithdrawn(tx, template, start);
  });
  const taken = [];
  for (let n = 0; n < 5; n++) {
    taken.push(await database.write((tx) => takeJob(tx, { process: 'p-1', now: start })));
  }
  const [first, second, ...more] = taken;
  expect([first?.party, second?.party]).toEqual([idBy('party', 1), idBy('party', 2)]);
  expect(more.map((job) => job?.party ?? null)).toEqual([idBy('party', 1), idBy('party', 1), null]);
  const id = first?.id ?? expect.fail('expected a job');
  const begun = await database.write((tx) => beginCall(tx, id, start));
  expect(begun?.withdrawn_at).toBe(start);
});
