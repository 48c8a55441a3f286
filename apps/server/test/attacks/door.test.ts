import { randomUUID } from 'node:crypto';
import { collect, directory, session } from '@breakwater/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from '../harness.ts';

const limits = 'read=1/5,write=1/3,search=1/2,anonymous=1/10,failed-sign-in=1/6';
let server: TestServer;
let finder: TestParty;
beforeAll(async () => {
  server = await startTestServer({
    settings: { BREAKWATER_RATE_LIMITS: limits, BREAKWATER_TRUSTED_PROXY: '127.0.0.1' },
  });
  finder = await server.party('finder');
});
afterAll(async () => await server[Symbol.asyncDispose]());
afterEach(() => expect(server.errors).toEqual([]));

let addresses = 0;
/** Headers as the proxy writes them for a client that nobody has seen yet. */
function fromNewAddress(): Record<string, string> {
  addresses += 1;
  return { 'x-forwarded-for': `198.51.100.${addresses}`, 'x-forwarded-proto': 'https' };
}
const get = (path: string, headers: Record<string, string>, key?: string) =>
  server.send({ method: 'GET', path, headers, ...(key === undefined ? {} : { key }) });
const badKey = () => `bw_${randomUUID().replaceAll('-', '').padEnd(43, 'A')}`;

describe('EDG-10 who asks too often', () => {
  test('is told when to come again, as a problem', async () => {
    const headers = fromNewAddress();
    const party = await server.party('finder');
    const answers = [];
    for (let i = 0; i < 7; i++) answers.push(await get('/v1/findings', headers, party.key));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const [, , , , , refused] = answers;
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused?.headers.get('content-type')).toBe('application/problem+json');
    expect(await refused?.json()).toMatchObject({ status: 429, code: 'too-many-requests' });
  });

  test('takes nothing from others, behind the same address or with another key', async () => {
    const headers = fromNewAddress();
    const [busy, calm] = [await server.party('finder'), await server.party('finder')];
    for (let i = 0; i < 8; i++) await get('/v1/findings', headers, busy.key);
    expect((await get('/v1/findings', headers, busy.key)).status).toBe(429);
    expect((await get('/v1/findings', headers, calm.key)).status).toBe(200);
    expect((await get('/v1/advisories', headers)).status).toBe(200);
  });

  test('is counted by address where nobody knows it, and cannot write another one itself', async () => {
    const proxy = fromNewAddress();
    const statuses = [];
    for (let i = 0; i < 12; i++) {
      const forged = { ...proxy, 'x-forwarded-for': `203.0.113.${i}, ${proxy['x-forwarded-for']}` };
      statuses.push((await get('/v1/advisories', forged)).status);
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
  });

  test('writes and searches have limits of their own', async () => {
    const headers = fromNewAddress();
    const party = await server.party('finder');
    const statuses = [];
    for (let i = 0; i < 4; i++) {
      statuses.push((await get('/v1/search?q=nothing', headers, party.key)).status);
    }
    expect(statuses.at(-1)).toBe(429);
    expect((await get('/v1/findings', headers, party.key)).status).toBe(200);
  });
});

describe('EDG-11 whoever tries keys is held off, and nobody else', () => {
  test('many keys that are none: the address is told to wait', async () => {
    const headers = fromNewAddress();
    const statuses = [];
    for (let i = 0; i < 8; i++) statuses.push((await get('/v1/me', headers, badKey())).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
    // What is good gets in from there all the same: nobody can be locked out by another.
    expect((await get('/v1/me', headers, finder.key)).status).toBe(200);
    const { link } = await server.administrator.call(directory.invite, {
      body: { party: finder.id, manages: false },
    });
    const token = new URL(link).hash.slice(1);
    for (let i = 0; i < 8; i++) await redeem(headers, 'A'.repeat(token.length));
    expect(await redeem(headers, 'A'.repeat(token.length))).toBe(429);
    expect(await redeem(headers, token)).toBe(200);
  });

  test('one key again and again: it is not even looked up', async () => {
    const headers = fromNewAddress();
    const key = badKey();
    const statuses = [];
    for (let i = 0; i < 7; i++) statuses.push((await get('/v1/me', headers, key)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect((await get('/v1/me', fromNewAddress(), key)).status).toBe(401);
  });

  async function redeem(headers: Record<string, string>, token: string): Promise<number> {
    const answer = await server.send({
      method: 'POST',
      path: '/v1/session/redeem',
      headers,
      body: JSON.stringify({ token, name: 'Victim' }),
    });
    return answer.status;
  }
});

describe('EDG-12 another site', () => {
  test('cannot write with the cookie of who is signed in', async () => {
    const person = await server.signIn(finder);
    const write = (headers: Record<string, string>) =>
      server.send({
        method: 'POST',
        path: '/v1/sessions/cut',
        headers: { cookie: person.cookie, ...headers },
        body: JSON.stringify({ others: true }),
      });
    for (const headers of [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: server.address, 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example', 'content-type': 'text/plain' },
      { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
    ]) {
      const answer = await write(headers as Record<string, string>);
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        403,
        'other-site',
      ]);
    }
    expect((await write({ origin: server.address })).status).toBe(200);
  });

  test('cannot sign somebody in as somebody else', async () => {
    const answer = await server.send({
      method: 'POST',
      path: '/v1/session/redeem',
      headers: { origin: 'https://evil.example' },
      body: JSON.stringify({ token: 'A'.repeat(43) }),
    });
    expect(answer.status).toBe(403);
  });

  test('is not answered what a page may read: no answer names another origin', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      const headers = {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'idempotency-key',
      };
      const answer = await server.send({ method, path: '/v1/advisories', headers });
      const named = [...answer.headers.keys()].filter((name) => name.startsWith('access-control'));
      expect(named).toEqual([]);
    }
  });
});

test('a session is limited as itself, not with its colleagues', async () => {
  const [one, two] = [await server.signIn(finder), await server.signIn(finder)];
  const ask = async (person: typeof one) => {
    try {
      await person.client.call(collect.list, { query: { limit: 1 } });
      return 'answered';
    } catch {
      return 'refused';
    }
  };
  const answers = [];
  for (let i = 0; i < 8; i++) answers.push(await ask(one));
  expect(answers.at(-1)).toBe('refused');
  expect(await ask(two)).toBe('answered');
  await expect(two.client.call(session.list)).resolves.toBeDefined();
});
