import {
  collect,
  distribute,
  helpers,
  type Publication,
  search,
  validate,
} from '@breakwater/contract';
import { type Id, toBase64, utf8 } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { idle, until } from './world.ts';

let server: TestServer;
let coordinator: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  coordinator = await server.party('coordinator', 'Carla Reyes');
  const recipeJson = toBase64(utf8(JSON.stringify({ package: 'pkg:deb/debian/cjson' })));
  await coordinator.client.call(validate.addRecipe, {
    body: { name: 'cjson', files: { 'recipe.json': recipeJson } },
  });
  await publish('CVE-2026-60001', 'cjson');
});
afterAll(async () => await server[Symbol.asyncDispose]());

const list = 'ii  cjson:amd64  1.7.15-1  amd64  JSON\nii  hello:amd64  2.10-3  amd64  greeting\n';
const refusedAs = (code: string) => ({ problem: expect.objectContaining({ code }) });

/** Publishes that `name` is mended in Debian 12 and in no other release. */
async function publish(cve: string, name: string): Promise<string> {
  const finder = await server.party('finder', `Finder of ${cve}`);
  const { case: id } = await finder.client.call(collect.submit, {
    body: {
      kind: 'native',
      package: 'pkg:deb/debian/cjson',
      version: '1.7.15-1',
      recipe: 'cjson',
      title: cve,
      marking: 'AMBER+STRICT',
      description: 'Told at length',
      identifiers: [cve],
    },
  });
  if (id === null) throw new Error('expected a case');
  const body: Publication = {
    summary: `Overflow in ${name}`,
    details: 'Told at length',
    affected: [
      { ecosystem: 'Debian:12', package: name, introduced: '0', fixed: '9.9-1', binaries: [] },
    ],
    aliases: [cve],
    references: [],
    creditFinders: true,
  };
  const { advisory } = await coordinator.client.call(distribute.publish, {
    params: { case: id },
    body,
  });
  return advisory;
}

async function give(operator: TestParty, more: { readonly debianRelease?: string } = {}) {
  const body = { name: 'Desk', file: toBase64(utf8(list)), ...more };
  const { inventory } = await operator.client.call(distribute.addInventory, { body });
  return { inventory };
}

async function compared(operator: TestParty) {
  return await until(async () => {
    const { items } = await operator.client.call(distribute.listInventories);
    expect(items.map((each) => each.compared)).not.toContain(false);
    return items;
  });
}

const unjudged = async (operator: TestParty) =>
  (await operator.client.call(distribute.listInventories, { query: { unjudged: 'true' } })).items;
const notices = async (operator: TestParty) =>
  (await operator.client.call(distribute.listNotices)).items;

describe('DIS-16 what could not be decided', () => {
  test('is counted by reason with its list, and so is what comes with a new advisory', async () => {
    const operator = await server.party('operator', 'A hospital');
    await give(operator);
    expect(await compared(operator)).toMatchObject([
      {
        debianRelease: null,
        releaseMissing: 2,
        undecided: [{ doubt: 'release-unknown', components: 1, advisories: 1 }],
      },
    ]);
    await publish('CVE-2026-60002', 'cjson');
    await publish('CVE-2026-60003', 'hello');
    await until(async () => {
      expect((await unjudged(operator)).map((each) => each.undecided)).toEqual([
        [{ doubt: 'release-unknown', components: 2, advisories: 3 }],
      ]);
    });
    expect(await notices(operator)).toEqual([]);
  });

  test('shows in the preview, before anything is kept', async () => {
    const operator = await server.party('operator', 'A bank');
    const file = toBase64(utf8('cjson 1.7.15-1\nflat five.zero.1\n'));
    const preview = await operator.client.call(distribute.previewInventory, {
      body: { file, as: 'product-list', ecosystem: 'Debian' },
    });
    expect(preview.undecided).toEqual([
      { doubt: 'release-unknown', components: 1, advisories: expect.any(Number) },
    ]);
    expect(preview.releaseMissing).toBe(preview.components);
    expect(preview.affected).toEqual([]);
  });

  test('of a list of which nothing was understood is all of it', async () => {
    const operator = await server.party('operator', 'A clinic');
    const components = [{ type: 'library', name: 'netty', version: '4.1.73' }];
    const bom = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components });
    await operator.client.call(distribute.addInventory, {
      body: { name: 'An SBOM without package URLs', file: toBase64(utf8(bom)) },
    });
    await compared(operator);
    expect(await unjudged(operator)).toMatchObject([{ components: 0, notUnderstood: 1 }]);
  });

  test('of a list from before it was counted is counted at the next start', async () => {
    const operator = await server.party('operator', 'A utility');
    const { inventory } = await give(operator);
    await compared(operator);
    const { database } = server.services;
    await database.raw('delete from distribute.undecided');
    await database.raw('update distribute.inventory set judged_revision = null');
    expect(await unjudged(operator)).toMatchObject([{ compared: false, undecided: [] }]);
    const { compareOlderLists } = await import('../src/slices/index.ts');
    await compareOlderLists(server.services);
    expect(await compared(operator)).toMatchObject([
      { id: inventory, undecided: [{ doubt: 'release-unknown' }] },
    ]);
  });
});

