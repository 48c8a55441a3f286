import {
  collect,
  coordinate,
  distribute,
  helpers,
  owner,
  type Publication,
  prioritize,
  validate,
} from '@breakwater/contract';
import { type Id, type Instant, toBase64, utf8 } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { hurry, later, until } from './world.ts';

let server: TestServer;
let coordinator: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  coordinator = await server.party('coordinator', 'Carla Reyes');
  const recipeJson = toBase64(utf8(JSON.stringify({ package: 'pkg:deb/debian/cjson' })));
  await coordinator.client.call(validate.addRecipe, {
    body: { name: 'cjson', files: { 'recipe.json': recipeJson } },
  });
});
afterAll(async () => await server[Symbol.asyncDispose]());

/** Cases of one identifier are one case. */
let opened = 50_000;

/** Opens a case of its own, reproduced by the scripted sandbox. */
async function openCase(title: string, by?: TestParty): Promise<Id<'case'>> {
  opened += 1;
  const finder = by ?? (await server.party('finder', `Finder of ${title}`));
  const { case: id } = await finder.client.call(collect.submit, {
    body: {
      kind: 'native',
      package: 'pkg:deb/debian/cjson',
      version: '1.7.15-1',
      recipe: 'cjson',
      title,
      marking: 'AMBER+STRICT',
      description: 'Told at length',
      identifiers: [`CVE-2026-${opened}`],
      proof: toBase64(utf8(title)),
    },
  });
  if (id === null) throw new Error('expected a case');
  await until(async () => {
    const { stage } = await coordinator.client.call(coordinate.get, { params: { case: id } });
    expect(stage).toBe('reproduced');
  });
  return id;
}

async function invite(id: Id<'case'>, party: Id<'party'>) {
  const body = { party };
  return await coordinator.client.call(coordinate.inviteOwner, { params: { case: id }, body });
}

const refusedAs = (code: string) => ({ problem: expect.objectContaining({ code }) });

describe("an owner's pace", () => {
  test('COO-11 to COO-14: what finds no room waits unseen, and comes by itself in the new week', async () => {
    const vendor = await server.party('owner', 'A vendor');
    const pace = { capacityPerWeek: 1, pause: null, urgent: true };
    await vendor.client.call(owner.setPace, { body: { ...pace, ifRevision: 0 } });
    const first = await openCase('pace first');
    const second = await openCase('pace second');
    const third = await openCase('pace third');
    expect((await invite(first, vendor.id)).outcome).toBe('handed-over');
    expect((await invite(second, vendor.id)).outcome).toBe('waits');
    expect((await invite(third, vendor.id)).outcome).toBe('waits');
    await expect(invite(third, vendor.id)).rejects.toMatchObject(refusedAs('already-waits'));
    const urgent = { party: vendor.id, urgent: true, reason: 'it is used' };
    await expect(
      coordinator.client.call(coordinate.inviteOwner, { params: { case: third }, body: urgent }),
    ).rejects.toMatchObject(refusedAs('not-exploited'));
    // What is scored as more urgent goes first, whenever it came.
    await coordinator.client.call(prioritize.score, {
      params: { case: third },
      body: { exploitation: 'active', automatable: 'yes', technicalImpact: 'total' },
    });
    const queue = async () =>
      (await coordinator.client.call(owner.queue, { query: { owner: vendor.id } })).items;
    expect((await queue()).map((each) => [each.case, each.position])).toEqual([
      [third, 1],
      [second, 2],
    ]);
    const inbox = async () => (await vendor.client.call(owner.inbox, { query: {} })).items;
    expect((await inbox()).map((item) => item.case.id)).toEqual([first]);
    expect(await vendor.client.call(owner.waiting)).toEqual({ waiting: 2 });
    await expect(
      vendor.client.call(coordinate.get, { params: { case: third } }),
    ).rejects.toMatchObject(refusedAs('not-found'));
    server.clock.set(later(server.clock, 7 * 86_400_000));
    await until(async () => {
      await hurry(server);
      expect((await inbox()).map((item) => item.case.id)).toEqual([first, third]);
    });
    expect((await queue()).map((each) => each.case)).toEqual([second]);
    await coordinator.client.call(owner.takeBack, {
      params: { case: second },
      body: { party: vendor.id, reason: 'it is not theirs' },
    });
    expect(await queue()).toEqual([]);
  });

  test('COO-11 a pause ends when it is lifted, and a stale change is refused', async () => {
    const vendor = await server.party('owner', 'Another vendor');
    const paused = { capacityPerWeek: null, pause: { until: null, zone: null }, urgent: false };
    await vendor.client.call(owner.setPace, { body: paused });
    const waits = await openCase('paused');
    expect((await invite(waits, vendor.id)).outcome).toBe('waits');
    const lifted = { capacityPerWeek: null, pause: null, urgent: false };
    await expect(
      vendor.client.call(owner.setPace, { body: { ...lifted, ifRevision: 0 } }),
    ).rejects.toMatchObject(refusedAs('changed-since'));
    await vendor.client.call(owner.setPace, { body: { ...lifted, ifRevision: 1 } });
    await until(async () => {
      const { items } = await vendor.client.call(owner.inbox, { query: {} });
      expect(items.map((item) => item.case.id)).toEqual([waits]);
    });
    const seen = await coordinator.client.call(owner.paceOf, { params: { party: vendor.id } });
    expect(seen).toMatchObject({ pause: null, revision: 2, week: { handedOver: 1 } });
  });
});

