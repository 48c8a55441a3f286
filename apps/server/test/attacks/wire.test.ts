import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from '../harness.ts';

let server: TestServer;
let finder: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  finder = await server.party('finder');
});
afterAll(async () => await server[Symbol.asyncDispose]());
afterEach(() => expect(server.errors).toEqual([]));

/** Everything the server answers to these bytes until it closes, or the bytes told are there. */
async function raw(bytes: string | Buffer, until = 'never'): Promise<string> {
  const socket = connect(Number(new URL(server.address).port), '127.0.0.1');
  let answered = '';
  const enough = new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      answered += data.toString('latin1');
      if (answered.includes(until)) resolve();
    });
  });
  socket.on('error', () => {});
  socket.write(bytes);
  await Promise.race([once(socket, 'close'), enough]);
  socket.destroy();
  return answered;
}

function statusesIn(answered: string): string[] {
  return [...answered.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((match) => match[1] ?? '');
}

const smuggled = 'GET /v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('two readings of one request', () => {
  test.each([
    ['both lengths', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'Content-Length: 0\r\nContent-Length: 44\r\n\r\n'],
    ['a length list', 'Content-Length: 0, 44\r\n\r\n'],
    ['a signed length', 'Content-Length: +0\r\n\r\n'],
    ['an unknown coding', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a space before the colon', 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n'],
    ['a folded header', 'X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a bare return', 'X-A: b\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a chunk of no size', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n'],
  ])('%s: refused, and what follows is not read as a request', async (_, rest) => {
    const head = 'POST /v1/findings HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n';
    const answered = await raw(`${head}${rest}${smuggled}`);
    expect(statusesIn(answered)[0]).toMatch(/^4\d\d$/);
    expect(answered).not.toMatch(/HTTP\/1\.1 2\d\d/);
    expect(statusesIn(answered)).toHaveLength(1);
  });
});

describe('what is too large', () => {
  test('headers of 16 KiB or more', async () => {
    const answered = await raw(
      `GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(17_000)}\r\n\r\n`,
    );
    expect(statusesIn(answered)).toEqual(['431']);
  });

  test('an address of any length', async () => {
    const answered = await raw(`GET /${'a'.repeat(17_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(statusesIn(answered)[0]).toMatch(/^4\d\d$/);
  });

  test('a body that a stranger sends without end is not waited for', async () => {
    const head =
      'POST /v1/findings HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: 12345678\r\n' +
      'Transfer-Encoding: chunked\r\n\r\n10000\r\n';
    const answered = await raw(`${head}${'x'.repeat(0x10000)}\r\n`, '\r\n\r\n');
    expect(statusesIn(answered)).toEqual(['401']);
  });

  test('a body in pieces is cut at the limit of its operation', async () => {
    const head =
      `POST /v1/findings HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: 12345678\r\n` +
      `Authorization: Bearer ${finder.key}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    const answered = await raw(`${head}${chunk.repeat(25)}`, '\r\n\r\n');
    expect(statusesIn(answered)).toEqual(['413']);
  });
});

describe('another method or address than it seems', () => {
  test('no header and no parameter overrides the method', async () => {
    const { key } = finder;
    for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      const headers = { [name]: 'POST' };
      const answer = await server.send({
        method: 'GET',
        path: '/v1/findings?_method=POST',
        key,
        headers,
      });
      expect([400, 200]).toContain(answer.status);
      const plain = await server.send({ method: 'GET', path: '/v1/findings', key, headers });
      expect(Object.keys((await plain.json()) as object)).toContain('items');
    }
  });

  test.each(['x-original-url', 'x-rewrite-url', 'x-forwarded-prefix', 'x-forwarded-host'])(
    '%s leads nowhere else',
    async (name) => {
      const answer = await server.send({
        method: 'GET',
        path: '/healthz',
        headers: { [name]: '/metrics' },
      });
      expect(await answer.text()).toBe('ok\n');
    },
  );

  test.each(['TRACE', 'CONNECT', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'])(
    '%s does nothing',
    async (method) => {
      const answered = await raw(
        `${method} /v1/findings HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Canary: c4n4ry\r\n\r\n`,
      );
      expect(answered).not.toMatch(/HTTP\/1\.1 2\d\d/);
      expect(answered).not.toContain('c4n4ry');
    },
  );

  test('an absolute address, two hosts or none are not another host', async () => {
    const close = 'Connection: close\r\n\r\n';
    const asked = await Promise.all([
      raw(`GET http://evil.example/v1/advisories HTTP/1.1\r\nHost: evil.example\r\n${close}`),
      raw(`GET /v1/advisories HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\n${close}`),
      raw(`GET /v1/advisories HTTP/1.1\r\n${close}`),
      raw(`GET /v1/advisories HTTP/1.1\r\nHost: a b\r\n${close}`),
    ]);
    for (const answered of asked) expect(statusesIn(answered)[0]).toMatch(/^4\d\d$/);
  });
});

test('EDG-2 what a proxy would write is not believed of anybody else', async () => {
  const headers = { 'x-forwarded-proto': 'http', 'x-forwarded-for': '203.0.113.7' };
  const answer = await server.send({ method: 'GET', path: '/v1/advisories', headers });
  expect(answer.status).toBe(200);
});

describe('headers from what was sent', () => {
  test.each([
    '/v1/nothing%0d%0aset-cookie:%20a=b',
    '/v1/findings/%0d%0aset-cookie:%20a=b',
    '/v1/findings?after=%0d%0aset-cookie:%20a=b',
    '/sign-in/organization/%0d%0aset-cookie:%20a=b',
    '/sign-in/organization/x/callback?state=%0d%0aset-cookie:%20a=b',
  ])('%s', async (path) => {
    const answered = await raw(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect(answered.split('\r\n\r\n')[0]).not.toMatch(/^set-cookie: a=b/im);
    expect(statusesIn(answered)[0]).toMatch(/^[34]\d\d$/);
  });

  test('an idempotency key or a name of a file holds no line of its own', async () => {
    const body = {
      kind: 'native',
      package: 'pkg:npm/a',
      version: '1',
      title: 'x',
      description: 'd',
      proof: 'cHJvb2Y=',
      proofName: 'a"\r\nset-cookie: a=b\u001b[31m',
    };
    const { key } = finder;
    const answer = await server.send({
      method: 'POST',
      path: '/v1/findings',
      key,
      body: JSON.stringify(body),
    });
    expect([...answer.headers.keys()]).not.toContain('set-cookie');
    expect(answer.status).toBeGreaterThanOrEqual(200);
  });
});
