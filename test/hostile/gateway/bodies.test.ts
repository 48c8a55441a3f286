import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bodies } from '../../../apps/server/src/slices/frontier/gateway/wire/body.ts';
import {
  depthMax,
  shapeFault,
  valuesMax,
} from '../../../apps/server/src/slices/frontier/gateway/wire/shape.ts';
import { type FakeUpstream, fakeUpstream } from '../../../apps/server/test/fake-upstream.ts';
import { openWorldOfWire, upstreamAt, type World } from '../../../apps/server/test/wiring.ts';
import { tries } from './arena.ts';

let fake: FakeUpstream;
let at: World;
let openAi: string;
let anthropic: string;

beforeAll(async () => {
  fake = await fakeUpstream();
  at = await openWorldOfWire({ limits: { closeMsMax: 50 } });
  const keyFor = (kind: 'openai' | 'anthropic') =>
    at.key({ upstreams: [upstreamAt(fake.baseUrl, { kind })], usageInStreams: 'always' });
  openAi = keyFor('openai');
  anthropic = keyFor('anthropic');
});
afterAll(async () => {
  await at.wire.close();
  await fake.close();
});

const paths = {
  chat: '/v1/chat/completions',
  responses: '/v1/responses',
  messages: '/v1/messages',
  embeddings: '/v1/embeddings',
} as const;