describe('DIS-17 a kept list', () => {
  test('of which the release is said is judged by it; said otherwise, its cards follow', async () => {
    const operator = await server.party('operator', 'A water district');
    const { inventory } = await give(operator);
    const change = async (debianRelease: string | null) =>
      await operator.client.call(distribute.changeInventory, {
        params: { inventory },
        body: { debianRelease },
      });
    await change('12');
    expect(await compared(operator)).toMatchObject([
      { debianRelease: '12', releaseMissing: 0, undecided: [] },
    ]);
    expect(await unjudged(operator)).toEqual([]);
    const open = await notices(operator);
    expect(open.length).toBeGreaterThan(0);
    await change('11');
    await compared(operator);
    expect(new Set((await notices(operator)).map((each) => each.status))).toEqual(
      new Set(['resolved']),
    );
    await change(null);
    expect(await compared(operator)).toMatchObject([{ debianRelease: null, releaseMissing: 2 }]);
  });

  test('is renamed, also on its cards, and found by the new name alone', async () => {
    const operator = await server.party('operator', 'A school');
    const { inventory } = await give(operator, { debianRelease: '12' });
    await compared(operator);
    const { revision } = await operator.client.call(distribute.changeInventory, {
      params: { inventory },
      body: { name: 'Reception', ifRevision: 1 },
    });
    expect(revision).toBe(2);
    expect(await compared(operator)).toMatchObject([{ name: 'Reception', revision: 2 }]);
    await idle(server);
    for (const { card, inventory: of } of await notices(operator)) {
      expect(of.name).toBe('Reception');
      expect(JSON.stringify(card)).not.toContain('Desk');
    }
    await until(async () => {
      const found = async (text: string) =>
        (await operator.client.call(search.find, { query: { q: text } })).items
          .filter((each) => each.kind === 'inventory')
          .map((each) => each.title);
      expect([await found('reception'), await found('desk')]).toEqual([['Reception'], []]);
    });
    const stale = { params: { inventory }, body: { name: 'Front', ifRevision: 1 } };
    await expect(operator.client.call(distribute.changeInventory, stale)).rejects.toMatchObject(
      refusedAs('changed-since'),
    );
    await give(operator);
    const taken = { params: { inventory }, body: { name: 'desk' } };
    await expect(operator.client.call(distribute.changeInventory, taken)).rejects.toMatchObject(
      refusedAs('name-taken'),
    );
  });
});

describe('DIS-18 a removed list', () => {
  test('is gone with its cards, what was reported and whoever helped; its content is erased', async () => {
    const operator = await server.party('operator', 'A port');
    const helper = await server.party('operator', 'A helper');
    const { inventory } = await give(operator, { debianRelease: '12' });
    await compared(operator);
    await idle(server);
    const [first] = await notices(operator);
    if (first === undefined) throw new Error('expected a card');
    const params = { notice: first.id };
    await operator.client.call(helpers.delegate, { params, body: { party: helper.id } });
    expect(await notices(helper)).toHaveLength(1);
    await operator.client.call(distribute.receipt, {
      params,
      body: { outcome: 'done', note: 'done on Friday' },
    });
    await operator.client.call(distribute.removeInventory, {
      params: { inventory },
      body: { ifRevision: 1 },
    });
    expect((await operator.client.call(distribute.listInventories)).items).toEqual([]);
    expect([await notices(operator), await notices(helper)]).toEqual([[], []]);
    await until(async () => expect(await left(inventory, first.id)).toEqual([]));
    const again = { params: { inventory }, body: {} };
    await expect(operator.client.call(distribute.removeInventory, again)).rejects.toMatchObject({
      problem: { status: 404 },
    });
    // And the same name is free again.
    await give(operator, { debianRelease: '12' });
    expect(await compared(operator)).toMatchObject([{ name: 'Desk', revision: 1 }]);
  });

  test("is nobody else's to change or remove", async () => {
    const operator = await server.party('operator', 'A county');
    const other = await server.party('operator', 'Another county');
    const { inventory } = await give(operator);
    for (const operation of [distribute.changeInventory, distribute.removeInventory]) {
      const call = { params: { inventory }, body: {} };
      await expect(other.client.call(operation, call)).rejects.toMatchObject({
        problem: { status: 404 },
      });
    }
    expect(await compared(operator)).toHaveLength(1);
  });
});

/** Content of an inventory and of one of its cards that could still be read. */
async function left(inventory: Id<'inventory'>, notice: Id<'notice'>) {
  const { rows } = await server.services.database.raw(
    `select id from content.item where subject in ('${inventory}', '${notice}')`,
  );
  expect(rows.length).toBeGreaterThan(4);
  const texts = await Promise.all(
    rows.map(async ({ id }) => await server.services.content.get(id as Id<'content'>)), // an id, from a row
  );
  return texts.filter((bytes) => bytes !== null);
}
