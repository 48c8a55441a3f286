import { expect, test } from 'vitest';
import { startScriptedModel } from '../../test/scripted-model.ts';
import { requestBytes } from './attempt.ts';
import { callModel, patience } from './call-model.ts';
import { ModelAnswer, type ModelEndpoint, type ModelRequest } from './model.ts';

const parameters = { type: 'object', properties: { cmd: { type: 'string' } } };
const request: ModelRequest = {
  messages: [{ id: '1', role: 'user', content: 'Find the flag.' }],
  tools: [{ name: 'bash', description: 'Runs a command.', parameters }],
  config: {},
};
const secret = 'sk-very-secret-0123456789';

/** What is kept of an answer of these pieces: by way of JSON, as a journal keeps it. */
async function keptOf(delta: object, usage: object = { prompt_tokens: 9, completion_tokens: 9 }) {
  const head = { id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm' };
  const chunks = [
    { ...head, choices: [{ index: 0, delta, finish_reason: null }] },
    { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { ...head, choices: [], usage },
  ];
  const body = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
  await using server = await startScriptedModel({
    answer: () => ({}),
    fault: () => ({ kind: 'text', body: `${body}data: [DONE]\n\n` }),
  });
  // As a variable has it that was read from a file with its line end.
  const key = `${secret}\n`;
  const endpoint: ModelEndpoint = { api: 'openai', url: server.openai, model: 'm', key };
  const end = await callModel(request, {
    endpoint,
    maxOutputTokens: 100,
    callKey: 'call-1',
    stallMs: 20_000,
    signal: new AbortController().signal,
    requestBytesMax: await requestBytes(endpoint, request),
    patience,
    chance: () => 0.5,
    sleep: async () => undefined,
    onFailed: async () => 'go-on',
  });
  const { answer, attempts } = end;
  const outcomes = attempts.map(({ outcome }) => outcome);
  return {
    end,
    outcomes,
    answer: answer === null ? null : ModelAnswer.parse(JSON.parse(JSON.stringify(answer))),
  };
}

const call = (name: string, given: string) => ({
  tool_calls: [{ index: 0, id: `id ${secret}`, function: { name, arguments: given } }],
});

test.each([
  [2 ** 53 - 1, 2 ** 53 - 1, { input_tokens: 1e9, output_tokens: 1e9, total_tokens: 2e9 }],
  [-1, 5, null],
  [5.5, 5, null],
])('usage of %d and %d can be kept, and read again', async (prompt, completion, expected) => {
  const usage = { prompt_tokens: prompt, completion_tokens: completion };
  expect((await keptOf({ content: 'ok' }, usage)).answer?.usage).toEqual(expected);
});

test('a key that an endpoint repeats stands in nothing that is kept', async () => {
  const given = JSON.stringify({ cmd: ['echo', secret], [secret]: { deep: secret } });
  for (const delta of [
    { content: `your key is ${secret}.` },
    { reasoning_content: `they gave me ${secret}`, content: 'so' },
    call('bash', given),
    call(`bash-${secret}`, '{}'),
    call('bash', `{"cmd": "${secret}`),
  ]) {
    const { answer } = await keptOf(delta);
    expect(answer).not.toBeNull();
    expect(JSON.stringify(answer)).not.toContain(secret);
  }
  const { end } = await keptOf({ content: 'ok' }, { prompt_tokens: `not a number: ${secret}` });
  expect(end.attempts).toMatchObject([{ outcome: 'malformed-answer' }]);
  expect(JSON.stringify(end)).not.toContain(secret);
});

test('half a surrogate pair, which readers of logs refuse, is kept as U+FFFD', async () => {
  const { answer } = await keptOf({ content: 'a\ud800b', ...call('bash', '{"cmd":"\\udc00"}') });
  expect(answer?.message.content).toBe('a\ufffdb');
  expect(answer?.message.tool_calls?.[0]?.arguments).toEqual({ cmd: '\ufffd' });
});

test('arguments nested too deep are none, however deep; a model cannot spoil its log with them', async () => {
  const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const told = { arguments: { raw: null }, parse_error: expect.stringContaining('JSON object') };
  const { answer } = await keptOf(call('bash', nested(300)));
  expect(answer?.message.tool_calls).toMatchObject([told]);
  expect((await keptOf(call('bash', nested(60)))).answer?.message.tool_calls).toMatchObject([
    { arguments: { a: expect.any(Array) } },
  ]);
  // So deep that the SDK gives up: asked once, not over and over.
  expect((await keptOf(call('bash', nested(50_000)))).outcomes).toEqual(['malformed-answer']);
});

test.each(['constructor', '__proto__', 'toString'])('a tool named %s is a name', async (name) => {
  const { answer } = await keptOf(call(name, '{"cmd":"id"}'));
  expect(answer?.message.tool_calls).toMatchObject([{ function: name, arguments: { cmd: 'id' } }]);
});
