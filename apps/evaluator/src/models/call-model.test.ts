import { describe, expect, test } from 'vitest';
import {
  type Asked,
  type Fault,
  type Script,
  startScriptedModel,
} from '../../test/scripted-model.ts';
import { requestBytes } from './attempt.ts';
import { type CallOptions, callModel, patience } from './call-model.ts';
import { conformEndpoint } from './endpoint.ts';
import { textOf } from './messages.ts';
import type { ModelApi, ModelEndpoint, ModelRequest } from './model.ts';

const request: ModelRequest = {
  messages: [
    { id: '1', role: 'system', content: 'You are careful.' },
    { id: '2', role: 'user', content: 'Find the flag.' },
    {
      id: '3',
      role: 'assistant',
      content: 'I look.',
      tool_calls: [{ id: 'c1', function: 'bash', arguments: { cmd: 'ls "a"' }, type: 'function' }],
    },
    { id: '4', role: 'tool', content: 'flag.txt', tool_call_id: 'c1', function: 'bash' },
  ],
  tools: [
    {
      name: 'bash',
      description: 'Runs a command.',
      parameters: { type: 'object', properties: { cmd: { type: 'string' } }, required: ['cmd'] },
    },
  ],
  config: { temperature: 0.5 },
};

const secret = 'sk-very-secret-0123456789';
const apis = ['openai', 'anthropic'] as const;

/** Calls a scripted server; what was waited is told and not waited. */
async function call(api: ModelApi, script: Script, options: Partial<CallOptions> = {}) {
  await using server = await startScriptedModel(script);
  const endpoint: ModelEndpoint = { api, url: server[api], model: 'scripted-1', key: secret };
  const waits: number[] = [];
  const end = await callModel(request, {
    endpoint,
    maxOutputTokens: 500,
    callKey: 'call-1',
    stallMs: 20_000,
    signal: new AbortController().signal,
    requestBytesMax: await requestBytes(endpoint, request),
    patience,
    chance: () => 0.5,
    sleep: async (ms) => {
      waits.push(ms);
    },
    onFailed: async () => 'go-on',
    ...options,
  });
  return { end, waits, asked: [...server.asked], billed: new Map(server.billed) };
}

const first = (fault: Fault) => (asked: Asked) => (asked.before === 0 ? fault : null);