describe('the verdict of an owner', () => {
  test('COO-15 is the owner’s: read by those who work on the case, its kind by the finder', async () => {
    const finder = await server.party('finder', 'A finder who waits');
    const vendor = await server.party('owner', 'A vendor who judges');
    const id = await openCase('judged', finder);
    await invite(id, vendor.id);
    const params = { case: id };
    await vendor.client.call(owner.acknowledge, { params, body: { ifRevision: 0 } });
    await expect(vendor.client.call(owner.close, { params, body: {} })).rejects.toMatchObject(
      refusedAs('verdict-missing'),
    );
    const verdict = { is: 'not-affected' as const, words: 'We do not build this part.' };
    await vendor.client.call(owner.giveVerdict, { params, body: { ...verdict, ifRevision: 1 } });
    await vendor.client.call(owner.close, { params, body: { ifRevision: 2 } });
    const as = async (party: TestParty) =>
      (await party.client.call(owner.standing, { params })).items[0]?.verdict;
    expect(await as(coordinator)).toMatchObject(verdict);
    expect(await as(finder)).toMatchObject({ is: 'not-affected', words: null });
    const { items } = await vendor.client.call(owner.inbox, { query: { state: 'closed' } });
    expect(items.map((item) => item.case.id)).toEqual([id]);
    const mine = await finder.client.call(collect.listMine, { query: {} });
    expect(mine.items).toMatchObject([
      { title: 'judged', standing: 'new', case: id, stage: 'with-owner', verdict: 'reproduced' },
    ]);
  });

  test('VAL-8 an owner takes home the recipe and the proofs', async () => {
    const vendor = await server.party('owner', 'A vendor at home');
    const id = await openCase('taken home');
    await invite(id, vendor.id);
    const answer = await server.send({
      method: 'GET',
      path: `/v1/cases/${id}/reproducer`,
      key: vendor.key,
    });
    const text = await answer.text();
    expect(answer.headers.get('content-type')).toBe('application/x-tar');
    for (const part of [
      'npx breakwater validate recipes/cjson proofs/1.bin',
      'recipes/cjson/recipe.json',
      'taken home',
    ])
      expect(text).toContain(part);
  });
});

describe('no lost edits', () => {
  test('COO-16 a change made up on an older state is refused, and tells a coordinator who came in between', async () => {
    const id = await openCase('edited');
    const params = { case: id };
    const { revision } = await coordinator.client.call(coordinate.get, { params });
    const endsAt = later(server.clock, 30 * 86_400_000);
    const change = { endsAt, zone: 'UTC', ifRevision: revision ?? -1 };
    await coordinator.client.call(coordinate.setEmbargo, { params, body: change });
    const again = await server.party('coordinator', 'Second Coordinator');
    const stale = again.client.call(coordinate.setEmbargo, { params, body: change });
    await expect(stale).rejects.toMatchObject({
      problem: { code: 'changed-since', status: 409, got: expect.stringContaining('Carla Reyes') },
    });
  });
});

const publication: Publication = {
  summary: 'Overflow in cJSON',
  details: 'Told at length',
  affected: [
    { ecosystem: 'Debian:12', package: 'cjson', introduced: '0', fixed: '1.7.18-1', binaries: [] },
  ],
  aliases: ['CVE-2026-77777'],
  references: [],
  creditFinders: true,
};

