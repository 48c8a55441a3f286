import { randomUUID } from 'node:crypto';
import { collect, coordinate, prioritize } from '@breakwater/contract';
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

  test('twelve at the same moment get the same answer, though the act can be done but once', async () => {
    const { case: caseId } = await finder.client.call(collect.submit, { body: finding('invited') });
    if (caseId === null) throw new Error('expected a case');
    const owner = await server.party('owner');
    const wish = {
      params: { case: caseId },
      body: { party: owner.id, reason: 'they asked' },
      idempotencyKey: randomUUID(),
    };
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => coordinator.client.call(coordinate.inviteOwner, wish)),
    );
    expect(answers).toEqual(Array(12).fill({ case: caseId, outcome: 'handed-over' }));
  });

  test('a refusal keeps nothing: the same key may be tried again once the world has changed', async () => {
    const handedIn = await finder.client.call(collect.submit, { body: finding('later') });
    const caseId = handedIn.case;
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
      `insert into validate.validation (id, case_id, finding, recipe, recipe_digest, attempts,
         requested_by, requested_at, finished_at, verdict)
       values ('validation_later', '${caseId}', '${handedIn.finding}', 'r', 'd', 5, 'system',
         now(), now(), 'reproduced')`,
    );
    expect(await invite()).toEqual({ case: caseId, outcome: 'handed-over' });
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
