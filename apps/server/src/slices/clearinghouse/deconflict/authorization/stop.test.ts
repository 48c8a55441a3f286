import {
  authorizations,
  type Body,
  claims,
  directory,
  discover,
  validate,
} from '@breakwater/contract';
import { addMilliseconds, toBase64, utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from '../../../../../test/harness.ts';
import { scriptedProving } from '../../../../../test/proving.ts';
import { until } from '../../../../../test/world.ts';

const recipePackage = 'pkg:deb/debian/cjson';
const hourMs = 60 * 60 * 1_000;

/** A sandbox whose campaigns go on until they are told to end. */
function endless(started: { count: number; ended: number }) {
  const script = { validation: 'reproduced', patch: 'verified', fault: null } as const;
  return {
    ...scriptedProving(script),
    fuzz: (order: { readonly signal?: AbortSignal }) =>
      new Promise<never>((_, reject) => {
        started.count += 1;
        order.signal?.addEventListener('abort', () => {
          started.ended += 1;
          reject(new Error('ended'));
        });
      }),
  };
}

async function controlOf(server: TestServer, owner: TestParty, target: string): Promise<void> {
  const coordinator = await server.party('coordinator');
  const { id: control } = await owner.client.call(authorizations.openControl, {
    body: { target, way: 'statement', statement: 'We wrote it' },
  });
  await coordinator.client.call(authorizations.ruleControl, {
    params: { control },
    body: { stands: true, reason: 'They did' },
  });
}

function wish(server: TestServer, target: string): Body<typeof claims.claim> {
  return {
    scope: {
      targets: [target],
      places: [],
      except: [],
      methods: ['fuzz'],
      weaknesses: [],
      exceptWeaknesses: [],
    },
    sharing: 'beside',
    listed: true,
    until: addMilliseconds(server.clock.now(), 24 * hourMs),
  };
}

test('DCF-38: one press ends every claim and campaign, and nothing begins until it is lifted', async () => {
  const campaigns = { count: 0, ended: 0 };
  await using server = await startTestServer({
    proving: endless(campaigns),
    settings: { BREAKWATER_LIVE_TICK_SECONDS: '0.2' },
  });
  const owner = await server.party('owner');
  const finder = await server.party('finder');
  const coordinator = await server.party('coordinator');
  await controlOf(server, owner, recipePackage);
  const person = await server.signIn(finder);
  await person.client.call(directory.updateMe, { body: { email: 'ada@example.org' } });
  await coordinator.client.call(validate.addRecipe, {
    body: {
      name: 'cjson',
      files: { 'recipe.json': toBase64(utf8(JSON.stringify({ package: recipePackage }))) },
    },
  });
  const taken = await finder.client.call(claims.claim, { body: wish(server, recipePackage) });
  const elsewhere = await finder.client.call(claims.claim, { body: wish(server, 'pkg:npm/other') });
  const { claim } = taken;
  if (claim === null || elsewhere.claim === null) throw new Error('expected two claims');
  const { campaign } = await coordinator.client.call(discover.start, {
    body: { recipe: 'cjson', seconds: 3_600 },
  });
  await until(async () => expect(campaigns.count).toBe(1));
  const stream = await person.fetch('/v1/events');
  const reader = stream.body?.getReader();

  const stop = await owner.client.call(authorizations.stop, {
    body: { target: recipePackage, reason: 'It takes our site down' },
  });

  // The one that was asked for, and the one that the campaign runs under.
  expect(stop).toMatchObject({ claims: 2, campaigns: 1, liftedAt: null });
  let told = '';
  while (!told.includes(claim)) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    if (done) break;
    told += new TextDecoder().decode(value);
  }
  expect(told).toContain(`{"kind":"claim","id":"${claim}"}`);
  await reader?.cancel();
  const own = { params: { claim }, body: {} };
  await expect(finder.client.call(claims.use, own)).rejects.toMatchObject({
    problem: { code: 'stopped-by-owner' },
  });
  expect(await finder.client.call(claims.get, { params: { claim } })).toMatchObject({
    state: 'stopped',
  });
  await finder.client.call(claims.use, { params: { claim: elsewhere.claim }, body: {} });
  await until(async () => {
    const view = await coordinator.client.call(discover.get, { params: { campaign } });
    expect(view).toMatchObject({ status: 'stopped', findings: [] });
  });
  expect(campaigns.ended).toBe(1);
  await until(async () => {
    expect(server.mails.map(({ to }) => to)).toEqual(['ada@example.org']);
  });
  expect(server.mails[0]?.raw).toContain('Something needs you at once');
  expect(server.mails[0]?.raw).not.toContain('cjson');
  const again = () => finder.client.call(claims.claim, { body: wish(server, recipePackage) });
  const inside = () =>
    finder.client.call(claims.claim, { body: wish(server, `${recipePackage}#src/parser`) });
  const start = () =>
    coordinator.client.call(discover.start, { body: { recipe: 'cjson', seconds: 60 } });
  for (const begin of [again, inside, start]) {
    await expect(begin()).rejects.toMatchObject({ problem: { code: 'stopped-by-owner' } });
  }
  const lift = (who: TestParty) =>
    who.client.call(authorizations.liftStop, {
      params: { stop: stop.id },
      body: { reason: 'The site is moved' },
    });
  await expect(lift(coordinator)).rejects.toMatchObject({ problem: { code: 'owner-alone' } });
  const other = await server.party('owner');
  await expect(lift(other)).rejects.toMatchObject({ problem: { code: 'not-found' } });
  expect(await lift(owner)).toMatchObject({ liftReason: 'The site is moved' });
  await expect(lift(owner)).rejects.toMatchObject({ problem: { code: 'stop-lifted' } });
  expect(await again()).toMatchObject({ answer: 'granted' });
  expect(server.errors).toEqual([]);
});

test('DCF-38: nobody stops what it does not control, but coordinators', async () => {
  await using server = await startTestServer();
  const owner = await server.party('owner');
  const coordinator = await server.party('coordinator');
  await controlOf(server, owner, 'pkg:npm/mine');
  const press = (who: TestParty, target: string) =>
    who.client.call(authorizations.stop, { body: { target } });
  await expect(press(owner, 'pkg:npm/yours')).rejects.toMatchObject({
    problem: { code: 'control-missing' },
  });
  const stop = await press(coordinator, 'pkg:npm/yours');
  await expect(press(coordinator, 'pkg:npm/yours')).rejects.toMatchObject({
    problem: { code: 'already-stopped' },
  });
  expect((await owner.client.call(authorizations.stops)).items).toEqual([]);
  const lifted = await coordinator.client.call(authorizations.liftStop, {
    params: { stop: stop.id },
    body: { reason: 'It was another one' },
  });
  expect(lifted.liftedAt).not.toBeNull();
  const own = await press(coordinator, 'pkg:npm/mine');
  expect((await owner.client.call(authorizations.stops)).items).toMatchObject([{ id: own.id }]);
  await expect(
    coordinator.client.call(authorizations.liftStop, {
      params: { stop: own.id },
      body: { reason: 'As its owner might' },
    }),
  ).rejects.toMatchObject({ problem: { code: 'owner-alone' } });
});
