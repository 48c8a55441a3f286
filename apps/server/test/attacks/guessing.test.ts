import { collect } from '@breakwater/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from '../harness.ts';
import { later } from '../world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server[Symbol.asyncDispose]());

const known = Array.from({ length: 22 }, (_, i) => `CVE-2026-${2_000 + i}`);

async function handIn(party: TestParty, identifier: string): Promise<string> {
  const body = {
    kind: 'native' as const,
    package: 'pkg:npm/guessed',
    version: '1.0.0',
    title: 'A guess',
    marking: 'AMBER' as const,
    description: 'told',
    identifiers: [identifier],
  };
  return (await party.client.call(collect.submit, { body })).standing;
}

test('COR-7 whoever tries identifiers learns of twenty cases a day, and nobody else is held off', async () => {
  const finder = await server.party('finder');
  for (const identifier of known) expect(await handIn(finder, identifier)).toBe('new');
  const curious = await server.party('finder');
  const standings = [];
  for (const identifier of known) standings.push(await handIn(curious, identifier));
  expect(standings).toEqual([...Array(20).fill('joined'), 'new', 'new']);
  // A case it is in tells nothing by being joined again; another party has its own twenty.
  expect(await handIn(curious, known[0] ?? '')).toBe('joined');
  expect(await handIn(await server.party('finder'), known[21] ?? '')).toBe('joined');
  const coordinator = await server.party('coordinator');
  for (const identifier of known.slice(0, 21)) await handIn(coordinator, identifier);
  expect(await handIn(coordinator, known[21] ?? '')).toBe('joined');
  server.clock.set(later(server.clock, 86_400_001));
  expect(await handIn(curious, known[20] ?? '')).toBe('joined');
  expect(server.errors).toEqual([]);
});
