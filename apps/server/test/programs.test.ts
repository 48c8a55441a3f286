import { existsSync } from 'node:fs';
import path from 'node:path';
import { ProblemError, wishes } from '@breakwater/contract';
import { addMilliseconds, toBase64, utf8 } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { morning, startTestServer, type TestParty } from './harness.ts';

const from = 'https://github.com/disclose/diodb';

async function importList(
  coordinator: TestParty,
  list: unknown,
  more: Partial<Parameters<typeof bodyOf>[1]> = {},
) {
  return await coordinator.client.call(wishes.importPrograms, { body: bodyOf(list, more) });
}

interface More {
  readonly format: 'disclose-io' | 'bugcrowd';
  readonly source: string;
  readonly at: typeof morning;
}

function bodyOf(list: unknown, more: Partial<More>) {
  const file = toBase64(utf8(JSON.stringify(list)));
  const source = 'disclose.io';
  return {
    format: 'disclose-io',
    source,
    license: 'CC0-1.0',
    at: morning,
    from,
    file,
    ...more,
  } as const;
}

const program = (name: string, host: string) => ({
  program_name: name,
  policy_url: `https://${host}/policy`,
  contact_email: `security@${host}`,
  safe_harbor: 'full',
});

test('DCF-58 a directory comes in whole; the same again changes nothing, another what differs', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const finder = await server.party('finder');
  const list = [program('A', 'a.example'), program('B', 'b.example'), program('C', 'c.example'), 7];
  const counts = { programs: 3, scopes: 3, notUnderstoodMore: 0 };
  const fault = { where: '/3', code: 'no-object', text: 'not an object, so no program' };
  expect(await importList(coordinator, list)).toEqual({
    ...counts,
    added: 3,
    changed: 0,
    unchanged: 0,
    gone: 0,
    notUnderstood: [fault],
  });
  expect(await importList(coordinator, list)).toMatchObject({ added: 0, changed: 0, unchanged: 3 });
  const names = async () =>
    (await finder.client.call(wishes.programs, {})).items.map(({ name }) => name);
  expect(await names()).toEqual(['A', 'B', 'C']);
  const next = [program('B', 'b2.example'), program('A', 'a.example'), program('D', 'd.example')];
  expect(await importList(coordinator, next)).toMatchObject({
    added: 1,
    changed: 1,
    unchanged: 1,
    gone: 1,
  });
  expect(await names()).toEqual(['B', 'A', 'D']);
  expect(await importList(coordinator, list)).toMatchObject({ added: 1, changed: 1, gone: 1 });
  expect(await names()).toEqual(['A', 'B', 'C']);
  const older = addMilliseconds(morning, -1);
  const refused = importList(coordinator, list, { at: older });
  await expect(refused).rejects.toMatchObject({ problem: { code: 'file-older' } });
  const broken = importList(coordinator, {});
  await expect(broken).rejects.toBeInstanceOf(ProblemError);
  // Another directory stands beside it.
  await importList(coordinator, [program('A', 'a.example')], { source: 'Another' });
  expect((await names()).toSorted()).toEqual(['A', 'A', 'B', 'C']);
  const only = await finder.client.call(wishes.programs, { query: { source: 'another' } });
  expect(only.items.map(({ source }) => source.name)).toEqual(['Another']);
  expect(server.errors).toEqual([]);
});

test("DCF-59 a published scope is shown beside a target, and is nobody's leave", async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const finder = await server.party('finder');
  const url = 'https://bugcrowd.com/engagements/acme';
  const targets = {
    in_scope: [
      { type: 'website', target: '*.acme.example' },
      { type: 'other', target: 'Anything else that is ours, please' },
    ],
    out_of_scope: [{ type: 'website', target: 'https://pay.acme.example/' }],
  };
  expect(
    await importList(coordinator, [{ name: 'Acme', url, targets }], { format: 'bugcrowd' }),
  ).toMatchObject({
    scopes: 3,
    notUnderstood: [
      {
        where: '/0/targets/in_scope/1',
        text: 'names no place: Anything else that is ours, please',
      },
    ],
  });
  const about = async (target: string) =>
    (await finder.client.call(wishes.wishes, { query: { target } })).programs;
  expect(await about('https://pay.acme.example/login')).toEqual([
    {
      program: {
        id: expect.any(String),
        name: 'Acme',
        policy: url,
        contacts: [],
        safeHarbor: null,
        source: { name: 'disclose.io', from, license: 'CC0-1.0', at: morning },
      },
      scopes: [
        { written: '*.acme.example', target: '*.acme.example', says: 'in', kind: 'website' },
        {
          written: 'https://pay.acme.example/',
          target: 'https://pay.acme.example/',
          says: 'out',
          kind: 'website',
        },
      ],
    },
  ]);
  // Label boundaries: neither the apex nor a name that ends alike is below.
  expect(await about('acme.example')).toEqual([]);
  expect(await about('notacme.example')).toEqual([]);
  // The platform's host is not the program's own.
  expect(await about('bugcrowd.com')).toMatchObject([{ scopes: [{ says: 'unsaid' }] }]);
  expect(server.errors).toEqual([]);
});

const data = path.resolve(process.env['BREAKWATER_DATA'] ?? '../shared/data', 'scope/diodb');
test.skipIf(!existsSync(data))(
  'DCF-58 all of disclose.io in one go, and again (needs the data beside the repository)',
  async () => {
    const { DatabaseSync } = await import('node:sqlite');
    const file = new DatabaseSync(path.join(data, 'program-list.sqlite'), { readOnly: true });
    const rows = file.prepare('select * from diodb').all();
    file.close();
    await using server = await startTestServer();
    const coordinator = await server.party('coordinator');
    const first = await importList(coordinator, rows);
    expect(first).toMatchObject({ programs: rows.length, added: rows.length, unchanged: 0 });
    expect(first.notUnderstood).toHaveLength(4);
    expect(await importList(coordinator, rows)).toMatchObject({
      added: 0,
      changed: 0,
      unchanged: rows.length,
      gone: 0,
    });
    const { programs } = await coordinator.client.call(wishes.wishes, {
      query: { target: 'auspost.com.au' },
    });
    expect(programs.map((each) => each.program.name)).toContain('Australia Post');
    expect(server.errors).toEqual([]);
  },
);