describe.each(apis)('%s', (api) => {
  test('a conversation goes out whole, and an answer with tools comes in', async () => {
    const { end, asked } = await call(api, {
      answer: () => ({
        text: 'Now I read it — ß.',
        tools: [
          { name: 'bash', arguments: { cmd: 'cat flag.txt' } },
          { name: 'bash', arguments: { cmd: 'id' } },
        ],
      }),
    });
    expect(end.attempts).toEqual([{ outcome: 'answered', billing: 'told' }]);
    expect(end.answer).toEqual({
      message: {
        role: 'assistant',
        content: 'Now I read it — ß.',
        tool_calls: [
          {
            id: 'call_1_0',
            function: 'bash',
            type: 'function',
            arguments: { cmd: 'cat flag.txt' },
          },
          { id: 'call_1_1', function: 'bash', type: 'function', arguments: { cmd: 'id' } },
        ],
        source: 'generate',
        model: 'scripted-1',
      },
      stop: 'tool_calls',
      isRefusal: false,
      usage: expect.objectContaining({ input_tokens: asked[0]?.inputTokens }),
    });
    expect(asked).toMatchObject([
      { system: 'You are careful.', turn: 1, tools: ['bash'], maxTokens: 500, key: secret },
    ]);
    expect(asked[0]?.turns.map(({ text }) => text.trim())).toEqual([
      'Find the flag.',
      'I look.',
      'flag.txt',
    ]);
  });

  test('no tokenizer makes more tokens of a request than it has bytes', async () => {
    const { asked } = await call(api, { answer: () => ({ text: 'ok' }) });
    const endpoint: ModelEndpoint = {
      api,
      url: 'http://127.0.0.1:9',
      model: 'scripted-1',
      key: null,
    };
    const bytes = await requestBytes(endpoint, request);
    expect(Math.ceil(bytes / 4)).toBeGreaterThanOrEqual(asked[0]?.inputTokens ?? Infinity);
  });

  test('an answer with more bytes reserved for it than it takes is not sent', async () => {
    await expect(
      call(api, { answer: () => ({ text: 'ok' }) }, { requestBytesMax: 10 }),
    ).rejects.toThrow('where 10 were reserved');
  });

  test.each([
    ['rate-limited', 'none', { kind: 'status', status: 429, retryAfter: '7' }, 7_000],
    ['unavailable', 'none', { kind: 'status', status: 503 }, 375],
    ['unavailable', 'none', { kind: 'status', status: 529 }, 375],
    ['disconnected-before-answer', 'unknown', { kind: 'cut', after: 'request' }, 375],
    ['disconnected-before-answer', 'unknown', { kind: 'cut', after: 'headers' }, 375],
    ['disconnected-in-answer', 'unknown', { kind: 'cut', after: 'half' }, 375],
  ] as const)('%s (billing %s) passes: %o', async (outcome, billing, fault, wait) => {
    const { end, waits, asked, billed } = await call(api, {
      answer: () => ({ text: 'a longer answer, in several parts, then' }),
      fault: first(fault),
    });
    expect(end.attempts.map((each) => [each.outcome, each.billing])).toEqual([
      [outcome, billing],
      ['answered', 'told'],
    ]);
    expect(textOf(end.answer?.message ?? { content: '' })).toBe(
      'a longer answer, in several parts, then',
    );
    expect(waits).toEqual([wait]);
    // Both attempts came under one key, so a provider that knows such keys bills once.
    expect(asked.map(({ callKey }) => callKey)).toEqual(['call-1', 'call-1']);
    expect([...billed.keys()]).toEqual(['call-1']);
  });

  test('nothing comes for too long: tried again', async () => {
    const { end } = await call(
      api,
      { answer: () => ({ text: 'here' }), fault: first({ kind: 'silence' }) },
      { stallMs: 300 },
    );
    expect(end.attempts.map(({ outcome }) => outcome)).toEqual(['stalled', 'answered']);
  });

  test('slow is not stalled', async () => {
    const { end } = await call(api, { answer: () => ({ text: 'a'.repeat(60), pieceMs: 20 }) });
    expect(end.attempts.map(({ outcome }) => outcome)).toEqual(['answered']);
  });

  test.each([
    ['refused-request', 'none', { kind: 'status', status: 400 }],
    ['refused-request', 'none', { kind: 'status', status: 401 }],
    ['malformed-answer', 'unknown', { kind: 'text', body: 'data: {"choices": [\n\n' }],
  ] as const)('%s (billing %s) is for good: %o', async (outcome, billing, fault) => {
    const { end, waits } = await call(api, { answer: () => ({}), fault: () => fault });
    expect(end.answer).toBeNull();
    expect(end.attempts).toMatchObject([{ outcome, billing }]);
    expect(waits).toEqual([]);
  });

  test('patience ends, and waits double up to their bound', async () => {
    const { end, waits } = await call(api, {
      answer: () => ({}),
      fault: () => ({ kind: 'status', status: 500 }),
    });
    expect(end.attempts).toHaveLength(8);
    expect(waits).toEqual([375, 750, 1_500, 3_000, 6_000, 12_000, 24_000]);
  });

  test('a provider that asks for an hour gets the bound', async () => {
    const { waits } = await call(api, {
      answer: () => ({ text: 'ok' }),
      fault: first({ kind: 'status', status: 429, retryAfter: '3600' }),
    });
    expect(waits).toEqual([60_000]);
  });

  test('what is told of failures never holds the key', async () => {
    const fault: Fault = { kind: 'text', body: `data: {"error": "${secret} is unknown"}\n\n` };
    const { end } = await call(api, { answer: () => ({}), fault: () => fault });
    expect(JSON.stringify(end)).not.toContain(secret);
  });

  test.each([
    ['length', 'max_tokens', false],
    ['content_filter', 'content_filter', api === 'anthropic'],
    ['refusal', 'content_filter', true],
  ] as const)('an answer that ends with %s', async (stop, expected, isRefusal) => {
    const { end } = await call(api, { answer: () => ({ text: 'no more', stop }) });
    expect(end.answer).toMatchObject({
      stop: expected,
      isRefusal,
      message: { content: 'no more' },
    });
  });

  test('thoughts are kept apart from words', async () => {
    const { end } = await call(api, { answer: () => ({ reasoning: 'hm, so', text: 'yes' }) });
    const signed = api === 'anthropic' ? { signature: 'signed-1' } : {};
    expect(end.answer?.message.content).toEqual([
      { type: 'reasoning', reasoning: 'hm, so', ...signed },
      { type: 'text', text: 'yes' },
    ]);
  });

  test('arguments that are no JSON object come with the reason', async () => {
    const { end } = await call(api, {
      answer: () => ({ tools: [{ name: 'bash', arguments: '{"cmd": "ls' }] }),
    });
    expect(end.answer?.message.tool_calls).toEqual([
      {
        id: 'call_1_0',
        function: 'bash',
        type: 'function',
        arguments: { raw: '{"cmd": "ls' },
        parse_error: 'the arguments are not a JSON object',
      },
    ]);
  });

  test('an abort ends a call with its reason', async () => {
    const abort = new AbortController();
    const fault = () => {
      abort.abort(new Error('time is over'));
      return { kind: 'silence' } as const;
    };
    await expect(
      call(api, { answer: () => ({}), fault }, { signal: abort.signal }),
    ).rejects.toThrow('time is over');
  });
});

test('openai: a provider that tells no usage has told none', async () => {
  const { end } = await call('openai', { answer: () => ({ text: 'ok', usage: null }) });
  expect(end.answer?.usage).toBeNull();
});

test('nobody goes on where what was lost leaves nothing', async () => {
  const { end } = await call(
    'openai',
    { answer: () => ({}), fault: () => ({ kind: 'cut', after: 'request' }) },
    { onFailed: async () => 'stop' },
  );
  expect(end).toMatchObject({
    answer: null,
    attempts: [{ outcome: 'disconnected-before-answer' }],
  });
});

test.each([
  ['not an address', null, 'endpoint-malformed'],
  ['file:///etc/passwd', null, 'endpoint-malformed'],
  ['https://name:word@host/v1', null, 'endpoint-malformed'],
  ['https://host/v1?key=secret', null, 'endpoint-malformed'],
  ['http://models.example/v1', secret, 'key-unprotected'],
  ['http://models.example/v1', null, 'ok'],
  ['http://127.0.0.1:8000/v1', secret, 'ok'],
  ['https://models.example/v1', secret, 'ok'],
] as const)('%s: %s', (url, key, expected) => {
  const conformed = conformEndpoint({ api: 'openai', url, model: 'm', key });
  expect(conformed.ok ? 'ok' : conformed.refusal.code).toBe(expected);
});