describe('publication', () => {
  test('DIS-10 DIS-11: the preview is what goes out, with the credits as chosen and every problem', async () => {
    const named = await server.party('finder', 'Grace H.');
    const id = await openCase('previewed', named);
    await named.client.call(collect.setCredit, { body: { as: 'named', name: 'Grace Hopper' } });
    const params = { case: id };
    const endsAt = later(server.clock, 86_400_000);
    await coordinator.client.call(coordinate.setEmbargo, { params, body: { endsAt, zone: 'UTC' } });
    const operator = await server.party('operator', 'A clinic');
    const list = toBase64(utf8('ii  cjson:amd64  1.7.15-1  amd64  JSON\n'));
    await operator.client.call(distribute.addInventory, {
      body: { name: 'desk', file: list, debianRelease: '12' },
    });
    const early = await coordinator.client.call(distribute.preview, { params, body: publication });
    expect(early.problems.map((p) => p.code)).toEqual(['embargoed']);
    expect(early.credits).toEqual([
      { finder: { id: named.id, name: 'Grace H.' }, line: 'Grace Hopper' },
    ]);
    expect(early.affected).toBe(1);
    await coordinator.client.call(coordinate.endEmbargo, { params, body: { reason: 'it is out' } });
    const shown = await coordinator.client.call(distribute.preview, { params, body: publication });
    expect(shown.problems).toEqual([]);
    const { advisory } = await coordinator.client.call(distribute.publish, {
      params,
      body: publication,
    });
    const path = `/v1/advisories/${advisory}`;
    const answer = await server.send({ method: 'GET', path });
    expect(await answer.text()).toBe(shown.osv);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=60');
    const tag = answer.headers.get('etag') ?? '';
    const same = await server.send({ method: 'GET', path, headers: { 'if-none-match': tag } });
    expect([same.status, await same.text()]).toEqual([304, '']);
    const publicly = async (query: string) => {
      const got = await server.send({ method: 'GET', path: `/v1/advisories?${query}` });
      return ((await got.json()) as { items: { id: string }[] }).items.map((item) => item.id);
    };
    expect(await publicly('package=CJSO&ecosystem=Debian')).toEqual([advisory]);
    expect(await publicly('id=CVE-2026-77777')).toEqual([advisory]);
    expect(await publicly('ecosystem=npm')).toEqual([]);
    const view = await server.send({ method: 'GET', path: `${path}/view` });
    expect(await view.json()).toMatchObject({ credits: ['Grace Hopper'], patch: null });
  });
});

describe('an inventory', () => {
  test('DIS-12 is previewed line by line, kept by nobody, and once given says what was not understood', async () => {
    const operator = await server.party('operator', 'A bank');
    const file = toBase64(utf8('cjson 1.7.15-1\nfirefox\n'));
    const preview = await operator.client.call(distribute.previewInventory, {
      body: { file, as: 'product-list', ecosystem: 'Debian:12' },
    });
    expect(preview).toMatchObject({
      format: 'product-list',
      components: 1,
      ecosystems: [{ ecosystem: 'Debian:12', components: 1 }],
      notUnderstood: [{ path: 'line 2', code: 'version-missing' }],
      affected: [{ where: [{ component: 'cjson', fixed: '1.7.18-1' }] }],
    });
    expect((await operator.client.call(distribute.listInventories)).items).toEqual([]);
    const list = { name: 'Desk', file, as: 'product-list', ecosystem: 'Debian:12' } as const;
    await operator.client.call(distribute.addInventory, { body: list });
    expect((await operator.client.call(distribute.listInventories)).items).toMatchObject([
      { name: 'Desk', components: 1, notUnderstood: 1 },
    ]);
  });

  test('DIS-13 of the same name replaces the one before, and its cards follow', async () => {
    const operator = await server.party('operator', 'A utility');
    const upload = async (version: string, expected: readonly unknown[]) => {
      const file = toBase64(utf8(`cjson ${version}\n`));
      const body = { name: 'Desk', file, as: 'product-list', ecosystem: 'Debian:12' } as const;
      const { revision } = await operator.client.call(distribute.addInventory, { body });
      await until(async () => {
        const { items } = await operator.client.call(distribute.listNotices);
        const shown = items.map((n) => [n.status, n.card.where[0]?.version]);
        expect([revision, ...shown]).toEqual(expected);
      });
    };
    await upload('1.7.15-1', [1, ['open', '1.7.15-1']]);
    await upload('1.7.16-1', [2, ['open', '1.7.16-1']]);
    await upload('1.7.18-1', [3, ['resolved', '1.7.16-1']]);
    await upload('1.7.15-1', [4, ['open', '1.7.15-1']]);
    const [notice] = (await operator.client.call(distribute.listNotices)).items;
    if (notice === undefined) throw new Error('expected a notice');
    const params = { notice: notice.id };
    await operator.client.call(distribute.receipt, { params, body: { outcome: 'done' } });
    await upload('1.7.15-1', [5, ['open', '1.7.15-1']]);
    await operator.client.call(distribute.receipt, { params, body: { outcome: 'done' } });
    await operator.client.call(helpers.undoReceipt, { params, body: {} });
    expect((await operator.client.call(distribute.notice, { params })).status).toBe('open');
  });
});

