import { expect, test } from 'vitest';
import { fakeServer } from '../../../test/fake-server.ts';
import { runCli } from '../../../test/run-cli.ts';

const id = (kind: string, digit = '0') => `${kind}_${digit.repeat(26)}`;
const at = '2026-11-22T02:00:00.000Z';
const limits = {
  outputTokensMax: 100,
  concurrency: 2,
  minute: {},
  day: { requests: 10 },
  grant: { costMicros: 5 },
  currency: 'USD',
};
const party = { id: id('party', '1'), name: 'Port of Alder' };

const gkey = (digit: string, more: object = {}) => ({
  id: id('gkey', digit),
  name: `key ${digit}`,
  holder: { id: id('member', digit), name: 'Pat Lind', party },
  party,
  developer: { id: id('party', '2'), name: 'Meridian Models' },
  standsOn: id('grant', '1'),
  of: id('window', '1'),
  gives: 'raw-access',
  model: null,
  names: ['harbor-1'],
  speaks: ['openai'],
  limits,
  proof: { kind: 'none' },
  keepsFor: [],
  usageInStreams: 'as-asked',
  issuedAt: at,
  until: at,
  endedAt: null,
  active: true,
  missing: [],
  cuts: [],
  asOf: at,
  ...more,
});

test('a key is printed once and alone, and all words about it go beside', async () => {
  const issued = { key: id('gkey'), secret: 'bwg_secret', until: at, limits };
  await using server = await fakeServer({ 'POST /v1/gateway/keys': [200, issued] });
  const stand = id('grant');
  const words = ['gateway', 'issue-key', stand, '--name', 'triage', '--usage-in-streams'];
  const { code, out, err } = await runCli([...words, '--dpop', 'a'.repeat(43)], {
    server: server.address,
  });
  expect({ code, out }).toEqual({ code: 0, out: 'bwg_secret\n' });
  expect(err).not.toContain('bwg_');
  expect(server.seen.map(({ body }) => body)).toEqual([
    {
      standsOn: stand,
      name: 'triage',
      proof: { kind: 'dpop', thumbprint: 'a'.repeat(43) },
      usageInStreams: 'always',
    },
  ]);
  const both = await runCli([...words, '--dpop', 'a', '--mtls', 'b', '--json'], {
    server: server.address,
  });
  expect([both.code, both.json()]).toMatchObject([2, { refusal: { code: 'options-exclude' } }]);
});

test('help names what no option can say, and one key is not several', async () => {
  const { out } = await runCli(['gateway', 'add-upstream', '--help']);
  const said = out.replaceAll(/\s+/g, ' ');
  expect(said).toContain('there alone can be said: prices: currency, inputMicros, outputMicros');
  const one = [200, { items: [gkey('1')], next: null }] as const;
  await using server = await fakeServer({ 'GET /v1/gateway/keys?limit=200': one });
  const words = ['gateway', 'cut', party.id, '--dry-run'];
  const { err } = await runCli(words, { server: server.address });
  expect(err).toContain('1 key would stop; nothing was cut off');
});

test('usage tells of each quota what is used, set aside and left, and when more comes', async () => {
  const lines = [
    {
      ...{ span: 'day', kind: 'requests', limit: 10, spent: 3, reserved: 2, left: 5 },
      renewsAt: '2126-11-23T00:00:00.000Z',
    },
    {
      ...{ span: 'grant', kind: 'costMicros', limit: 5, spent: 4, reserved: 0, left: 1 },
      renewsAt: null,
    },
  ];
  const spent = { requests: 3, inputTokens: 40, outputTokens: 7, costMicros: 4 };
  const usage = { key: id('gkey'), spent, lines, currency: 'USD', asOf: at };
  await using server = await fakeServer({
    [`GET /v1/gateway/keys/${id('gkey')}/usage`]: [200, usage],
  });
  const { code, out } = await runCli(['gateway', 'usage', id('gkey')], {
    server: server.address,
  });
  expect(code).toBe(0);
  expect(out).toContain('used       3 requests: 40 tokens in, 7 out, 0.000004 USD\n');
  expect(out).toContain('a day      requests    5 left of 10; 3 used, 2 set aside; more 2126-11-2');
  expect(out).toContain(
    'in all     money       0.000001 USD left of 0.000005 USD; 0.000004 USD used; no more comes\n',
  );
});

test('a cut-off says first which keys it would stop, on every page, and cuts nothing off then', async () => {
  const other = { id: id('party', '3'), name: 'Valley Bank' };
  const pages = {
    'GET /v1/gateway/keys?limit=200': [200, { items: [gkey('1')], next: 'cursor' }],
    'GET /v1/gateway/keys?limit=200&after=cursor': [
      200,
      {
        items: [
          gkey('2', { active: false, missing: ['ended'] }),
          gkey('3', { party: other }),
          gkey('4'),
        ],
        next: null,
      },
    ],
    'POST /v1/gateway/cuts': [200, { cut: id('cut'), at }],
  } as const;
  await using server = await fakeServer(pages);
  const words = ['gateway', 'cut', party.id];
  const asked = await runCli([...words, '--dry-run', '--json'], { server: server.address });
  expect(asked.json()).toEqual({ of: party.id, keys: [id('gkey', '1'), id('gkey', '4')] });
  expect(server.seen.filter(({ method }) => method === 'POST')).toEqual([]);
  expect((await runCli(words, { server: server.address })).code).toBe(2);
  const done = await runCli([...words, '--reason', 'Shared keys.'], { server: server.address });
  expect([done.code, done.err]).toEqual([
    0,
    `taken back with: breakwater gateway lift-cut ${id('cut')}\n`,
  ]);
  expect(server.seen.at(-1)?.body).toEqual({ of: party.id, reason: 'Shared keys.' });
});
