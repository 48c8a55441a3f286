import { randomUUID } from 'node:crypto';
import { collect, coordinate, prioritize, type Role } from '@breakwater/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';

let server: TestServer;
let finder: TestParty;
let coordinator: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  finder = await server.party('finder');
  coordinator = await server.party('coordinator');
});
afterAll(async () => await server[Symbol.asyncDispose]());

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

async function rows(table: string): Promise<number> {
  const { rows } = await server.services.database.raw(`select count(*) as n from ${table}`);
  return Number(rows[0]?.['n']);
}

describe('one Idempotency-Key, one act', () => {
  test('the same request again answers the same and does nothing twice', async () => {
    const idempotencyKey = randomUUID();
    const send = () =>
      finder.client.call(collect.submit, { body: finding('once'), idempotencyKey });
    const first = await send();
    const before = [await rows('collect.finding'), await rows('journal.entry')];
    expect(await send()).toEqual(first);
    expect([await rows('collect.finding'), await rows('journal.entry')]).toEqual(before);
  });

  test('another request under the same key is refused', async () => {
    const idempotencyKey = randomUUID();
    await finder.client.call(collect.submit, { body: finding('one'), idempotencyKey });
    const before = await rows('collect.finding');
    const again = finder.client.call(collect.submit, { body: finding('two'), idempotencyKey });
    await expect(again).rejects.toMatchObject({ problem: { code: 'idempotency-key-reused' } });
    expect(await rows('collect.finding')).toBe(before);
  });

  test('a key belongs to its party: another may use the same one', async () => {
    const idempotencyKey = randomUUID();
    const other = await server.party('finder');
    const first = await finder.client.call(collect.submit, {
      body: finding('mine'),
      idempotencyKey,
    });
    const second = await other.client.call(collect.submit, {
      body: finding('mine'),
      idempotencyKey,
    });
    expect(second.finding).not.toBe(first.finding);
  });

  test('twelve at the same moment are one', async () => {
    const idempotencyKey = randomUUID();
    const before = await rows('collect.finding');
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        finder.client.call(collect.submit, { body: finding('at once'), idempotencyKey }),
      ),
    );
    expect(new Set(answers.map((a) => a.finding)).size).toBe(1);
    expect(await rows('collect.finding')).toBe(before + 1);
  });

  test('a refusal keeps nothing: the same key may be tried again once the world has changed', async () => {
    const { case: caseId } = await finder.client.call(collect.submit, { body: finding('later') });
    if (caseId === null) throw new Error('expected a case');
    const owner = await server.party('owner');
    const idempotencyKey = randomUUID();
    const invite = () =>
      coordinator.client.call(coordinate.inviteOwner, {
        params: { case: caseId },
        body: { party: owner.id },
        idempotencyKey,
      });
    await expect(invite()).rejects.toMatchObject({ problem: { code: 'not-reproduced' } });
    await server.services.database.raw(
      `update coordinate.room set stage = 'reproduced' where id = '${caseId}'`,
    );
    expect(await invite()).toEqual({ case: caseId });
  });

  test('a score sent again is the first one, though the clock went on', async () => {
    const { case: caseId } = await finder.client.call(collect.submit, { body: finding('scored') });
    if (caseId === null) throw new Error('expected a case');
    const idempotencyKey = randomUUID();
    const score = () =>
      coordinator.client.call(prioritize.score, {
        params: { case: caseId },
        body: { exploitation: 'active' },
        idempotencyKey,
      });
    const first = await score();
    server.clock.set('2026-03-09T08:00:00.000Z' as typeof first.at); // spelled as kernel does
    expect(await score()).toEqual(first);
  });
});

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

type Now = Parameters<TestServer['clock']['set']>[0];

describe('keys of the directory', () => {
  const whoAmI = (key: string) => server.send({ method: 'GET', path: '/v1/me', key });

  test('unknown, malformed, revoked and expired keys look alike', async () => {
    const { administrator } = server;
    const { directory } = await import('@breakwater/contract');
    const { id } = await administrator.call(directory.addParty, {
      body: { name: 'Keyed', role: 'finder' satisfies Role },
    });
    const add = (expiresAt?: Now) =>
      administrator.call(directory.addKey, {
        params: { party: id },
        body: { label: 'k', ...(expiresAt === undefined ? {} : { expiresAt }) },
      });
    const revoked = await add();
    const expiring = await add('2026-06-01T00:00:00.000Z' as Now);
    expect((await whoAmI(revoked.key)).status).toBe(200);
    expect((await whoAmI(expiring.key)).status).toBe(200);
    await administrator.call(directory.revokeKey, { params: { key: revoked.id } });
    server.clock.set('2026-06-01T00:00:00.000Z' as Now);
    const answers = [];
    for (const key of [revoked.key, expiring.key, `bw_${'0'.repeat(43)}`, 'bw_', 'x']) {
      const answer = await whoAmI(key);
      answers.push([answer.status, await answer.text()].join(' '));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^401 /);
  });

  test('a key with a scope may call what is in it and nothing else', async () => {
    const { directory } = await import('@breakwater/contract');
    const { key } = await server.administrator.call(directory.addKey, {
      params: { party: finder.id },
      body: { label: 'narrow', scope: ['collect.list'] },
    });
    expect((await server.send({ method: 'GET', path: '/v1/findings', key })).status).toBe(200);
    expect((await server.send({ method: 'GET', path: '/v1/cases', key })).status).toBe(403);
  });

  test('an API key is stored as a hash alone, and shown once', async () => {
    const { directory } = await import('@breakwater/contract');
    const wish = {
      params: { party: finder.id },
      body: { label: 'once' },
      idempotencyKey: randomUUID(),
    };
    const { key } = await server.administrator.call(directory.addKey, wish);
    const { rows } = await server.services.database.raw(
      `select (select string_agg(k::text, '') from directory.api_key k) ||
              (select string_agg(i::text, '') from platform.idempotency i) ||
              (select string_agg(e::text, '') from journal.entry e) as everything`,
    );
    expect(String(rows[0]?.['everything'])).not.toContain(key.slice(3));
    await expect(server.administrator.call(directory.addKey, wish)).rejects.toMatchObject({
      problem: { code: 'idempotency-key-reused' },
    });
  });

  test('an erased name is gone from the next answer on', async () => {
    const { directory, record } = await import('@breakwater/contract');
    const named = await server.party('finder', 'Known Name');
    const me = () => named.client.call(directory.whoAmI);
    expect((await me()).party.name).toBe('Known Name');
    expect(await server.services.directory.nameOf(named.id)).toBe('Known Name');
    const { rows } = await server.services.database.raw(
      `select name_content from directory.party where id = '${named.id}'`,
    );
    await server.administrator.call(record.erase, {
      params: { content: String(rows[0]?.['name_content']) as never }, // an id of ours, from a row
      body: { reason: 'asked for it' },
    });
    expect((await me()).party.name).toBe('(erased)');
    expect(await server.services.directory.nameOf(named.id)).toBe('(erased)');
  });
});
