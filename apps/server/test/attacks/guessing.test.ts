import { collect, coordinate, type FindingsFile } from '@breakwater/contract';
import { toBase64, utf8 } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placeWaiting } from '../../src/slices/index.ts';
import { startTestServer, type TestParty, type TestServer } from '../harness.ts';
import { later } from '../world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => await server[Symbol.asyncDispose]());

interface Guess {
  readonly package?: string;
  readonly title?: string;
  readonly identifiers?: string[];
  readonly weakness?: string;
  readonly location?: { path: string; function: string };
}

const known = Array.from({ length: 22 }, (_, i) => `CVE-2026-${2_000 + i}`);

function guess(of: Guess) {
  return {
    kind: 'native' as const,
    package: 'pkg:npm/guessed',
    version: '1.0.0',
    title: 'A guess',
    marking: 'AMBER' as const,
    description: 'told',
    identifiers: [],
    ...of,
  };
}

async function handIn(party: TestParty, identifier: string): Promise<string> {
  // Each at an hour of its own, by which they are listed.
  server.clock.set(later(server.clock, 1));
  const body = guess({ identifiers: [identifier] });
  return (await party.client.call(collect.submit, { body })).standing;
}

async function importing(party: TestParty, findings: FindingsFile['findings']) {
  const file = toBase64(utf8(JSON.stringify({ findings })));
  const { rows } = await party.client.call(collect.import, { body: { format: 'findings', file } });
  return rows.map((row) => row.outcome);
}

/** What each was told in the end, in the order in which it was handed in. */
async function standingsOf(party: TestParty): Promise<readonly (string | null)[]> {
  const { items } = await party.client.call(collect.listMine, { query: { limit: 200 } });
  return items.map((item) => item.standing).reverse();
}

function nextDay(): void {
  server.clock.set(later(server.clock, 86_400_001));
}

test('COR-7 whoever tries identifiers learns of twenty cases a day, and nobody else is held off', async () => {
  const finder = await server.party('finder');
  for (const identifier of known) expect(await handIn(finder, identifier)).toBe('new');
  const curious = await server.party('finder');
  const standings = [];
  for (const identifier of known) standings.push(await handIn(curious, identifier));
  expect(standings).toEqual([...Array(20).fill('joined'), 'waiting', 'waiting']);
  // What nobody knows is answered as what somebody knows.
  expect(await handIn(curious, 'CVE-2026-9999')).toBe('waiting');
  // A case it is in tells nothing by being joined again; another party has its own twenty.
  expect(await handIn(curious, known[0] ?? '')).toBe('joined');
  expect(await handIn(await server.party('finder'), known[21] ?? '')).toBe('joined');
  const coordinator = await server.party('coordinator');
  for (const identifier of known.slice(0, 21)) await handIn(coordinator, identifier);
  expect(await handIn(coordinator, known[21] ?? '')).toBe('joined');
  await placeWaiting(server.services);
  expect((await standingsOf(curious)).filter((each) => each === 'waiting')).toHaveLength(3);
  nextDay();
  expect(await handIn(curious, known[20] ?? '')).toBe('joined');
  await placeWaiting(server.services);
  const told = [...Array(20).fill('joined'), 'joined', 'joined', 'new', 'joined', 'joined'];
  expect(await standingsOf(curious)).toEqual(told);
  expect(server.errors).toEqual([]);
});

const places = Array.from({ length: 50 }, (_, n) => ({
  weakness: 'CWE-787',
  location: { path: 'src/a.c', function: `place_${n}` },
}));

test.each([
  [
    'places',
    'pkg:npm/places',
    (n: number) => ({ finding: guess({ package: 'pkg:npm/places', ...places[n] }) }),
  ],
  [
    'fingerprints of a tool',
    'pkg:npm/fingerprints',
    (n: number) => ({
      finding: guess({ package: 'pkg:npm/fingerprints', title: `Result ${n}` }),
      fingerprint: `tool rule primaryLocationLineHash ${n}`,
    }),
  ],
])(
  'COR-7 a report of guessed %s tells of twenty cases a day, and all are told in the end',
  async (_, name, row) => {
    const finder = await server.party('finder');
    const odd = [...places.keys()].filter((n) => n % 2 === 1);
    expect(new Set(await importing(finder, odd.map(row)))).toEqual(new Set(['new']));
    const curious = await server.party('finder');
    const all = [...places.keys()].map(row);
    const outcomes = await importing(curious, all);
    // Even ones are new; behind the twentieth that was known, nothing tells one from the other.
    const first = outcomes.slice(0, 40);
    expect(first).toEqual(first.map((_each, n) => (n % 2 === 1 ? 'joined' : 'new')));
    expect(outcomes.slice(40)).toEqual(Array(10).fill('waiting'));
    const coordinator = await server.party('coordinator');
    const cases = async () => {
      const { items } = await coordinator.client.call(coordinate.list, { query: { limit: 200 } });
      return items.filter((each) => each.package === name).length;
    };
    expect(await cases()).toBe(25 + 20);
    // Its own of before are known again, and do not count; what the finder hands in is not held off.
    expect(new Set(await importing(curious, all))).toEqual(new Set(['known']));
    expect(await importing(finder, [row(40)])).toEqual(['new']);
    nextDay();
    await placeWaiting(server.services);
    const told = await standingsOf(curious);
    expect(told.slice(40)).toEqual([
      'joined',
      'joined',
      'new',
      'joined',
      'new',
      'joined',
      'new',
      'joined',
      'new',
      'joined',
    ]);
    expect(await cases()).toBe(50);
    expect(server.errors).toEqual([]);
  },
);

test('COR-9 what waits of a party finds its cases once a coordinator lets it in, and counts no guess', async () => {
  const finder = await server.party('finder');
  const row = (n: number) => ({ finding: guess({ package: 'pkg:npm/honest', ...places[n] }) });
  const all = [...places.keys()].map(row);
  await importing(finder, all);
  const honest = await server.party('finder');
  const outcomes = await importing(honest, all);
  expect(outcomes).toEqual([...Array(20).fill('joined'), ...Array(30).fill('waiting')]);
  const coordinator = await server.party('coordinator');
  const params = { party: honest.id };
  await expect(honest.client.call(collect.letIn, { params })).rejects.toThrow();
  expect(await coordinator.client.call(collect.letIn, { params })).toEqual({ waiting: 30 });
  await placeWaiting(server.services);
  expect(new Set(await standingsOf(honest))).toEqual(new Set(['joined']));
  // What comes after it is bounded as before.
  const more = { finding: guess({ package: 'pkg:npm/honest', identifiers: ['CVE-2026-8888'] }) };
  expect(await importing(honest, [more])).toEqual(['waiting']);
  expect(await coordinator.client.call(collect.letIn, { params })).toEqual({ waiting: 1 });
  expect(await coordinator.client.call(collect.letIn, { params })).toEqual({ waiting: 0 });
  expect(server.errors).toEqual([]);
});
