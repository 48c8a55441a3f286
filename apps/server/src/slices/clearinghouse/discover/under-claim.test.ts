import { claims, discover, validate } from '@breakwater/contract';
import { addMilliseconds, digestOf, ok, toBase64, utf8 } from '@breakwater/kernel';
import { expect, test, vi } from 'vitest';
import { morning, startTestServer, type TestServer } from '../../../../test/harness.ts';
import { scriptedProving } from '../../../../test/proving.ts';
import type { Proving } from '../../../platform/sandbox/proving.ts';

const target = 'pkg:deb/debian/cjson';
const inADay = addMilliseconds(morning, 86_400_000);

async function openServer(): Promise<TestServer> {
  const script = { validation: 'reproduced', patch: 'verified', fault: null } as const;
  const proving: Proving = { ...scriptedProving(script), fuzz: async () => ok(foundNothing) };
  return await startTestServer({ proving });
}

async function addRecipe(server: TestServer) {
  const coordinator = await server.party('coordinator');
  const files = { 'recipe.json': toBase64(utf8(JSON.stringify({ package: target }))) };
  await coordinator.client.call(validate.addRecipe, { body: { name: 'cjson', files } });
  return coordinator;
}

const scope = {
  targets: [target],
  places: [],
  except: [],
  methods: ['fuzz' as const],
  weaknesses: [],
  exceptWeaknesses: [],
};

test('DCF-16: a campaign is made a claim, which is released with what came of it', async () => {
  await using server = await openServer();
  const coordinator = await addRecipe(server);
  const body = { recipe: 'cjson', seconds: 5 };
  const { campaign } = await coordinator.client.call(discover.start, { body });
  const { claim } = await coordinator.client.call(discover.get, { params: { campaign } });
  if (claim === null) throw new Error('expected a claim');
  await vi.waitFor(
    async () => {
      const made = await coordinator.client.call(claims.get, { params: { claim } });
      expect(made).toMatchObject({ state: 'released', scope: { targets: [target] } });
    },
    { timeout: 20_000 },
  );
  const map = await coordinator.client.call(claims.map, { body: { target, days: 1 } });
  expect(map.items.map(({ when, outcome }) => [when, outcome])).toEqual([
    ['before', 'nothing-found'],
  ]);
});

test('DCF-16: where somebody fuzzes alone no campaign begins; under a claim of its own one does', async () => {
  await using server = await openServer();
  const coordinator = await addRecipe(server);
  const lab = await server.party('finder');
  const term = { sharing: 'alone' as const, until: inADay, listed: true };
  const held = await lab.client.call(claims.claim, { body: { scope, ...term } });
  const body = { recipe: 'cjson', seconds: 5 };
  const barred = coordinator.client.call(discover.start, { body });
  await expect(barred).rejects.toMatchObject({ problem: { code: 'claim-conflict' } });
  if (held.claim === null) throw new Error('expected a claim');
  const foreign = coordinator.client.call(discover.start, {
    body: { ...body, claim: held.claim },
  });
  await expect(foreign).rejects.toMatchObject({ problem: { code: 'claim-lost' } });
  await lab.client.call(claims.release, { params: { claim: held.claim }, body: { covered: [] } });
  const less = { ...scope, weaknesses: ['CWE-79'] };
  const narrow = await coordinator.client.call(claims.claim, { body: { scope: less, ...term } });
  if (narrow.claim === null) throw new Error('expected a claim');
  const elsewhere = coordinator.client.call(discover.start, {
    body: { ...body, claim: narrow.claim },
  });
  await expect(elsewhere).rejects.toMatchObject({ problem: { code: 'claim-elsewhere' } });
  const own = await coordinator.client.call(claims.claim, { body: { scope, ...term } });
  if (own.claim === null) throw new Error('expected a claim');
  const { campaign } = await coordinator.client.call(discover.start, {
    body: { ...body, claim: own.claim },
  });
  const started = await coordinator.client.call(discover.get, { params: { campaign } });
  expect(started.claim).toBe(own.claim);
});

const foundNothing = {
  kind: 'campaign',
  recipe: { digest: digestOf(utf8('recipe')), title: 'scripted', package: target, identifiers: [] },
  version: '1.7.15-1',
  outcome: 'nothing-found',
  reason: 'nothing crashed',
  found: [],
  crash: null,
  signature: null,
  output: null,
  report: null,
  build: null,
  failure: null,
  ending: null,
  wallMs: 1,
  executions: 7,
  sandbox: {
    driver: 'scripted',
    version: '0',
    tier: 'standard',
    reason: 'nothing is run',
    limitsBy: 'none',
  },
} as const;
