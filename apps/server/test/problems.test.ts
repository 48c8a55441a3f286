import {
  commonRefusals,
  fillPath,
  type Operation,
  operations,
  Problem,
  roles,
} from '@breakwater/contract';
import { idKinds } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '../src/platform/clock/clock.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';

let server: TestServer;
const parties = new Map<string, TestParty>();
beforeAll(async () => {
  server = await startTestServer();
  for (const role of roles) parties.set(role, await server.party(role));
});
afterAll(async () => await server[Symbol.asyncDispose]());

const each = operations.map((operation) => ({ id: operation.id, operation }));
const withKey = each.filter(({ operation }) => !operation.callers.includes('public'));
const guarded = withKey.filter(({ operation }) => rolesWithout(operation).length > 0);
const byParties = each.filter(({ operation }) => callerOf(operation) !== undefined);
const writes = byParties.filter(({ operation }) => operation.method === 'POST');
const bodied = writes.filter(({ operation }) => !(operation.body instanceof z.ZodUndefined));

describe('every refusal is a problem in the form of RFC 9457', () => {
  test.each(withKey)('$id without a key', async ({ operation }) => {
    const problem = await refused(operation, { status: 401, code: 'key-missing' });
    expect(problem.header('www-authenticate')).toBe('Bearer');
  });

  test.each(withKey)('$id with a key that is none', async ({ operation }) => {
    await refused(operation, { status: 401, code: 'key-missing', key: `bw_${'A'.repeat(43)}` });
  });

  test.each(guarded)('$id in the wrong role', async ({ operation }) => {
    for (const role of rolesWithout(operation)) {
      const key = parties.get(role)?.key;
      await refused(operation, { status: 403, code: 'not-permitted', ...(key && { key }) });
    }
  });

  test.each(writes)('$id without an idempotency key', async ({ operation }) => {
    const key = callerOf(operation);
    for (const tooShortOrLong of ['short', 'x'.repeat(121)]) {
      const headers = { 'idempotency-key': tooShortOrLong };
      await refused(operation, { status: 400, code: 'idempotency-key-missing', key, headers });
    }
  });

  test.each(bodied)('$id with a body that is none of its own', async ({ operation }) => {
    const key = callerOf(operation);
    const bodies = [
      '',
      '{',
      'null',
      '[]',
      '"text"',
      '{"unknown":1}',
      '{"a":"\\ud800"}',
      '[[[[1]]]]',
    ];
    for (const body of bodies) {
      await refused(operation, { status: 400, code: 'input-malformed', key, body });
    }
  });

  test('a path that is none, or not of this method', async () => {
    for (const [method, path] of [
      ['GET', '/v1/nothing'],
      ['POST', '/v1/me'],
      ['DELETE', '/v1/cases'],
    ] as const) {
      const answer = await server.send({ method, path });
      expect(answer.status).toBe(404);
      expect(Problem.parse(await answer.json()).code).toBe('not-found');
    }
  });

  test('a body over the limit', async () => {
    const key = parties.get('finder')?.key ?? '';
    const body = `{"title":"${'x'.repeat(25 * 1024 * 1024)}"}`;
    const answer = await server.send({ method: 'POST', path: '/v1/findings', key, body });
    expect(answer.status).toBe(413);
    expect(Problem.parse(await answer.json()).code).toBe('input-too-large');
  });

  test('a body of millions of parts, or of names that no form has, without pause or echo', async () => {
    const key = parties.get('finder')?.key ?? '';
    const many = Array.from({ length: 100_000 }, (_, i) => `"k${i}":0`).join(',');
    const form =
      '"kind":"native","package":"pkg:npm/a","version":"1","title":"t","description":"d"';
    for (const body of [`[${'0,'.repeat(11_500_000)}0]`, `{${form},${many}}`]) {
      const answer = await server.send({ method: 'POST', path: '/v1/findings', key, body });
      const text = await answer.text();
      expect([answer.status, text.length < 5_000]).toEqual([400, true]);
    }
  });

  test('half a surrogate pair in a text that is kept', async () => {
    const key = parties.get('finder')?.key ?? '';
    const body =
      '{"kind":"native","package":"pkg:npm/a","version":"1","title":"\\ud800","description":"d"}';
    const answer = await server.send({ method: 'POST', path: '/v1/findings', key, body });
    expect(Problem.parse(await answer.json()).got).toBe('a text with half a surrogate pair');
  });

  test('a NUL where the database keeps text', async () => {
    const key = parties.get('finder')?.key ?? '';
    const finding = { kind: 'native', package: 'pkg:npm/ini', title: 't', description: 'd' };
    const body = JSON.stringify({ ...finding, version: '1\u0000' });
    const answer = await server.send({ method: 'POST', path: '/v1/findings', key, body });
    expect([answer.status, Problem.parse(await answer.json()).pointer]).toEqual([400, '/version']);
  });

  test('a control character hidden in a package URL', async () => {
    const key = parties.get('finder')?.key ?? '';
    const finding = { kind: 'native', version: '1', title: 't', description: 'd' };
    const body = JSON.stringify({ ...finding, package: 'pkg:npm/a%00b' });
    const answer = await server.send({ method: 'POST', path: '/v1/findings', key, body });
    expect([answer.status, Problem.parse(await answer.json()).code]).toEqual([
      422,
      'package-malformed',
    ]);
  });

  test('nothing of all this was logged as a fault of ours', () => {
    expect(server.errors).toEqual([]);
  });
});

