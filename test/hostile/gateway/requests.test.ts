import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeUpstream, fakeUpstream } from '../../../apps/server/test/fake-upstream.ts';
import { upstreamAt, upstreamSecret, type World } from '../../../apps/server/test/wiring.ts';
import { openArena, say, tries, triesMsMax } from './arena.ts';

let fake: FakeUpstream;
let at: World;
let secret: string;

beforeAll(async () => {
  fake = await fakeUpstream();
  ({ at, secret } = await openArena(fake.baseUrl));
});
afterAll(async () => {
  await at.wire.close();
  await fake.close();
});

const body = '{"model":"fake","messages":[{"role":"user","content":"hi"}],"max_tokens":5}';
const head = (more: string) =>
  `POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${secret}\r\n${more}\r\n`;

/** What holds whatever was said: it serves on, nothing is open, no fault, no secret. */
async function stillWell(answered: string): Promise<void> {
  expect(answered).not.toContain(upstreamSecret);
  const health = await fetch(`${at.url}/health`, { signal: AbortSignal.timeout(5_000) });
  expect(health.status).toBe(200);
  expect([at.open(), at.faults]).toEqual([0, []]);
}

describe('framing that two readers understand differently', () => {
  const inner = `GET /v1/models HTTP/1.1\r\nHost: a\r\nx-api-key: ${'k'.repeat(30)}\r\n\r\n`;
  const length = `Content-Length: ${body.length}\r\n`;
  const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const table: readonly (readonly [string, () => string])[] = [
    ['length and chunks', () => head(`${length}Transfer-Encoding: chunked\r\n`) + chunked + inner],
    ['two lengths', () => head(`${length}Content-Length: 3\r\n`) + body],
    ['a length with a sign', () => head(`Content-Length: +${body.length}\r\n`) + body],
    ['a length in hex', () => head('Content-Length: 0x10\r\n') + body],
    ['a list of lengths', () => head(`Content-Length: ${body.length}, 3\r\n`) + body],
    ['chunks that are not last', () => head('Transfer-Encoding: chunked, identity\r\n') + chunked],
    ['a coding nobody knows', () => head('Transfer-Encoding: xchunked\r\n') + chunked],
    ['a space before a colon', () => head('Transfer-Encoding : chunked\r\n') + chunked],
    ['a folded line', () => head(`X: a\r\n ${length}`) + body],
    ['a bare return', () => head(`X: a\r${length}`) + body],
    ['a zero byte', () => head(`X: a\0b\r\n${length}`) + body],
    [
      'a chunk of a size too large',
      () => `${head('Transfer-Encoding: chunked\r\n')}fffffffffffffffff\r\n`,
    ],
    ['a chunk of no size', () => `${head('Transfer-Encoding: chunked\r\n')}\r\n\r\n`],
    ['no host', () => head(length).replace('Host: a\r\n', '') + body],
    ['a method nobody knows', () => head(length).replace('POST', 'P@ST') + body],
    ['a tunnel', () => 'CONNECT other.example:443 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['more headers than fit', () => head(`X: ${'x'.repeat(40_000)}\r\n${length}`) + body],
    [
      'a packed body',
      () => head(`Content-Encoding: gzip\r\nConnection: close\r\n${length}`) + body,
    ],
    ['a body without an end', () => head('Content-Length: 34000000\r\n') + body],
  ];
  test.each(table)('GAT-21 %s: no call is made', async (_what, bytes) => {
    const before = fake.asked.length;
    const answered = await say(at.port, [bytes()]);
    expect(answered).toMatch(/^(?:HTTP\/1\.1 (?:4\d\d|503) |$)/);
    expect(fake.asked).toHaveLength(before);
    await stillWell(answered);
  });

  test('GAT-21 an upgrade is no way out of the protocol', async () => {
    const before = fake.asked.length;
    const upgrade = 'Connection: Upgrade, close\r\nUpgrade: h2c\r\n';
    const answered = await say(at.port, [head(upgrade + length) + body]);
    expect(answered).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(fake.asked).toHaveLength(before + 1);
    expect(fake.asked.at(-1)?.headers['upgrade']).toBeUndefined();
    await stillWell(answered);
  });

  test('GAT-21 a call in the body of another is a body', async () => {
    const before = fake.asked.length;
    const smuggled = JSON.stringify({
      model: 'fake',
      messages: [],
      max_tokens: 1,
      user: head(length) + body,
    });
    const answered = await say(at.port, [
      head(`Connection: close\r\nContent-Length: ${Buffer.byteLength(smuggled)}\r\n`) + smuggled,
    ]);
    expect(answered).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(fake.asked.slice(before).map(({ raw }) => raw.toString())).toEqual([smuggled]);
  });
});

describe('clients that are slow', () => {
  const slow = [
    ['with their headers', () => head('X-Slow: ').slice(0, -2)],
    ['with their body', () => head('Content-Length: 1000\r\n') + body],
    ['with their chunks', () => `${head('Transfer-Encoding: chunked\r\n')}5\r\n{"mod`],
  ] as const;
  test.each(slow)('GAT-21 %s are let go of', async (_what, bytes) => {
    const sockets = Array.from({ length: 30 }, () => say(at.port, [bytes()]));
    for (const answered of await Promise.all(sockets)) await stillWell(answered);
    expect(fake.under()).toBe(0);
  });
});

describe('any bytes', () => {
  test(
    'GAT-21 neither end it nor make it wait',
    async () => {
      const change = fc.record({
        at: fc.nat(),
        remove: fc.nat(30),
        put: fc.oneof(
          fc.uint8Array({ maxLength: 12 }),
          fc
            .constantFrom('\r\n', '\n', '\0', '"', '{', 'Content-Length: 1\r\n', 'a'.repeat(300))
            .map((text) => Buffer.from(text)),
        ),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(change, { minLength: 1, maxLength: 6 }),
          fc.nat(),
          async (changes, cut) => {
            let bytes = Buffer.from(
              head(`Connection: close\r\nContent-Length: ${body.length}\r\n`) + body,
            );
            for (const { at: place, remove, put } of changes) {
              const from = place % (bytes.length + 1);
              bytes = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + remove)]);
            }
            const middle = cut % (bytes.length + 1);
            // What would wait for more is told that there is none.
            const socket = connect(at.port, '127.0.0.1');
            const answered = await new Promise<string>((resolve) => {
              let text = '';
              socket.on('data', (data) => {
                text += data.toString('latin1');
              });
              socket.on('error', () => {});
              socket.on('close', () => resolve(text));
              socket.write(bytes.subarray(0, middle));
              socket.end(bytes.subarray(middle));
            });
            await stillWell(answered);
          },
        ),
        { numRuns: tries },
      );
    },
    triesMsMax,
  );
});

