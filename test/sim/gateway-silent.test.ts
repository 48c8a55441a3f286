import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomFrom } from '../../demo/driver/killer.ts';
import { findPostgres } from '../../tools/postgres.ts';
import { call, hangUp } from './gateway-wire-caller.ts';
import { Planner } from './gateway-wire-plan.ts';
import { inWorld } from './gateway-wire-world.ts';

const onPostgres = process.env['BREAKWATER_TEST_DATABASE'] === 'postgres';
const size = { seed: 1, streams: 48, calls: 1_200, minutes: 1, holdMs: 50, kills: 0, awaysMs: [] };

test('GAT-21 a database that says nothing keeps no caller waiting, and is used again once it speaks', async ({
  skip,
}) => {
  const found = findPostgres();
  if ('missing' in found) skip(found.missing);
  skip(!onPostgres, 'done in the run on PostgreSQL');
  await inWorld({ size }, async ({ gateways, keys, postgres }) => {
    const planner = new Planner(randomFrom(1), size);
    const ask = async (at: number) => {
      const { port, place } = gateways[at] ?? { port: 0, place: 0 };
      const wish = planner.next(0, place);
      const script = { ...wish.script, hows: ['whole', 'whole'] as const, lateMs: 0 };
      const calm = { ...wish, isMessages: false, script, leaving: { when: 'never' } as const };
      const { status, refused } = await call(calm, { port, secret: keys[0]?.secret ?? '' });
      return refused?.code ?? status;
    };
    // Of the key the third never heard.
    expect(await Promise.all([ask(0), ask(1)])).toEqual([200, 200]);
    postgres.freeze();
    expect(await ask(2)).toBe('not-in-touch');
    await delay(2_000);
    const lost = 'not-in-touch';
    expect(await Promise.all([ask(0), ask(1), ask(2)])).toEqual([lost, lost, lost]);
    postgres.thaw();
    await expect.poll(() => ask(2), { timeout: 20_000 }).toBe(200);
    expect(await Promise.all([ask(0), ask(1)])).toEqual([200, 200]);
    hangUp();
  });
});