describe('every answer carries the security headers', () => {
  test.each(['/openapi.json', '/v1/me', '/nothing', '/v1/advisories', '/healthz'])(
    '%s',
    async (path) => {
      const answer = await server.send({ method: 'GET', path });
      const got = Object.fromEntries(
        [...answer.headers].filter(([name]) => /^(content-sec|x-|ref|cross)/.test(name)),
      );
      expect(got).toEqual({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    },
  );

  test('what only the administrator may see is not there for others', async () => {
    for (const path of ['/metrics', '/admin/keys']) {
      expect((await server.send({ method: 'GET', path })).status).toBe(404);
    }
  });
});

test('no operation declares a refusal code that every operation has', () => {
  for (const { refusals } of operations) {
    expect(Object.keys(refusals).filter((code) => code in commonRefusals)).toEqual([]);
  }
});

interface Wish {
  readonly status: number;
  readonly code: string;
  readonly key?: string | undefined;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

async function refused(operation: Operation, wish: Wish) {
  const params: Record<string, string> = { feed: 'kev', id: crypto.randomUUID() };
  for (const kind of idKinds) params[kind] = newId(kind);
  params['join'] = newId('decision');
  params['scope'] = newId('window');
  params['side'] = 'request';
  const answer = await server.send({
    method: operation.method,
    path: fillPath(operation.path, params),
    ...(wish.key === undefined ? {} : { key: wish.key }),
    ...(wish.body === undefined ? {} : { body: wish.body }),
    ...(wish.headers === undefined ? {} : { headers: wish.headers }),
  });
  const problem = Problem.parse(await answer.json());
  expect({ status: answer.status, code: problem.code, said: problem.status }).toEqual({
    status: wish.status,
    code: wish.code,
    said: wish.status,
  });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(problem.type).toBe(`urn:breakwater:problem:${wish.code}`);
  expect(problem.detail).toMatch(/^Expected .+; got .+\. [A-Z].+\.$/);
  return { header: (name: string) => answer.headers.get(name) };
}

function rolesWithout(operation: Operation): string[] {
  return roles.filter((role) => !operation.callers.some((caller) => caller === role));
}

function callerOf(operation: Operation): string | undefined {
  const role = operation.callers.find((c) => c !== 'public' && c !== 'administrator');
  return role === undefined ? undefined : (parties.get(role)?.key ?? role);
}
