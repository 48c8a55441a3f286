import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createRawServer } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseReach, type Resolve } from '../../../apps/server/src/platform/outbound/reach.ts';
import { type FakeUpstream, fakeUpstream } from '../../../apps/server/test/fake-upstream.ts';
import { ask, closing, messages, settled, world } from '../../../apps/server/test/wire-asking.ts';
import { upstreamAt } from '../../../apps/server/test/wiring.ts';
import { quick } from './arena.ts';

// Whoever has a developer's role chooses what the gateway connects to. Nothing that lies where no
// upstream may is ever connected to, whatever its address looks like.

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  await closing();
  for (const close of opened.splice(0)) await close();
});

/** Something inside that counts who connects. */
async function inside(host: string) {
  let connected = 0;
  const server = createRawServer((socket) => {
    connected += 1;
    socket.destroy();
  });
  server.listen(0, host);
  await once(server, 'listening');
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    await closed;
  };
  opened.push(async () => (server.listening ? await close() : undefined));
  const { port } = server.address() as AddressInfo; // listening on a port
  return { port, connected: () => connected, close };
}

async function fake(): Promise<FakeUpstream> {
  const made = await fakeUpstream();
  opened.push(() => made.close());
  return made;
}

const reachOf = (...entries: string[]) => parseReach(entries) ?? expect.fail('no networks');

/** A world in which names mean what a test says: each question takes the next answer. */
async function worldWhere(reach: readonly string[], ...answers: (readonly string[])[]) {
  const asked: string[] = [];
  const resolve: Resolve = (name, _, callback) => {
    asked.push(name);
    const found = answers.length > 1 ? (answers.shift() ?? []) : (answers[0] ?? []);
    setImmediate(() =>
      callback(
        null,
        found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    );
  };
  // One try: that it was not reached is told after it, and not after some seconds.
  const { exchange } = quick;
  const at = await world({
    limits: { exchange },
    upstreams: { reach: reachOf(...reach), resolve },
  });
  return { at, asked };
}

const wish = { model: 'fake', messages, max_tokens: 5 };
/** What a client is told: what it would be told of an endpoint that is down. */
const unreached = { error: { code: 'upstream-unreached' } };

describe('nothing inside is connected to', () => {
  test.each([
    'http://127.0.0.1',
    'https://127.0.0.1',
    'https://127.0.0.2',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:7f00:1]',
    'https://[::127.0.0.1]',
    'https://0.0.0.0',
    'https://2130706433',
    'https://0x7f.1',
    'https://127.1',
    'https://0177.0.0.1',
    'https://①②⑦.0.0.1',
    'https://[64:ff9b::7f00:1]',
    'https://[2002:7f00:1::]',
  ])('at %s, which is an address by itself', async (origin) => {
    const trap = await inside('127.0.0.1');
    const { at, asked } = await worldWhere(['public'], ['127.0.0.1']);
    const secret = at.key({ upstreams: [upstreamAt(`${origin}:${trap.port}`)] });
    const answer = await ask(at, secret, wish);
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject(unreached);
    expect(trap.connected()).toBe(0);
    expect(asked).toEqual([]);
    const [only] = await settled(at);
    expect(only?.taken).toBe('unused');
    expect(only?.ended.marks).toEqual(['endpoint-nowhere']);
  });

  test.each([
    ['an address inside', ['127.0.0.1']],
    ['one inside beside one that may be called', ['8.8.8.8', '127.0.0.1']],
    ['one inside, mapped into IPv6', ['::ffff:127.0.0.1']],
    ['the addresses of a cloud’s own services', ['169.254.169.254']],
    ['no address', []],
  ])('by a name that has %s', async (_, addresses) => {
    const trap = await inside('127.0.0.1');
    const { at } = await worldWhere(['public'], addresses);
    const upstreams = [upstreamAt(`https://inside.example:${trap.port}`)];
    const answer = await ask(at, at.key({ upstreams }), wish);
    expect([answer.status, await answer.json()]).toMatchObject([502, unreached]);
    expect(trap.connected()).toBe(0);
    const [only] = await settled(at);
    expect(only?.ended.marks).toEqual(['endpoint-nowhere']);
  });

  test('and what a client is told, in words and headers, is what an endpoint that is down gets', async () => {
    const down = await inside('127.0.0.1');
    const here = await worldWhere(['127.0.0.1'], ['127.0.0.1']);
    const there = await worldWhere(['public'], ['10.0.0.1']);
    const tell = async ({ at }: typeof here, baseUrl: string) => {
      const answer = await ask(at, at.key({ upstreams: [upstreamAt(baseUrl)] }), wish);
      const {
        'x-breakwater-request': _,
        date: __,
        ...headers
      } = Object.fromEntries(answer.headers);
      return [answer.status, headers, await answer.text()];
    };
    await down.close();
    const refused = await tell(here, `http://127.0.0.1:${down.port}`);
    expect(await tell(there, 'https://vault.corp.internal')).toEqual(refused);
    expect(JSON.stringify(refused)).not.toMatch(/vault|10\.0|address/);
  });
});

test('a name that means another address a moment later: each connection is judged by its own answer', async () => {
  const upstream = await fake();
  const { port } = new URL(upstream.baseUrl);
  const trap = await inside('127.0.0.2');
  // Judged well twice, and then it turns: no later connection goes to where it leads.
  const { at, asked } = await worldWhere(['127.0.0.1'], ['127.0.0.1'], ['127.0.0.2']);
  const secret = at.key({ upstreams: [upstreamAt(`http://rebound.example:${port}`)] });
  expect((await ask(at, secret, wish)).status).toBe(200);
  // The connection is kept: what the name means now is not asked.
  expect((await ask(at, secret, wish)).status).toBe(200);
  expect(asked).toEqual(['rebound.example']);
  const other = at.key({ upstreams: [upstreamAt(`http://rebound.example:${trap.port}`)] });
  expect((await ask(at, other, wish)).status).toBe(502);
  expect(trap.connected()).toBe(0);
});

test('a redirect is followed nowhere, and not told', async () => {
  const trap = await inside('127.0.0.1');
  const sending = createServer((_, response) => {
    response.writeHead(307, { location: `http://127.0.0.1:${trap.port}/latest/meta-data` }).end();
  });
  sending.listen(0, '127.0.0.1');
  await once(sending, 'listening');
  opened.push(async () => void sending.close());
  const { port } = sending.address() as AddressInfo; // listening on a port
  const { at } = await worldWhere(['127.0.0.1'], []);
  const secret = at.key({ upstreams: [upstreamAt(`http://127.0.0.1:${port}`)] });
  const answer = await ask(at, secret, wish);
  expect([answer.status, await answer.json()]).toMatchObject([
    502,
    { error: { code: 'upstream-unusable' } },
  ]);
  expect(answer.headers.get('location')).toBeNull();
  expect(trap.connected()).toBe(0);
});

test('no proxy of the environment stands between', async () => {
  const upstream = await fake();
  const proxy = await inside('127.0.0.1');
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy']) {
    vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`);
  }
  vi.stubEnv('NODE_USE_ENV_PROXY', '1');
  try {
    const { at } = await worldWhere(['127.0.0.1'], []);
    const secret = at.key({ upstreams: [upstreamAt(upstream.baseUrl)] });
    expect((await ask(at, secret, wish)).status).toBe(200);
    expect(proxy.connected()).toBe(0);
  } finally {
    vi.unstubAllEnvs();
  }
});