async function post(
  kind: keyof typeof paths,
  body: string | Buffer,
  headers: Record<string, string> = {},
) {
  const key = kind === 'messages' ? anthropic : openAi;
  return await fetch(at.url + paths[kind], {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
}

const plain = {
  chat: { model: 'fake', messages: [{ role: 'user', content: 'hi' }], max_tokens: 5 },
  responses: { model: 'fake', input: 'hi', max_output_tokens: 5 },
  messages: { model: 'fake', messages: [{ role: 'user', content: 'hi' }], max_tokens: 5 },
  embeddings: { model: 'fake', input: 'hi' },
};

describe('GAT-23 what an upstream may read otherwise than it was metered', () => {
  const image = '[{"type":"image_url","image_url":{"url":"x"}}]';
  const table: readonly (readonly [string, string | Buffer])[] = [
    ['answers in capitals', '{"model":"fake","messages":[],"max_tokens":5,"N":100}'],
    ['a limit in capitals', '{"model":"fake","messages":[],"MAX_COMPLETION_TOKENS":100000}'],
    [
      'two contents of one message',
      `{"model":"fake","max_tokens":5,"messages":[{"role":"user","content":${image},"content":"hi"}]}`,
    ],
    [
      'two contents, one with an escape',
      `{"model":"fake","max_tokens":5,"messages":[{"role":"user","\\u0063ontent":${image},"content":"hi"}]}`,
    ],
    [
      'a quote within a sign of another alphabet',
      Buffer.concat([
        Buffer.from('{"model":"fake","max_tokens":5,"messages":[],"x":"'),
        Buffer.from([0x95]),
        Buffer.from('\\",\\"n\\":100,\\"y\\":\\""}'),
      ]),
    ],
    [
      'deeper than any stack',
      `{"model":"fake","stream":true,"messages":[],"max_tokens":5,"stream_options":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`,
    ],
    ['more values than memory', `{"model":"fake","messages":[${'{},'.repeat(valuesMax)}{}]}`],
  ];
  test.each(table)('%s: no call is made', async (_what, body) => {
    const before = fake.asked.length;
    const answer = await post('chat', body);
    expect([answer.status, fake.asked.length - before, at.faults]).toEqual([400, 0, []]);
  });

  test('a body in another form or alphabet goes on as what it was read as', async () => {
    for (const type of ['application/json; charset=utf-7', 'application/x-www-form-urlencoded']) {
      await (await post('chat', JSON.stringify(plain.chat), { 'content-type': type })).text();
      expect(fake.asked.at(-1)?.headers['content-type']).toBe('application/json');
    }
  });

  test('GAT-21 a word by which a call is known again is known to one key alone', async () => {
    const other = at.key({ upstreams: [upstreamAt(fake.baseUrl)] });
    const said = [];
    for (const key of [openAi, openAi, other]) {
      const headers = { authorization: `Bearer ${key}`, 'idempotency-key': 'one' };
      await (await post('chat', JSON.stringify(plain.chat), headers)).text();
      said.push(fake.asked.at(-1)?.headers['idempotency-key']);
    }
    expect(said[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(said[1]).toBe(said[0]);
    expect(said[2]).not.toBe(said[0]);
  });
});

describe('GAT-23 what its tokens do not tell the cost of', () => {
  const web = { type: 'web_search_20250305', name: 'web_search', max_uses: 1 };
  const table = [
    ['chat', { best_of: 50 }],
    ['chat', { use_beam_search: true }],
    ['chat', { n_predict: 100_000 }],
    ['chat', { max_new_tokens: 100_000 }],
    ['chat', { models: ['another'] }],
    ['chat', { fallbacks: ['another'] }],
    ['chat', { modalities: ['text', 'audio'] }],
    ['messages', { inference_geo: 'us' }],
    ['chat', { service_tier: 'scale' }],
    ['chat', { prediction: [{ type: 'content' }] }],
    ['responses', { background: 'true' }],
    ['responses', { background: 1 }],
    ['responses', { context_management: [{ type: 'compaction', compact_threshold: 1_000 }] }],
    ['responses', { tools: [{ Type: 'web_search' }] }],
    ['responses', { tools: [{ type: ['web_search'] }] }],
    ['responses', { tools: [{ type: 'mcp', server_url: 'https://x.example' }], max_tool_calls: 1 }],
    ['messages', { speed: 'fast' }],
    ['messages', { context_management: { edits: [{ type: 'compact_20260112' }] } }],
    ['messages', { tools: [web], mcp_servers: [{ type: 'url', url: 'https://x.example' }] }],
    ['messages', { tools: [{ type: 'advisor_20260301', name: 'a', model: 'b', max_uses: 1 }] }],
  ] as const;
  test.each(table)('%s with %o is not taken', async (kind, more) => {
    const before = fake.asked.length;
    const answer = await post(kind, JSON.stringify({ ...plain[kind], ...more }));
    expect([answer.status, fake.asked.length - before]).toEqual([400, 0]);
    expect(await answer.text()).toContain('not-metered');
  });

  const taken = [
    ['chat', { best_of: 1, service_tier: 'flex', prediction: null }],
    ['responses', { background: false, service_tier: 'default' }],
    ['messages', { service_tier: 'standard_only', context_management: { edits: [] } }],
    ['messages', { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } }],
  ] as const;
  test.each(taken)('%s with %o is', async (kind, more) => {
    expect((await post(kind, JSON.stringify({ ...plain[kind], ...more }))).status).toBe(200);
  });
});

describe('GAT-23 the bound of input', () => {
  const content = [{ type: 'image_url', image_url: { url: 'x' } }];
  const table = [
    ['embeddings', { input: [{ image: 'https://x.example/y.png' }] }],
    ['embeddings', { input: 'x', messages: [{ role: 'user', content }] }],
    ['chat', { messages: [{ role: 'user', Content: content, content: 'hi' }] }],
    ['chat', { messages: [{ role: 'user', content: [{ Type: 'image_url', text: 'x' }] }] }],
  ] as const;
  test.each(table)('of %s with %o is the context', async (kind, more) => {
    const before = at.settled.length;
    await (await post(kind, JSON.stringify({ ...plain[kind], ...more }))).text();
    await expect.poll(() => at.settled.length).toBe(before + 1);
    expect(at.settled.at(-1)?.wish.inputTokens).toBe(100_000);
  });

  test('is that of the longest form of its text', async () => {
    for (const sign of ['\ufdfa', '\u{1d160}', '\u0958']) {
      const text = sign.repeat(500);
      const most = Math.max(
        ...(['NFC', 'NFD', 'NFKC', 'NFKD'] as const).map((form) =>
          Buffer.byteLength(text.normalize(form)),
        ),
      );
      for (const written of [text, JSON.stringify(text).slice(1, -1)]) {
        const escaped = written.replaceAll(/[^ -~]/gu, (one) =>
          Array.from(
            one.split(''),
            (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
          ).join(''),
        );
        for (const said of [written, escaped]) {
          const before = at.settled.length;
          const body = `{"model":"fake","max_tokens":5,"messages":[{"role":"user","content":"${said}"}]}`;
          await (await post('chat', body)).text();
          await expect.poll(() => at.settled.length).toBe(before + 1);
          expect(at.settled.at(-1)?.wish.inputTokens).toBeGreaterThan(most);
        }
      }
    }
  });
});

describe('the look at a body before it is parsed', () => {
  test('lets all pass that is JSON without doubles, and no doubles', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(4), (value, indent) => {
        const text = JSON.stringify({ value }, null, indent);
        expect(shapeFault(Buffer.from(text))).toBeNull();
        expect(shapeFault(Buffer.from(`{"a":{"b":${text},"b" :1}}`))).toBe('key-twice');
      }),
      { numRuns: tries },
    );
  });

  test('says nothing of what is no JSON, and ends', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', ' ', 'a') }),
        (text) => {
          shapeFault(Buffer.from(text));
        },
      ),
      { numRuns: tries },
    );
    expect(shapeFault(Buffer.from('['.repeat(depthMax)))).toBeNull();
    expect(shapeFault(Buffer.from('['.repeat(depthMax + 1)))).toBe('too-deep');
  });
});

test('a body that comes byte by byte takes no more memory than it has bytes', async () => {
  setFlagsFromString('--expose_gc');
  const collect: () => void = runInNewContext('gc');
  const mebibyte = 2 ** 20;
  const bodies = new Bodies({ bytesMax: mebibyte, heldMax: mebibyte, heldByPartyMax: mebibyte });
  const request = Object.assign(new EventEmitter(), { headers: {} });
  const reading = bodies.read(request as unknown as IncomingMessage, 'party'); // all that is read of one
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 200_000; n++) request.emit('data', Buffer.from([n % 256]));
  collect();
  // Each piece by itself would be some hundred bytes.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * mebibyte);
  request.emit('end');
  const held = await reading;
  const expected = Buffer.from(Uint8Array.from({ length: 200_000 }, (_, n) => n % 256));
  expect(typeof held === 'string' ? held : held.body.equals(expected)).toBe(true);
});