describe('many keys at once', () => {
  test('GAT-20 each gets its own answer, wherever it is cut and whoever leaves', async () => {
    const echo = await fakeUpstream(({ body: asked }) => ({
      pieces: Array.from(
        { length: 20 },
        (_, n) => `data: {"n":${n},"of":"${String(asked['user'])}"}\n\n`,
      ),
      betweenMs: 1,
    }));
    try {
      const callers = Array.from({ length: 60 }, (_, n) => ({
        user: `caller-${n}-`,
        key: at.key({ upstreams: [upstreamAt(echo.baseUrl)] }),
        leaves: n % 3 === 0,
      }));
      const settledBefore = at.settled.length;
      await Promise.all(
        callers.map(async ({ user, key, leaves }) => {
          const answer = await fetch(`${at.url}/v1/chat/completions`, {
            method: 'POST',
            headers: { 'x-api-key': key },
            body: JSON.stringify({
              model: 'fake',
              messages: [],
              user,
              stream: true,
              max_tokens: 5,
            }),
          });
          if (leaves) {
            await answer.body?.getReader().cancel();
            return;
          }
          const of = [...(await answer.text()).matchAll(/"of":"([^"]*)"/g)].map(
            ([, whose]) => whose,
          );
          expect(of).toEqual(Array.from({ length: 20 }, () => user));
        }),
      );
      await expect.poll(() => at.settled.length - settledBefore).toBe(60);
      expect(at.open()).toBe(0);
    } finally {
      await echo.close();
    }
  });
});
