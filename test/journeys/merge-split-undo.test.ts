import { coordinate, correlate } from '@breakwater/contract';
import { expect, test } from 'vitest';
import { startTestServer } from '../../apps/server/test/harness.ts';
import { addRecipe, caseOf, expectHealthy, handIn, refusalOf, validated } from './story.ts';

test('merge, split and undo: reasons are kept, credit follows, nothing is lost', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const ada = await server.party('finder', 'Ada');
  const bo = await server.party('finder', 'Bo');
  await addRecipe(coordinator);
  const one = await handIn(ada, { title: 'One', where: 'print_number' });
  const first = caseOf(one);
  await validated(coordinator, first);
  server.script.validation = 'not-reproduced';
  const two = await handIn(bo, { title: 'Two', where: 'parse_array' });
  const second = caseOf(two);
  expect(second).not.toBe(first);
  await validated(coordinator, second);

  const client = coordinator.client;
  const stageOf = async (id: typeof first) =>
    (await client.call(coordinate.get, { params: { case: id } })).stage;
  const findersOf = async (id: typeof first) =>
    (await client.call(coordinate.participants, { params: { case: id } })).items
      .filter((p) => p.as === 'finder')
      .map((p) => p.party.name)
      .sort();
  expect([await stageOf(first), await stageOf(second)]).toEqual(['reproduced', 'received']);

  // COR-4: everything of the source moves, and what was reproduced there is reproduced here.
  const merged = await client.call(correlate.merge, {
    params: { case: first },
    body: { into: second, reason: 'the same length check' },
  });
  expect([await stageOf(first), await stageOf(second)]).toEqual(['merged', 'reproduced']);
  expect([await findersOf(first), await findersOf(second)]).toEqual([[], ['Ada', 'Bo']]);
  const source = await client.call(coordinate.get, { params: { case: first } });
  expect(source.mergedInto).toBe(second);
  const joined = await client.call(correlate.findings, { params: { case: second } });
  expect(joined.members.map((m) => m.finding.title).sort()).toEqual(['One', 'Two']);
  expect(joined.joins.map((j) => j.reason)).toEqual(['the same length check']);
  // The finder whose case was joined sees the one its finding is in now, and no other.
  const seen = await ada.client.call(coordinate.list);
  expect(seen.items.map((c) => [c.id, c.title])).toEqual([[second, 'One']]);
  expect(
    await refusalOf(
      client.call(correlate.merge, {
        params: { case: second },
        body: { into: first, reason: 'and back again' },
      }),
    ),
  ).toBe('case-merged');

  // COR-6: undoing a merge brings the case back as it was.
  await client.call(correlate.undo, {
    params: { join: merged.join },
    body: { reason: 'two different checks' },
  });
  expect(await stageOf(first)).toBe('reproduced');
  expect([await findersOf(first), await findersOf(second)]).toEqual([['Ada'], ['Bo']]);
  const back = await client.call(correlate.findings, { params: { case: second } });
  expect(back.joins.map((j) => j.undone?.reason)).toEqual(['two different checks']);

  // COR-5: a split opens a case of its own; undoing it closes that case again.
  const third = await handIn(bo, { title: 'Three', where: 'print_number' });
  expect(third.case).toBe(first);
  const split = await client.call(correlate.split, {
    params: { case: first },
    body: { findings: [third.finding], reason: 'another caller' },
  });
  expect([await findersOf(first), await findersOf(split.case)]).toEqual([['Ada'], ['Bo']]);
  await client.call(correlate.undo, {
    params: { join: split.join },
    body: { reason: 'the same caller' },
  });
  expect(await stageOf(split.case)).toBe('merged');
  expect(await findersOf(first)).toEqual(['Ada', 'Bo']);
  expectHealthy(server);
});
