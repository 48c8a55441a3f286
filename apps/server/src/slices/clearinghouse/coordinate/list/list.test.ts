import {
  type Case,
  type CaseFilter,
  collect,
  coordinate,
  owner,
  ProblemError,
} from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from '../../../../../test/harness.ts';
import { later } from '../../../../../test/world.ts';
import { foldTally } from './store.ts';

const dayMs = 24 * 60 * 60 * 1_000;
let server: TestServer;
let carla: TestParty;
let ada: TestParty;
let bo: TestParty;
let vendor: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  carla = await server.party('coordinator');
  [ada, bo] = [await server.party('finder', 'Ada'), await server.party('finder', 'Bo')];
  vendor = await server.party('owner', 'Vendor');
}, 60_000);
afterAll(async () => await server[Symbol.asyncDispose]());

let bugs = 0;
/** A finding of a bug of its own, unless told which. */
async function handIn(
  by: TestParty,
  more: { package?: string; bug?: number; marking?: 'RED' } = {},
) {
  const bug = more.bug ?? ++bugs;
  server.clock.set(later(server.clock, 1_000));
  const { case: opened } = await by.client.call(collect.submit, {
    body: {
      kind: 'native',
      package: more.package ?? 'pkg:deb/debian/cjson',
      version: '1.7.15-1',
      title: `Bug ${bug}`,
      marking: more.marking ?? 'AMBER+STRICT',
      description: 'Told at length',
      identifiers: [`CVE-2026-${1_000 + bug}`],
    },
  });
  if (opened === null) throw new Error('expected a case');
  return opened;
}

async function invite(to: TestParty, caseId: string) {
  const answer = await server.send({
    method: 'POST',
    path: coordinate.inviteOwner.path.replace('{case}', caseId),
    key: carla.key,
    body: JSON.stringify({ party: to.id, reason: 'They should know' }),
  });
  expect(answer.status).toBe(200);
}

type ListQuery = CaseFilter & { sort?: 'newest' | 'changed' | 'embargo-end' | 'due' | 'package' };

/** Every case of a list, by pages of `limit`; `between` happens after each. */
async function walk(
  by: TestParty,
  query: ListQuery,
  { limit = 3, between = async () => {} }: { limit?: number; between?: () => Promise<void> } = {},
): Promise<Case[]> {
  const items: Case[] = [];
  for (let after: string | undefined; ; ) {
    const page = await by.client.call(coordinate.list, {
      query: { ...query, limit, ...(after === undefined ? {} : { after }) },
    });
    items.push(...page.items);
    if (page.next === null) return items;
    after = page.next;
    await between();
  }
}

const idsOf = (items: readonly Case[]) => items.map((item) => item.id);

describe('COO-17 a page goes on where the one before ended, whatever is written meanwhile', () => {
  let mine: Id<'case'>[];
  beforeAll(async () => {
    mine = [];
    for (let n = 0; n < 10; n++) mine.push(await handIn(n % 2 === 0 ? ada : bo));
  });

  test('newest first, each once, while others hand in', async () => {
    const seen = idsOf(await walk(carla, {}, { between: async () => void (await handIn(bo)) }));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => mine.includes(id))).toEqual(mine.toReversed());
  });

  test('last changed first, none twice, while what was seen changes again', async () => {
    const [first] = mine;
    if (first === undefined) throw new Error('expected a case');
    const touch = async () => {
      server.clock.set(later(server.clock, 1_000));
      await carla.client.call(coordinate.say, { params: { case: first }, body: { text: 'Hm' } });
    };
    await touch();
    const seen = idsOf(await walk(carla, { sort: 'changed' }, { between: touch }));
    expect(seen[0]).toBe(first);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('a finder has its own, in the order in which it joined', async () => {
    const joined = await handIn(ada, { bug: 2 });
    const seen = idsOf(await walk(ada, {}));
    const own = mine.filter((_, n) => n % 2 === 0).toReversed();
    expect(seen).toEqual([joined, ...own]);
  });

  test('by package and where it begins', async () => {
    const libxml = await handIn(bo, { package: 'pkg:deb/debian/libxml2' });
    const react = await handIn(bo, { package: 'pkg:npm/react' });
    expect(idsOf(await walk(carla, { package: 'pkg:deb/debian/libx' }))).toEqual([libxml]);
    expect(idsOf(await walk(carla, { package: 'pkg:npm/' }))).toEqual([react]);
    expect(await walk(ada, { package: 'pkg:npm/' })).toEqual([]);
    const all = await walk(carla, { sort: 'package' }, { limit: 4 });
    expect(all.map((c) => c.package)).toEqual(all.map((c) => c.package).toSorted());
    expect(new Set(idsOf(all)).size).toBe(all.length);
    expect(all.length).toBe((await walk(carla, {}, { limit: 100 })).length);
  });

  test("a cursor made of another's case gives nothing of its order away", async () => {
    const hidden = await handIn(bo, { package: 'pkg:deb/debian/aaa' });
    const after = Buffer.from(hidden).toString('base64url');
    const query = { sort: 'package' as const, after };
    expect((await ada.client.call(coordinate.list, { query })).items).toEqual([]);
  });
});

