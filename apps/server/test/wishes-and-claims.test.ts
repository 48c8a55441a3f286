import { claims, wishes } from '@breakwater/contract';
import { addMilliseconds } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { morning, startTestServer } from './harness.ts';
import { codeOf } from './refusals.ts';
import { nothingWished, ownerOf } from './wishing.ts';
import { idle } from './world.ts';

const repository = 'https://github.com/acme/lib';
const day = 86_400_000;

test('DCF-51 whoever claims or previews is answered with what owners wish there', async () => {
  await using server = await startTestServer();
  const holder = await ownerOf(server, repository);
  const finder = await server.party('finder');
  const channels = [{ kind: 'mail' as const, address: 'security@acme.example' }];
  const said = { ...nothingWished, channels, threatModel: 'Whoever may write our files may.' };
  const { wishes: whole } = await holder.client.call(wishes.stateWishes, {
    body: { ...said, target: repository },
  });
  const { wishes: part } = await holder.client.call(wishes.stateWishes, {
    body: { ...nothingWished, target: 'repo:github.com/acme/lib#src/gen' },
  });
  const scope = (targets: string[], except: string[] = []) =>
    claims.claim.body.shape.scope.parse({ targets, except, methods: ['read'] });
  const until = addMilliseconds(morning, day);
  const shown = async (targets: string[], except: string[] = []) => {
    const body = { scope: scope(targets, except), sharing: 'beside' as const, until };
    const answer = await finder.client.call(claims.preview, { body });
    return answer.wishes.map(({ id }) => id);
  };
  expect(await shown(['repo:github.com/acme/lib#src'])).toEqual([whole, part]);
  expect(await shown([repository], ['repo:github.com/acme/lib#src'])).toEqual([whole]);
  expect(await shown(['https://github.com/acme/other'])).toEqual([]);
  const body = { scope: scope([repository]), sharing: 'alone' as const, until, listed: true };
  const taken = await finder.client.call(claims.claim, { body });
  expect(taken.wishes[0]).toMatchObject({ channels, threatModel: said.threatModel });
  const other = await server.party('finder');
  const refused = await other.client.call(claims.claim, { body });
  expect([refused.answer, refused.wishes.length]).toEqual(['conflict', 2]);
  expect(server.errors).toEqual([]);
});

test('DCF-52 an opt-out answers claims, previews, renewals and those in line, and ends what is held', async () => {
  await using server = await startTestServer();
  const holder = await ownerOf(server, repository);
  const finder = await server.party('finder');
  const scope = {
    targets: [repository],
    places: [],
    except: [],
    methods: ['read' as const],
    weaknesses: [],
    exceptWeaknesses: [],
  };
  const until = addMilliseconds(morning, 3_600_000);
  const asked = { scope, sharing: 'beside' as const, until };
  const take = async (more: object = {}) =>
    await finder.client.call(claims.claim, { body: { ...asked, listed: true, ...more } });
  const { claim } = await take();
  if (claim === null) throw new Error('expected a claim');
  const body = { ...nothingWished, target: repository, optOut: { words: 'No.' } };
  await holder.client.call(wishes.stateWishes, { body });
  await idle(server);
  const used = finder.client.call(claims.use, { params: { claim }, body: {} });
  await expect(used).rejects.toMatchObject({
    problem: {
      code: 'claim-lost',
      got: expect.stringContaining('the owner of a target opted out'),
    },
  });
  const ended = await finder.client.call(claims.get, { params: { claim } });
  expect(ended).toMatchObject({ state: 'opted-out', endedAt: morning, reason: null });
  expect(await codeOf(take())).toBe('owner-opted-out');
  expect(await codeOf(finder.client.call(claims.preview, { body: asked }))).toBe('owner-opted-out');
  const line = { scope, sharing: 'beside' as const, hours: 1, giveUpAt: until, listed: true };
  expect(await codeOf(finder.client.call(claims.wait, { body: line }))).toBe('owner-opted-out');
  // All around it, it counts as well, unless it is left out.
  const around = { ...scope, targets: ['repo:github.com/acme/*'] };
  expect(await codeOf(take({ scope: around }))).toBe('owner-opted-out');
  const leftOut = { ...around, except: [repository] };
  expect(await take({ scope: leftOut })).toMatchObject({ answer: 'granted' });
  const quiet = [{ kind: 'once' as const, from: morning, until, zone: 'UTC' }];
  await holder.client.call(wishes.stateWishes, {
    body: { ...nothingWished, target: repository, quiet },
  });
  expect(await codeOf(take())).toBe('quiet-until');
  server.clock.set(until);
  const later = addMilliseconds(until, 3_600_000);
  expect(await take({ until: later })).toMatchObject({ answer: 'granted' });
  expect(server.errors).toEqual([]);
});
