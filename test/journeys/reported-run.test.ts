import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  commitmentTo,
  proveMembership,
  readSealed,
  readSuite,
  sealedCommitments,
  sealSuite,
} from '@breakwater/benchmark';
import { runs, suites } from '@breakwater/contract';
import { suiteFolder } from '@breakwater/evaluator/files';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Reporting } from '../../apps/cli/src/api/evaluate/reporting.ts';
import { newLink, type RunLink, readLink } from '../../apps/cli/src/api/evaluate/run-link.ts';
import { createTerminal } from '../../apps/cli/src/terminal.ts';
import { runCli } from '../../apps/cli/test/run-cli.ts';
import { beginRun, resumeRun } from '../../apps/evaluator/src/run/run.ts';
import { memoryWorlds } from '../../apps/evaluator/test/memory-world.ts';
import { runAsked, runGiven } from '../../apps/evaluator/test/run-asked.ts';
import { startScriptedModel } from '../../apps/evaluator/test/scripted-model.ts';
import { smallSuite } from '../../apps/evaluator/test/small-suite.ts';
import { solve } from '../../apps/evaluator/test/tasks.ts';
import {
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../apps/server/test/harness.ts';
import { expectHealthy } from './story.ts';

// A run at an evaluator's machine that tells a server of itself: real server, scripted model,
// worlds in memory.

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startTestServer();
  folder = await mkdtemp(path.join(tmpdir(), 'breakwater-reported-'));
});
afterAll(async () => {
  expectHealthy(server);
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

let worker: TestParty;
let place: string;
beforeEach(async () => {
  worker = await server.party('evaluator', 'Worker');
  place = await mkdtemp(path.join(folder, 'of-one-test-'));
});

/** The line to the server: open, cut, or one on which answers are lost. */
async function startLine() {
  const line: { state: 'open' | 'cut' | 'deaf' } = { state: 'open' };
  const proxy = createServer((request, response) => {
    void (async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk);
      if (line.state === 'cut') return response.destroy();
      const { authorization = '', 'idempotency-key': key, accept = '' } = request.headers;
      const answer = await fetch(`${server.address}${request.url}`, {
        method: request.method ?? 'GET',
        headers: {
          accept,
          authorization,
          'content-type': 'application/json',
          ...(typeof key === 'string' && { 'idempotency-key': key }),
        },
        body: request.method === 'POST' ? Buffer.concat(chunks) : null,
      });
      if (line.state === 'deaf') return response.destroy();
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      return response.end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    line,
    address: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      proxy.closeAllConnections();
      await new Promise((closed) => proxy.close(closed));
    },
  };
}

function reporting(link: RunLink, isNew: boolean) {
  const said: string[] = [];
  const sink = { write: (data: string | Uint8Array) => said.push(String(data)) };
  const context = {
    terminal: createTerminal(sink, sink),
    environment: {
      server: undefined,
      key: worker.key,
      ...{ dataDirectory: '/nowhere', cacheDirectory: '/nowhere', localDirectory: '/nowhere' },
      variables: {},
    },
    signal: new AbortController().signal,
    stdin: (async function* () {})(),
  };
  const to = new Reporting({
    folder: path.join(place, 'run'),
    link,
    isNew,
    given: { args: [], options: {} },
    context,
    sleep: async (_, signal) => await sleep(10, undefined, { signal }),
  });
  const lent = (signal?: AbortSignal) => ({
    ...runGiven(memoryWorlds(), signal),
    onProgress: (progress: { done: number; turns: number }) => to.tell(progress),
    onReady: async (file: Parameters<Reporting['ready']>[0]) => await to.ready(file),
  });
  return { to, lent, said };
}

/** A suite, committed to, and sealed on the server. */
async function sealedSuite() {
  const suite = await smallSuite(place);
  const committed = await runCli(['benchmark', 'commit', suite]);
  expect(committed.code).toBe(0);
  const sealed = readSealed(await readFile(`${suite}.sealed.json`));
  const read = await readSuite(suiteFolder(suite));
  if (!sealed.ok || !read.ok) throw new Error('not sealed');
  const commitments = sealedCommitments(sealed.value, read.value.items);
  if (!commitments.ok) throw new Error(commitments.refusal.got);
  const { suite: id } = await worker.client.call(suites.seal, {
    body: {
      title: 'Small',
      commitment: sealed.value.root,
      items: commitments.value.map((commitment) => ({ commitment })),
    },
  });
  return { suite, id, sealed: sealed.value };
}

const runsThere = async () => (await worker.client.call(runs.runs)).items;

test('a run tells a server how far it is, and its log is taken in with the items it is of', async () => {
  const { suite, id, sealed } = await sealedSuite();
  await using model = await startScriptedModel({ answer: solve });
  const { to, lent, said } = reporting(newLink({ suiteId: id }, server.address), true);
  const asked = { ...runAsked(suite, model.openai), sealed, limits: { turns: 9 } };
  const done = await beginRun(path.join(place, 'run'), asked, lent());
  if (!done.ok) throw new Error(done.refusal.got);
  const [running] = await runsThere();
  expect(running).toMatchObject({ suite: id, state: 'running', limits: { turns: 9 } });
  const handed = await to.end(done.value.log);
  expect(handed).toEqual({ state: 'taken-in', run: running?.id });
  const run = await worker.client.call(runs.run, { params: { run: running?.id ?? no() } });
  expect(run).toMatchObject({
    state: 'taken-in',
    model: 'openai/scripted-1',
    progress: { planned: 3, samples: 3 },
    figures: { samples: 3, all: { value: done.value.accuracy, n: 3 } },
  });
  expect(run.progress?.turns).toBe(model.asked.length);
  expect(said.join('')).toContain(run.id);
  expect(JSON.stringify(await readLink(path.join(place, 'run')))).not.toContain(worker.key);
});

test('a server that is away stops no run; its log is sent later, and its run begun once', async () => {
  const suite = await smallSuite(place);
  await using model = await startScriptedModel({ answer: solve });
  await using there = await startLine();
  there.line.state = 'cut';
  const { to, lent, said } = reporting(newLink({}, there.address), true);
  const run = path.join(place, 'run');
  const done = await beginRun(run, runAsked(suite, model.openai), lent());
  if (!done.ok) throw new Error(done.refusal.got);
  expect(await to.end(done.value.log)).toMatchObject({ state: 'away' });
  expect(said.join('')).toContain('the run goes on');
  const at = { key: worker.key };
  expect((await runCli(['benchmark', 'send', run, '--server', 'http://x'], at)).err).toMatch(
    /address-refused/,
  );
  there.line.state = 'open';
  const sent = await runCli(['benchmark', 'send', run, '--json'], at);
  expect([sent.code, sent.json()]).toMatchObject([0, { server: { state: 'taken-in' } }]);
  expect((await runCli(['benchmark', 'send', run], at)).code).toBe(0);
  expect(await runsThere()).toMatchObject([{ state: 'taken-in', suite: null }]);
}, 30_000);

test('a run that was killed goes on as the same one, though the answer that named it was lost', async () => {
  const suite = await smallSuite(place);
  await using there = await startLine();
  there.line.state = 'deaf';
  const killed = new AbortController();
  await using model = await startScriptedModel({
    answer: (asked) => {
      if (model.asked.length === 4) killed.abort(new Error('killed'));
      return solve(asked);
    },
  });
  const first = reporting(newLink({}, there.address), true);
  const run = path.join(place, 'run');
  const begun = beginRun(run, runAsked(suite, model.openai), first.lent(killed.signal));
  await expect(begun).rejects.toThrow();
  await first.to.end(null);
  expect((await runsThere()).length).toBe(1);
  const link = (await readLink(run)) ?? no();
  expect(link.run).toBe(null);
  there.line.state = 'open';
  const second = reporting(link, false);
  const done = await resumeRun(run, second.lent());
  if (!done.ok) throw new Error(done.refusal.got);
  const [one, ...others] = await runsThere();
  expect(await second.to.end(done.value.log)).toEqual({ state: 'taken-in', run: one?.id });
  expect(others).toEqual([]);
});

test('what the server has otherwise ends a new run before a model is asked', async () => {
  const { suite, sealed } = await sealedSuite();
  await using model = await startScriptedModel({ answer: solve });
  const { suite: other } = await worker.client.call(suites.seal, await elsewhere());
  const begin = async (link: RunLink, name: string) => {
    const { lent } = reporting(link, true);
    const asked = { ...runAsked(suite, model.openai), sealed };
    await beginRun(path.join(place, 'run', name), asked, lent());
  };
  await expect(begin(newLink({ suiteId: other }, server.address), 'a')).rejects.toThrow(
    /sealed as/,
  );
  const { run } = await worker.client.call(runs.beginRun, {
    body: { model: 'openai/other', limits: {}, contamination: 'unknown' },
  });
  await expect(begin(newLink({ runId: run }, server.address), 'b')).rejects.toThrow(/the model/);
  expect(() => newLink({ suiteId: run }, server.address)).toThrow(/an id of the server/);
  expect(model.asked).toEqual([]);
});

/** Another suite, as it is sealed on the server. */
async function elsewhere() {
  const read = await readSuite(
    suiteFolder(path.resolve(import.meta.dirname, '../../suites/first-light')),
  );
  if (!read.ok) throw new Error(read.refusal.got);
  const [item] = read.value.items;
  const sealed = sealSuite(item === undefined ? [] : [item], [new Uint8Array(32).fill(7)]);
  const { commitment } = await proveMembership(commitmentTo(sealed), 0);
  return { body: { title: 'Other', commitment: sealed.root, items: [{ commitment }] } };
}

function no(): never {
  throw new Error('not there');
}