describe('COO-18 what narrows a list, and in which orders', () => {
  test.each([
    [{ overdue: 'true', sort: 'newest' }, 'sort-not-served'],
    [{ package: 'pkg:npm/', sort: 'changed' }, 'sort-not-served'],
  ] as const)('%o: %s', async (query, code) => {
    const asked = carla.client.call(coordinate.list, { query });
    await expect(asked).rejects.toThrow(ProblemError);
    await asked.catch((error: ProblemError) => expect(error.problem.code).toBe(code));
  });

  test('the filter by owner is the coordinators’; an owner has a list of its own', async () => {
    const shared = await handIn(ada);
    await invite(vendor, shared);
    const query = { owner: vendor.id };
    expect(idsOf(await walk(carla, query))).toEqual([shared]);
    expect(idsOf(await walk(vendor, {}))).toEqual([shared]);
    const asked = ada.client.call(coordinate.list, { query });
    await expect(asked).rejects.toMatchObject({ problem: { code: 'filter-not-yours' } });
  });

  test('by the hour at which the embargo ends, soonest first, none without one', async () => {
    const [late, soon] = [await handIn(ada), await handIn(ada)];
    for (const [id, days] of [
      [late, 20],
      [soon, 10],
    ] as const) {
      await carla.client.call(coordinate.setEmbargo, {
        params: { case: id },
        body: { endsAt: later(server.clock, days * dayMs), zone: 'UTC' },
      });
    }
    expect(idsOf(await walk(carla, { sort: 'embargo-end' }, { limit: 1 }))).toEqual([soon, late]);
    expect(idsOf(await walk(bo, { sort: 'embargo-end' }))).toEqual([]);
  });
});

describe('COO-19 whose turn it is, and what is overdue', () => {
  test('the funnel counts what its lists hold, for whoever asks, its own alone', async () => {
    server.clock.set(later(server.clock, 8 * dayMs));
    for (const who of [carla, ada, bo, vendor]) {
      const funnel = await who.client.call(coordinate.funnel);
      const parts = [...funnel.stages, ...funnel.waiting, funnel.overdue];
      for (const { count, list } of parts) {
        expect([list, count]).toEqual([list, (await walk(who, list, { limit: 100 })).length]);
      }
      const reasons = funnel.overdue.byReason.reduce((sum, { count }) => sum + count, 0);
      expect(reasons).toBe(funnel.overdue.count);
    }
    const { overdue } = await carla.client.call(coordinate.funnel);
    expect(overdue.byReason.map((r) => r.because)).toEqual(['coordinator-silent']);
  });

  test('the counts are the same once they are folded, and again', async () => {
    const before = await carla.client.call(coordinate.funnel);
    for (let times = 0; times < 2; times++) {
      await foldTally(server.services.database, { rowsMax: 0 });
      expect(await carla.client.call(coordinate.funnel)).toEqual(before);
    }
  });

  test('a coordinator who found a case has it once, and counts it once', async () => {
    const before = await carla.client.call(coordinate.funnel);
    const own = await handIn(carla);
    const after = await carla.client.call(coordinate.funnel);
    expect(after.stages[0]?.count).toBe((before.stages[0]?.count ?? 0) + 1);
    const seen = await walk(carla, {});
    expect(idsOf(seen).filter((id) => id === own)).toEqual([own]);
    expect(seen.find((item) => item.id === own)?.level).toBe('all');
  });

  test('an owner who says nothing for two weeks', async () => {
    const shared = await handIn(ada);
    await invite(vendor, shared);
    const waits = async () => {
      const item = await carla.client.call(coordinate.get, { params: { case: shared } });
      return [item.waitingFor, item.due];
    };
    const came = server.clock.now();
    const silent = { because: 'owner-silent' };
    const at = (from: string) => new Date(Date.parse(from) + 14 * dayMs).toISOString();
    expect(await waits()).toEqual(['owner', { ...silent, at: at(came) }]);
    server.clock.set(later(server.clock, dayMs));
    await vendor.client.call(coordinate.say, { params: { case: shared }, body: { text: 'Yes' } });
    expect(await waits()).toEqual(['owner', { ...silent, at: at(server.clock.now()) }]);
    for (const answer of [
      () => vendor.client.call(owner.acknowledge, { params: { case: shared }, body: {} }),
      () =>
        vendor.client.call(owner.giveVerdict, {
          params: { case: shared },
          body: { is: 'affected', words: 'It is ours' },
        }),
    ]) {
      server.clock.set(later(server.clock, dayMs));
      await answer();
      expect(await waits()).toEqual(['owner', { ...silent, at: at(server.clock.now()) }]);
    }
    // A finder is shown the stage, and no more than that tells: not when the owner spoke.
    const seen = await ada.client.call(coordinate.get, { params: { case: shared } });
    expect([seen.waitingFor, seen.due, seen.changedAt]).toEqual(['owner', null, came]);
  });

  test('what an owner may not see changes nothing of its list', async () => {
    const shared = await handIn(ada, { bug: 7_000 });
    await invite(vendor, shared);
    const seenBy = async (who: TestParty) =>
      (await who.client.call(coordinate.get, { params: { case: shared } })).changedAt;
    const before = await seenBy(vendor);
    expect(await handIn(bo, { bug: 7_000, marking: 'RED' })).toBe(shared);
    expect(await seenBy(vendor)).toBe(before);
    expect(await seenBy(carla)).toBe(server.clock.now());
  });
});
