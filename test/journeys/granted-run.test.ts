import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { earlyAccess } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newAccess, RunAccess } from '../../apps/cli/src/api/early-access/run-access.ts';
import { createTerminal } from '../../apps/cli/src/terminal.ts';
import { Access } from '../../apps/evaluator/src/access/access.ts';
import { openLog, runInMemory } from '../../apps/evaluator/test/run-in-memory.ts';
import { type Script, startScriptedModel } from '../../apps/evaluator/test/scripted-model.ts';
import { solve, someTasks } from '../../apps/evaluator/test/tasks.ts';
import {
  acceptAll,
  addService,
  type Engaged,
  engageModel,
  openWindow,
} from '../../apps/server/test/accessing.ts';
import {
  type SignedIn,
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../apps/server/test/harness.ts';
import { expectHealthy } from './story.ts';

// A run at an evaluator's machine by a grant of early access: real server, real HTTP, scripted
// model, worlds in memory.

let server: TestServer;
let engaged: Engaged;
let agency: TestParty;
let person: SignedIn;
let service: Awaited<ReturnType<typeof addService>>;
let place: string;
beforeAll(async () => {
  server = await startTestServer();
  const developer = await server.party('developer', 'Lab');
  const liaison = await server.party('liaison', 'Liaison');
  agency = await server.party('evaluator', 'Agency');
  person = await server.signIn(agency, 'Dana');
  service = await addService(server, { party: agency.id, by: person });
  engaged = await engageModel({ developer, liaison });
  place = await mkdtemp(path.join(tmpdir(), 'breakwater-granted-'));
});
afterAll(async () => {
  expectHealthy(server);
  await server[Symbol.asyncDispose]();
  await rm(place, { recursive: true });
});

/** The evaluator's service inside an open window, its person having accepted all six. */
async function granted(): Promise<{ window: Id<'window'>; grant: Id<'grant'> }> {
  const { window } = await openWindow(engaged);
  const { grant } = await engaged.developer.client.call(earlyAccess.addPerson, {
    params: { window },
    body: { member: service.member, person: person.member },
  });
  await acceptAll(person, grant);
  return { window, grant };
}

function accessBy(grant: string, address = server.address) {
  const sink = { write: () => true };
  const context = {
    terminal: createTerminal(sink, sink),
    environment: {
      server: undefined,
      key: service.key,
      ...{ dataDirectory: '/nowhere', cacheDirectory: '/nowhere', localDirectory: '/nowhere' },
      variables: {},
    },
    signal: new AbortController().signal,
    stdin: (async function* () {})(),
  };
  const link = newAccess({ grant, purpose: 'Two tasks of the suite.' }, address);
  if (link === null) throw new Error('expected a link');
  return new RunAccess(link, { given: { args: [], options: {} }, context });
}

async function play(access: RunAccess, script: Script, name: string) {
  await using model = await startScriptedModel(script);
  const run = await runInMemory({
    jobs: someTasks(2, 1),
    model,
    workers: 1,
    folder: path.join(place, name),
    around: { access: new Access(access) },
  });
  await access.end();
  return { run, asked: model.asked.length };
}

const ends = async (log: string) => {
  const opened = await openLog(log);
  const found = [];
  for (const id of ['task-0', 'task-1']) {
    const sample = await opened.sample({ id, epoch: 1 });
    if (!sample.ok) throw new Error('no sample');
    found.push(sample.value.head.metadata?.['breakwater']);
  }
  return found;
};

test('EAR-10 EAR-17 every call is asked for, and the developer sees who used it, for what and how often', async () => {
  const { window, grant } = await granted();
  const { asked } = await play(accessBy(grant), { answer: solve }, 'whole');
  expect(asked).toBe(14);
  const { client } = engaged.developer;
  const list = await client.call(earlyAccess.accessList, { params: { window } });
  expect(list.items).toMatchObject([{ id: grant, uses: 1, calls: 14, active: true }]);
  const uses = await client.call(earlyAccess.uses, { params: { grant } });
  expect(uses.items).toMatchObject([
    { purpose: 'Two tasks of the suite.', calls: 14, endedAt: expect.any(String) },
  ]);
});

test('EAR-11 EAR-17 revocation cuts off a call that is under way, and the log says why the run stopped', async () => {
  const { grant } = await granted();
  const script: Script = {
    answer(asked) {
      // The third answer begins and goes on for longer than the test may last.
      if (asked.turn < 2) return solve(asked);
      void engaged.developer.client.call(earlyAccess.revoke, { params: { grant }, body: {} });
      return { text: 'so '.repeat(1_000), pieceMs: 20_000 };
    },
  };
  const { run, asked } = await play(accessBy(grant), script, 'revoked');
  expect(asked).toBe(3);
  const end = { kind: 'failed', code: 'access-over', message: 'not-active: revoked' };
  expect(await ends(run.place)).toMatchObject([{ end }, { end }]);
});

test('EAR-17 a server that cannot be asked is a no: the model is not called', async () => {
  const { grant } = await granted();
  const { run, asked } = await play(
    // Nothing listens at port 9.
    accessBy(grant, 'http://127.0.0.1:9'),
    { answer: solve },
    'away',
  );
  expect(asked).toBe(0);
  expect(await ends(run.place)).toMatchObject([
    { end: { code: 'access-over' } },
    { end: { code: 'access-over' } },
  ]);
});
