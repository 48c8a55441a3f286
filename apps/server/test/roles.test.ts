import { type Body, collect, coordinate, directory, operations, owner } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';

let server: TestServer;
let caseId: Id<'case'>;
beforeAll(async () => {
  server = await startTestServer();
  const finder = await server.party('finder');
  const body = {
    kind: 'native',
    package: 'pkg:deb/debian/cjson',
    version: '1.7.15-1',
    title: 'Overflow',
    marking: 'AMBER',
    description: 'Told at length',
    identifiers: [] as string[],
  } satisfies Body<typeof collect.submit>;
  const submitted = await finder.client.call(collect.submit, { body });
  if (submitted.case === null) throw new Error('expected a case');
  caseId = submitted.case;
});
afterAll(async () => await server[Symbol.asyncDispose]());

const permissions = [
  'coordinate.get',
  'coordinate.list',
  'coordinate.set-embargo',
  'prioritize.get',
];

/** A role that no line of code knows. */
async function addTriager(): Promise<TestParty> {
  await server.administrator.call(directory.addRole, {
    body: { name: 'triager', title: 'First reader', permissions, principals: ['coordinators'] },
  });
  return await server.party('triager');
}

async function ask(party: TestParty, method: 'GET' | 'POST', path: string, body?: object) {
  const answer = await server.send({
    method,
    path,
    key: party.key,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

describe('a role is a row', () => {
  test('POL-1: a role added by data alone may call what its row names, and nothing else', async () => {
    const triager = await addTriager();
    const at = `/v1/cases/${caseId}`;
    const seen = await triager.client.call(coordinate.get, {
      params: { case: caseId },
    });
    expect(seen.level).toBe('all');
    expect((await triager.client.call(coordinate.list)).items.map((c) => c.id)).toEqual([caseId]);
    expect((await ask(triager, 'GET', `${at}/score`)).status).toBe(200);
    const embargo = { endsAt: '2027-01-01T00:00:00Z', zone: 'Europe/Berlin' };
    expect((await ask(triager, 'POST', `${at}/embargo`, embargo)).status).toBe(200);
    for (const operation of operations) {
      if (permissions.includes(operation.id) || operation.callers.includes('public')) continue;
      const path = operation.path.replace(/\{\w+\}/g, 'any');
      const body = operation.method === 'POST' ? {} : undefined;
      const refused = await ask(triager, operation.method, path, body);
      expect([operation.id, refused.body.code]).toEqual([operation.id, 'not-permitted']);
    }
  });

  test('POL-1: whoami tells what the row names', async () => {
    const whoAmI = 'directory.who-am-i';
    await server.administrator.call(directory.addRole, {
      body: { name: 'greeter', title: 'Greeter', permissions: [whoAmI], principals: [] },
    });
    const greeter = await server.party('greeter');
    const me = await greeter.client.call(directory.whoAmI);
    expect([me.party.role, me.permissions]).toEqual(['greeter', [whoAmI]]);
  });

  test('POL-4: a role without the coordinators’ eyes sees no case, whatever it may call', async () => {
    await server.administrator.call(directory.addRole, {
      body: { name: 'blind', title: 'Blind', permissions: [...permissions], principals: [] },
    });
    const blind = await server.party('blind');
    expect((await blind.client.call(coordinate.list)).items).toEqual([]);
    const at = `/v1/cases/${caseId}`;
    const embargo = { endsAt: '2027-01-01T00:00:00Z', zone: 'Europe/Berlin' };
    expect((await ask(blind, 'POST', `${at}/embargo`, embargo)).body).toMatchObject({
      code: 'not-found',
    });
  });

  test('COO-2: who may answer as an owner can be brought in, whatever its role is called', async () => {
    const add = async (name: string, may: string[]) => {
      await server.administrator.call(directory.addRole, {
        body: { name, title: name, permissions: may, principals: [] },
      });
      return await server.party(name);
    };
    const maintainer = await add('maintainer', ['coordinate.get', 'coordinate.acknowledge']);
    const reader = await add('reader', ['coordinate.get']);
    const coordinator = await server.party('coordinator');
    const invite = async (party: TestParty) =>
      await ask(coordinator, 'POST', `/v1/cases/${caseId}/owner`, {
        party: party.id,
        reason: 'it should know',
      });
    expect((await invite(reader)).body).toMatchObject({ code: 'not-an-owner' });
    expect((await invite(maintainer)).status).toBe(200);
    const params = { case: caseId };
    expect((await maintainer.client.call(coordinate.get, { params })).level).toBe('detail');
    await maintainer.client.call(owner.acknowledge, { params, body: {} });
  });

  test('POL-5: an altered role rules whoever holds it from the next call on', async () => {
    const alter = async (may: string[]) =>
      await server.administrator.call(directory.addRole, {
        body: { name: 'changing', title: 'Changing', permissions: may, principals: [] },
      });
    await alter(['coordinate.list']);
    const party = await server.party('changing');
    expect((await ask(party, 'GET', '/v1/cases')).status).toBe(200);
    await alter(['collect.list']);
    expect((await ask(party, 'GET', '/v1/cases')).status).toBe(403);
    expect((await ask(party, 'GET', '/v1/findings')).status).toBe(200);
  });

  test.each([
    ['operation-unknown', { permissions: ['coordinate.rule-the-world'] }],
    ['permission-too-wide', { permissions: ['directory.add-role'] }],
    ['permission-too-wide', { permissions: ['directory.make-link'] }],
    ['principal-unknown', { principals: ['administrator'] }],
    ['role-built-in', { name: 'finder' }],
  ])('POL-6: %s', async (code, wish) => {
    const body = { name: 'wide', title: 'Wide', permissions: ['coordinate.get'], principals: [] };
    await expect(
      server.administrator.call(directory.addRole, { body: { ...body, ...wish } }),
    ).rejects.toMatchObject({ problem: { code } });
  });

  test('a party of a role that is not here is refused', async () => {
    await expect(
      server.administrator.call(directory.addParty, { body: { name: 'X', role: 'nobody' } }),
    ).rejects.toMatchObject({ problem: { code: 'role-unknown' } });
  });

  test('the rows of the built-in roles are what the contract says', async () => {
    const { items } = await server.administrator.call(directory.listRoles);
    for (const role of items.filter((item) => item.builtIn)) {
      const may = operations.filter((o) => o.callers.some((caller) => caller === role.name));
      expect(role.permissions).toEqual(may.map((o) => o.id));
    }
  });
});
