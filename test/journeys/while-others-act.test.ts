import { coordinate, correlate, validate } from '@breakwater/contract';
import { toBase64, utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { startTestServer } from '../../apps/server/test/harness.ts';
import { scriptedProving } from '../../apps/server/test/proving.ts';
import {
  addRecipe,
  at,
  caseOf,
  eventually,
  expectHealthy,
  handIn,
  refusalOf,
  validated,
} from './story.ts';

test('VAL-6 a proof that ran while its case was joined into another counts there', async () => {
  const mayEnd = Promise.withResolvers<void>();
  const scripted = scriptedProving({ validation: 'reproduced', patch: 'verified', fault: null });
  const slow: typeof scripted = {
    ...scripted,
    validate: async (order) => {
      await mayEnd.promise;
      return await scripted.validate(order);
    },
  };
  await using server = await startTestServer({ proving: slow });
  const coordinator = await server.party('coordinator');
  const finder = await server.party('finder');
  await addRecipe(coordinator);
  const from = caseOf(await handIn(finder, { title: 'One', where: 'print_number' }));
  const into = caseOf(await handIn(finder, { title: 'Two', where: 'parse_array' }));
  const stageOf = async (id: typeof from) =>
    (await coordinator.client.call(coordinate.get, { params: { case: id } })).stage;
  await eventually(async () => {
    const params = { case: from };
    const { items } = await coordinator.client.call(validate.list, { params });
    expect(items).toHaveLength(1);
  });
  await coordinator.client.call(correlate.merge, {
    params: { case: from },
    body: { into, reason: 'the same check' },
  });
  expect(await stageOf(into)).toBe('received');
  mayEnd.resolve();
  await eventually(async () => expect(await stageOf(into)).toBe('reproduced'));
  expect(await stageOf(from)).toBe('merged');
  expectHealthy(server);
});

test('COO-5 the order of a list does not tell a finder that a case was there before it came', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const ada = await server.party('finder');
  const bo = await server.party('finder');
  await addRecipe(coordinator);
  const early = caseOf(await handIn(ada, { title: 'Early', where: 'parse_array' }));
  server.clock.set(at('2026-03-02T08:00:00Z'));
  const own = caseOf(await handIn(bo, { title: 'Own', where: 'print_number' }));
  server.clock.set(at('2026-03-03T08:00:00Z'));
  expect((await handIn(bo, { title: 'Late', where: 'parse_array' })).case).toBe(early);
  await validated(coordinator, early, 2);

  const walk = async (who: typeof bo) => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const query = { limit: 1, ...(after === undefined ? {} : { after }) };
      const page = await who.client.call(coordinate.list, { query });
      seen.push(...page.items.map((c) => `${c.openedAt.slice(0, 10)} ${c.title}`));
      after = page.next ?? undefined;
    } while (after !== undefined);
    return seen;
  };
  expect(await walk(bo)).toEqual(['2026-03-03 Late', '2026-03-02 Own']);
  expect(await walk(ada)).toEqual(['2026-03-01 Early']);
  expect(await walk(coordinator)).toEqual(['2026-03-02 Own', '2026-03-01 Early']);
  expect(own).not.toBe(early);
  expectHealthy(server);
});

test("VAL-4 a recipe's name stands for one recipe for ever", async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  await addRecipe(coordinator);
  await addRecipe(coordinator);
  const other = toBase64(utf8(JSON.stringify({ package: 'pkg:npm/ini' })));
  const changed = coordinator.client.call(validate.addRecipe, {
    body: { name: 'cjson', files: { 'recipe.json': other } },
  });
  expect(await refusalOf(changed)).toBe('recipe-exists');
  const { items } = await coordinator.client.call(validate.listRecipes);
  expect(items.map((r) => [r.name, r.package])).toEqual([['cjson', 'pkg:deb/debian/cjson']]);
});