describe('a helper', () => {
  async function withNotice() {
    const operator = await server.party('operator', 'A hospital');
    const file = toBase64(utf8('cjson 1.7.15-1\n'));
    const body = { name: 'Ward', file, as: 'product-list', ecosystem: 'Debian:12' } as const;
    await operator.client.call(distribute.addInventory, { body });
    const notice = await until(async () => {
      const [first] = (await operator.client.call(distribute.listNotices)).items;
      if (first === undefined) throw new Error('expected a notice');
      return first;
    });
    return { operator, notice, params: { notice: notice.id } };
  }

  async function openLink(link: string) {
    const token = link.split('#')[1] ?? '';
    const body = JSON.stringify({ token });
    const headers = { 'content-type': 'application/json' };
    return await server.send({ method: 'POST', path: '/v1/help', body, headers });
  }

  test('DIS-14 a link opens one card, until it is taken back', async () => {
    const { operator, notice, params } = await withNotice();
    await expect(
      operator.client.call(helpers.delegate, { params, body: {} }),
    ).rejects.toMatchObject(refusedAs('helper-unnamed'));
    const made = await operator.client.call(helpers.delegate, { params, body: { name: 'Sam' } });
    const link = made.link ?? '';
    expect(link).toMatch(/\/help#[A-Za-z0-9_-]{43}$/);
    const opened = await openLink(link);
    expect(await opened.json()).toMatchObject({ status: 'helper', card: notice.card });
    const { items } = await operator.client.call(helpers.listHelpers, { params });
    expect(items).toMatchObject([{ kind: 'link', name: 'Sam', openedAt: expect.any(String) }]);
    await operator.client.call(helpers.revokeHelper, {
      params: { ...params, helper: made.helper },
    });
    expect((await openLink(link)).status).toBe(403);
    expect((await operator.client.call(distribute.notice, { params })).status).toBe('open');
  });

  test('DIS-14 a link runs out by itself, and reports on behalf of whoever gave it', async () => {
    const { operator, params } = await withNotice();
    const made = await operator.client.call(helpers.delegate, { params, body: { name: 'Kim' } });
    const token = (made.link ?? '').split('#')[1] ?? '';
    const report = async () =>
      await server.send({
        method: 'POST',
        path: '/v1/help/receipt',
        body: JSON.stringify({ token, outcome: 'done', note: 'rebooted' }),
        headers: { 'content-type': 'application/json' },
      });
    expect((await report()).status).toBe(200);
    expect((await operator.client.call(distribute.notice, { params })).receipt).toMatchObject({
      outcome: 'done',
      note: 'rebooted',
    });
    expect((await report()).status).toBe(409);
    server.clock.set(later(server.clock, 15 * 86_400_000));
    expect((await openLink(made.link ?? '')).status).toBe(403);
  });

  test('DIS-14 a party that helps sees this notice and no other, until its time is over', async () => {
    const { operator, params } = await withNotice();
    const helper = await server.party('operator', 'A service firm');
    await operator.client.call(helpers.delegate, {
      params,
      body: { party: helper.id, expiresAt: later(server.clock, 86_400_000) as Instant },
    });
    const seen = async () => (await helper.client.call(distribute.listNotices)).items;
    expect(await seen()).toMatchObject([{ id: params.notice, asHelper: true }]);
    await expect(
      helper.client.call(helpers.delegate, { params, body: { name: 'Another' } }),
    ).rejects.toMatchObject(refusedAs('not-found'));
    server.clock.set(later(server.clock, 86_399_999));
    expect(await seen()).toHaveLength(1);
    server.clock.set(later(server.clock, 1));
    expect(await seen()).toEqual([]);
    await expect(
      helper.client.call(distribute.receipt, { params, body: { outcome: 'done' } }),
    ).rejects.toMatchObject(refusedAs('not-found'));
    await until(async () => {
      await hurry(server);
      expect((await operator.client.call(distribute.notice, { params })).status).toBe('open');
    });
  });
});

test('COL-7 a file is previewed before it is handed in', async () => {
  const finder = await server.party('finder');
  const preview = async (text: string) =>
    await finder.client.call(collect.preview, { body: { file: toBase64(utf8(text)) } });
  const native = { kind: 'native', package: 'pkg:npm/flat', title: 'x', surprise: 1 };
  expect(await preview(JSON.stringify(native))).toMatchObject({
    format: 'native',
    drafts: [{ package: 'pkg:npm/flat', title: 'x', missing: ['version', 'description'] }],
    notes: ['There is no field "surprise".'],
  });
  await expect(preview('hello')).rejects.toMatchObject(refusedAs('format-unknown'));
});
