import { collect } from '@breakwater/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';

let server: TestServer;
let finder: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  finder = await server.party('finder');
});
afterAll(async () => await server[Symbol.asyncDispose]());

type Now = Parameters<TestServer['clock']['set']>[0];

function finding(title: string) {
  return {
    kind: 'native' as const,
    package: 'pkg:npm/ini',
    version: '1.3.5',
    title,
    marking: 'AMBER' as const,
    description: 'told',
    identifiers: [],
  };
}

describe('keyset pages', () => {
  test('walk everything once, in order, also while others are handing in', async () => {
    const reader = await server.party('finder');
    const submit = (title: string) => reader.client.call(collect.submit, { body: finding(title) });
    const there = new Set<string>();
    for (let i = 0; i < 7; i++) there.add((await submit(`page ${i}`)).finding);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await reader.client.call(collect.list, {
        query: { limit: 2, ...(after === undefined ? {} : { after }) },
      });
      seen.push(...page.items.map((f) => f.id));
      after = page.next ?? undefined;
      // Newer ones come before the first page, never into a later one.
      server.clock.set(new Date(Date.parse(server.clock.now()) + 1000).toISOString() as Now);
      await submit('meanwhile');
    } while (after !== undefined);
    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(there);
  });

  test.each(['0', '201', '-1', '1.5', 'x', ''])('limit=%s is refused', async (limit) => {
    const path = `/v1/findings?limit=${limit}`;
    const answer = await server.send({ method: 'GET', path, key: finder.key });
    expect(answer.status).toBe(400);
  });

  test('a cursor that is none of ours is refused, one that points nowhere ends the walk', async () => {
    const ask = async (after: string) =>
      await server.send({ method: 'GET', path: `/v1/findings?after=${after}`, key: finder.key });
    expect((await ask('%27%20or%201=1')).status).toBe(400);
    expect(await (await ask('finding_none')).json()).toEqual({ items: [], next: null });
  });
});
