import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { upstreamSecret, type World } from '../../../apps/server/test/wiring.ts';
import { openArena, type RawUpstream, rawUpstream, tries, triesMsMax } from './arena.ts';

let upstream: RawUpstream;
let at: World;
let secret: string;

beforeAll(async () => {
  upstream = await rawUpstream();
  ({ at, secret } = await openArena(upstream.baseUrl));
});
afterAll(async () => {
  await at.wire.close();
  await upstream.close();
});

/** The status and text of a call; null where its connection broke. */
async function call(): Promise<{ readonly status: number; readonly text: string } | null> {
  const before = at.settled.length;
  let told = null;
  try {
    const answer = await fetch(`${at.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
      body: '{"model":"fake","messages":[],"max_tokens":5,"stream":true}',
      signal: AbortSignal.timeout(10_000),
    });
    const headers = JSON.stringify([...answer.headers]);
    told = { status: answer.status, text: await answer.text() };
    expect(headers + told.text).not.toContain(upstreamSecret);
  } catch (error) {
    if (error instanceof Error && error.name === 'AssertionError') throw error;
    // A call that hangs would be one that nobody ends.
    expect(error).not.toMatchObject({ name: 'TimeoutError' });
  }
  await expect.poll(() => at.settled.length, { interval: 2 }).toBe(before + 1);
  expect([at.open(), at.faults]).toEqual([0, []]);
  return told;
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';
const usage = 'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}\n\n';
const chunked = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const last = '0\r\n\r\n';

describe('an upstream that says what it should not', () => {
  const table: readonly (readonly [string, string, 'ends' | 'hangs' | 'resets', unknown])[] = [
    ['nothing, and hangs', '', 'hangs', 'full'],
    ['nothing, and ends', '', 'ends', 'full'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'ends', 'full'],
    ['huge headers', `${ok}X: ${'x'.repeat(100_000)}\r\n\r\n`, 'ends', 'full'],
    ['headers without an end', `${ok}X: y\r\n`.repeat(2_000), 'hangs', 'full'],
    ['two lengths', `${ok}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`, 'ends', 'full'],
    [
      'length and chunks',
      `${ok}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n${last}`,
      'ends',
      'full',
    ],
    ['less than it promised', `${ok}Content-Length: 400\r\n\r\n${usage}`, 'ends', 'full'],
    ['a chunk of no size', `${ok}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 'ends', 'full'],
    [
      'a piece, and hangs',
      `${ok}Transfer-Encoding: chunked\r\n\r\n${chunked(usage)}`,
      'hangs',
      'full',
    ],
    [
      'a piece, and resets',
      `${ok}Transfer-Encoding: chunked\r\n\r\n${chunked(usage)}`,
      'resets',
      'full',
    ],
    [
      'a switch of protocols',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
      'ends',
      'full',
    ],
    [
      'a failure without an end',
      `HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n${chunked('x'.repeat(90_000))}`,
      'hangs',
      'unused',
    ],
    [
      'figures of no sense',
      `${ok}Transfer-Encoding: chunked\r\n\r\n${chunked('data: {"usage":{"prompt_tokens":-1,"completion_tokens":1e400}}\n\n')}${last}`,
      'ends',
      'full',
    ],
    [
      'an event that is never over',
      `${ok}Transfer-Encoding: chunked\r\n\r\n${chunked(`data: ${'['.repeat(200_000)}`)}${last}`,
      'ends',
      'full',
    ],
    [
      'figures in another event’s text',
      `${ok}Transfer-Encoding: chunked\r\n\r\n${chunked('data: {"choices":[{"usage":{"prompt_tokens":1,"completion_tokens":1}}]}\n\n')}${last}`,
      'ends',
      'full',
    ],
    [
      'headers of its account',
      `${ok}Set-Cookie: a=b\r\nX-RateLimit-Remaining: 7\r\nX-Breakwater-Request: r\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(usage)}${last}`,
      'ends',
      { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0 },
    ],
  ];
  test.each(table)(
    'GAT-24 %s: the call ends, and is settled once',
    async (_what, bytes, how, taken) => {
      upstream.say([Buffer.from(bytes)], how);
      await call();
      expect(at.settled.at(-1)?.taken).toEqual(taken);
    },
  );

  test(
    'GAT-20 any bytes: the call ends, is settled once, and tells no secret',
    async () => {
      const piece = fc.oneof(
        fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
        fc
          .constantFrom(
            ok,
            'HTTP/1.1 100 Continue\r\n\r\n',
            'HTTP/1.1 429 Slow\r\n',
            'Transfer-Encoding: chunked\r\n',
            '\r\n',
            chunked(usage),
            chunked('data: {"usage":'),
            chunked('\n'),
            last,
            `X: ${upstreamSecret.slice(1)}\r\n`,
          )
          .map((text) => Buffer.from(text)),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(piece, { maxLength: 10 }),
          fc.boolean(),
          async (pieces, starts) => {
            upstream.say(starts ? [Buffer.from(ok), ...pieces] : pieces, 'ends');
            await call();
          },
        ),
        { numRuns: tries },
      );
    },
    triesMsMax,
  );
});
