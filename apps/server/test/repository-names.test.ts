import { type Body, type ClaimAnswer, claims, wishes } from '@breakwater/contract';
import { addMilliseconds } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { morning, startTestServer, type TestParty, type TestServer } from './harness.ts';
import { codeOf } from './refusals.ts';
import { nothingWished, ownerOf, prove } from './wishing.ts';
import { idle } from './world.ts';

let server: TestServer;
let coordinator: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  coordinator = await server.party('coordinator', 'The desk');
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const reason = 'It moved.';
const until = addMilliseconds(morning, 86_400_000);

type Wish = Partial<Body<typeof claims.claim>['scope']>;

const asked = (targets: string[], wish: Wish = {}) => {
  const body = { scope: { targets, methods: ['fuzz'], ...wish }, sharing: 'alone', until };
  return { body: claims.claim.body.parse(body) };
};
const previewed = (targets: string[], wish: Wish) => {
  const { listed: _listed, ...body } = asked(targets, wish).body;
  return { body };
};
const claim = async (who: TestParty, targets: string[], wish: Wish = {}): Promise<ClaimAnswer> =>
  await who.client.call(claims.claim, asked(targets, wish));
test('DCF-18 who has proven control of both names renames, and a coordinator; nobody else', async () => {
  const before = 'repo:github.com/moved/lib';
  const after = 'repo:github.com/moved-harbor/library';
  const owner = await ownerOf(server, before);
  const finder = await server.party('finder');
  const body = { from: before, to: after, reason };
  expect(await codeOf(owner.client.call(wishes.renameRepository, { body }))).toBe(
    'control-unproven',
  );
  await prove(server, owner, after);
  const done = await owner.client.call(wishes.renameRepository, { body });
  expect(done).toEqual({ names: [before, after], widened: 0 });
  const query = { target: 'https://github.com/moved-harbor/library.git' };
  expect(await finder.client.call(wishes.repository, { query })).toEqual({
    names: [after, before],
    renames: [
      {
        from: before,
        to: after,
        by: { id: owner.id, name: 'The owner' },
        at: morning,
        reason,
      },
    ],
    order: null,
  });
  const again = coordinator.client.call(wishes.renameRepository, { body });
  expect(await codeOf(again)).toBe('already-renamed');
  const circle = { from: after, to: after, reason };
  expect(await codeOf(coordinator.client.call(wishes.renameRepository, { body: circle }))).toBe(
    'not-a-repository',
  );
  const part = { from: `${before}#src`, to: after, reason };
  expect(await codeOf(coordinator.client.call(wishes.renameRepository, { body: part }))).toBe(
    'not-a-repository',
  );
  const stranger = await server.party('owner', 'A stranger');
  const withdrawn = { body: { from: before, reason: 'It did not.' } };
  expect(await codeOf(stranger.client.call(wishes.withdrawRename, withdrawn))).toBe(
    'control-unproven',
  );
  expect(await coordinator.client.call(wishes.withdrawRename, withdrawn)).toEqual({
    names: [before],
  });
  expect(await codeOf(coordinator.client.call(wishes.withdrawRename, withdrawn))).toBe(
    'not-renamed',
  );
});

