import { collect, coordinate, correlate, example } from '@breakwater/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readStory } from '../../src/slices/oversight/example/story.ts';
import { startTestServer, type TestServer } from '../harness.ts';
import { idle, until } from '../world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server[Symbol.asyncDispose]());

test('EXA-3 what somebody else handed in outlives an example whose case it joined', async () => {
  const { client } = await server.party('coordinator');
  const finder = await server.party('finder');
  await client.call(example.load);
  await until(async () => {
    expect((await client.call(example.get)).state).toBe('loaded');
  });
  await idle(server);
  const story = await readStory();
  const body = collect.submit.body.parse({ ...story?.native[1], title: 'A real report' });
  const sent = await finder.client.call(collect.submit, { body });
  if (sent.case === null) throw new Error('expected a case');
  expect(sent.standing).toBe('joined');
  const params = { case: sent.case };
  await client.call(coordinate.say, { params, body: { text: 'A real message' } }).catch(() => {});
  await expect(client.call(example.remove)).rejects.toMatchObject({
    problem: { code: 'example-joined' },
  });
  expect((await client.call(coordinate.get, { params })).id).toBe(sent.case);
  // Split off, it stands for itself, and the example may go.
  const split = await client.call(correlate.split, {
    params,
    body: { findings: [sent.finding], reason: 'The example goes' },
  });
  await client.call(example.remove);
  const own = await client.call(coordinate.get, { params: { case: split.case } });
  expect(own).toMatchObject({ title: 'A real report', findings: 1 });
  const kept = await finder.client.call(collect.get, { params: { finding: sent.finding } });
  expect(kept).toMatchObject({ title: 'A real report', case: split.case });
  expect((await client.call(coordinate.list)).items.map(({ id }) => id)).toEqual([split.case]);
  expect(server.errors).toEqual([]);
});