test('DCF-18 claims on the old and the new name meet, whenever the rename became known', async () => {
  const before = 'repo:github.com/lines/lib';
  const after = 'repo:github.com/lines-harbor/library';
  const a = await server.party('finder', 'Lab A');
  const b = await server.party('finder', 'Lab B');
  const early = await claim(a, [`${before}#src`]);
  expect((await claim(b, [`${after}#docs`])).answer).toBe('granted');
  const body = { from: 'repo:github.com/lines/*', to: 'repo:github.com/lines-harbor/*', reason };
  await coordinator.client.call(wishes.renameRepository, { body });
  const one = {
    body: { from: 'github.com/lines-harbor/lib', to: 'github.com/lines-harbor/library', reason },
  };
  expect((await coordinator.client.call(wishes.renameRepository, one)).widened).toBe(2);
  const answer = await claim(b, [after]);
  expect(answer.answer).toBe('conflict');
  const held = answer.held.flatMap(({ scope }) => scope.targets);
  expect(held).toContain(`${after}#src`);
  const [part] = answer.alternatives.flatMap((each) => (each.kind === 'part' ? [each] : []));
  expect(part?.scope.except).toContain(`${after}#src`);
  const shown = await claim(b, [...(part?.scope.targets ?? [])], {
    except: part?.scope.except ?? [],
  });
  expect(shown.answer).toBe('granted');
  // What was claimed before is given back under either name.
  const scope = claims.claim.body.shape.scope.parse({
    targets: [`${after}#src`],
    methods: ['fuzz'],
  });
  const given = { scope, outcome: 'nothing-found' as const };
  const params = { claim: early.claim ?? '' };
  await a.client.call(claims.release, { params, body: { covered: [given] } } as never);
  const { items } = await b.client.call(claims.map, { body: { target: before, days: 1 } });
  expect(items.some((item) => item.outcome === 'nothing-found')).toBe(true);
});

test('DCF-18 what an owner said under one name holds under the other', async () => {
  const before = 'repo:github.com/wished/lib';
  const after = 'repo:github.com/wished-harbor/library';
  const owner = await ownerOf(server, before);
  const finder = await server.party('finder');
  const stated = { ...nothingWished, target: before, optOut: { words: null } };
  await owner.client.call(wishes.stateWishes, { body: stated });
  const { claim: held } = await claim(finder, [after]);
  const body = { from: before, to: after, reason };
  await coordinator.client.call(wishes.renameRepository, { body });
  await idle(server);
  const [ended] = (await finder.client.call(claims.list, { query: { show: 'ended' } })).items;
  expect(ended).toMatchObject({ id: held, state: 'opted-out' });
  expect(await codeOf(claim(finder, [after]))).toBe('owner-opted-out');
  const { items } = await finder.client.call(wishes.wishes, { query: { target: after } });
  expect(items.map(({ target }) => target)).toEqual([before]);
});

const commit = (i: number) => i.toString(16).padStart(40, '0');

test('DCF-19 ranges of commits compare by the order that was told, also when a claim is renewed', async () => {
  const before = 'repo:github.com/ordered/lib';
  const owner = await ownerOf(server, before);
  const a = await server.party('finder', 'Lab A');
  const b = await server.party('finder', 'Lab B');
  const newer = { commits: { after: commit(2), until: commit(3) } };
  const older = { commits: { after: commit(1), until: commit(2) } };
  const { claim: early } = await claim(a, [before], older);
  expect((await claim(b, [before], newer)).answer).toBe('conflict');
  const body = { repository: before, commits: [1, 2, 3].map(commit) };
  expect(await codeOf(a.client.call(wishes.orderCommits, { body } as never))).toBe('not-permitted');
  expect(await owner.client.call(wishes.orderCommits, { body })).toEqual({
    repository: before,
    commits: 3,
  });
  const query = { target: before };
  expect((await a.client.call(wishes.repository, { query })).order).toEqual({
    repository: before,
    commits: 3,
    first: commit(1),
    last: commit(3),
    by: { id: owner.id, name: 'The owner' },
    at: morning,
  });
  expect((await b.client.call(claims.preview, previewed([before], newer))).answer).toBe('granted');
  expect((await claim(b, [before], newer)).answer).toBe('granted');
  const params = { claim: early ?? '' };
  const renewed = { until: addMilliseconds(until, 3_600_000) };
  expect(await codeOf(a.client.call(claims.renew, { params, body: renewed } as never))).toBeNull();
  const twice = { body: { repository: before, commits: [commit(1), commit(1)] } };
  expect(await codeOf(owner.client.call(wishes.orderCommits, twice))).toBe('commits-malformed');
});
