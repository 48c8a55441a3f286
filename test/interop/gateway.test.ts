import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { APICallError, generateText, jsonSchema, streamText, type ToolSet, tool } from 'ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type FakeUpstream, fakeUpstream } from '../../apps/server/test/fake-upstream.ts';
import { openWorldOfWire, upstreamAt, type World } from '../../apps/server/test/wiring.ts';

// The clients that people have, as they are installed, told nothing but another address and a key.

const said = 'word0 word1 word2 word3 word4 ';
/** What is taken by the fake upstream for a tool call, in either interface. */
const tools = { name: 'look', description: 'Looks at a place' };
const plainSchema = {
  type: 'object' as const,
  properties: { at: { type: 'string' as const } },
  required: ['at'],
};
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==';

let upstream: FakeUpstream;
let world: World;
let key: string;
/** Whose quota has nothing left. */
let spent: World;
let spentKey: string;

beforeAll(async () => {
  upstream = await fakeUpstream(({ body }) => ({
    tool: body['tools'] !== undefined && !JSON.stringify(body).includes('harbor'),
    pieceBytes: 11,
  }));
  const upstreams = [
    upstreamAt(upstream.baseUrl),
    upstreamAt(upstream.baseUrl, { kind: 'anthropic' }),
  ];
  world = await openWorldOfWire({ limits: { closeMsMax: 100 } });
  key = world.key({ upstreams });
  spent = await openWorldOfWire({ limits: { closeMsMax: 100 } });
  spentKey = spent.key({ upstreams });
  spent.spend(true);
});
afterAll(async () => {
  expect([...world.faults, ...spent.faults]).toEqual([]);
  expect(world.open()).toBe(0);
  await world.wire.close();
  await spent.wire.close();
  await upstream.close();
});

/** What came to the upstream last. */
const asked = () => upstream.asked.at(-1);

describe('the openai package of npm', () => {
  const client = (at = world, apiKey = key) =>
    new OpenAI({ baseURL: `${at.url}/v1`, apiKey, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'What is wrong here?' }];

  test('chat completions, whole and streamed, with the figures of use', async () => {
    const whole = await client().chat.completions.create({ model: 'fake', messages });
    expect(whole.choices[0]?.message.content).toBe(said);
    expect(whole.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 5 });
    const stream = await client().chat.completions.create({
      model: 'nickname',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const parts = [];
    for await (const part of stream) parts.push(part);
    expect(parts.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(said);
    expect(parts.at(-1)?.usage?.completion_tokens).toBe(5);
  });

  test('a tool that is called, whole and streamed, and an image that is shown', async () => {
    const parameters = plainSchema;
    const functions = [{ type: 'function' as const, function: { ...tools, parameters } }];
    const wish = { model: 'fake', messages, tools: functions };
    const whole = await client().chat.completions.create(wish);
    const [call] = whole.choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({ function: { name: 'look', arguments: '{"at":"here"}' } });
    const streamed = client().chat.completions.stream(wish);
    const { choices } = await streamed.finalChatCompletion();
    expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'look' } });

    const url = `data:image/png;base64,${pixel}`;
    const shown = [{ type: 'image_url' as const, image_url: { url } }];
    await client().chat.completions.create({
      model: 'fake',
      messages: [{ role: 'user', content: shown }],
    });
    expect(asked()?.body['messages']).toEqual([{ role: 'user', content: shown }]);
  });

  test('responses, whole and streamed; embeddings; models', async () => {
    const whole = await client().responses.create({ model: 'fake', input: 'What is wrong?' });
    expect(whole.output_text).toBe(said);
    const stream = await client().responses.create({ model: 'fake', input: 'x', stream: true });
    const deltas: string[] = [];
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') deltas.push(event.delta);
    }
    expect(deltas.join('')).toBe(said);
    const wish = { model: 'fake', input: ['a'], encoding_format: 'float' as const };
    const { data } = await client().embeddings.create(wish);
    expect(data[0]?.embedding).toEqual([0.5, -0.25]);
    const { data: models } = await client().models.list();
    expect(models.map(({ id }) => id)).toEqual(['fake', 'nickname']);
    expect(await client().models.retrieve('nickname')).toMatchObject({ id: 'nickname' });
  });

  test('refusals are errors of its own classes', async () => {
    const ask = (of: OpenAI, model = 'fake') => of.chat.completions.create({ model, messages });
    const late = await ask(client(spent, spentKey)).catch((error: unknown) => error);
    expect(late).toBeInstanceOf(OpenAI.RateLimitError);
    expect(late).toMatchObject({ status: 429, code: 'quota-spent', type: 'rate_limit_error' });
    expect(headerOf(late, 'retry-after')).toBe('1');
    const wrong = await ask(client(world, `bwg_${'A'.repeat(43)}`)).catch((e: unknown) => e);
    expect(wrong).toBeInstanceOf(OpenAI.AuthenticationError);
    const other = await ask(client(), 'another').catch((error: unknown) => error);
    expect(other).toBeInstanceOf(OpenAI.NotFoundError);
    expect(other).toMatchObject({ code: 'model-unknown' });
    const bad = client().chat.completions.create({ model: 'fake', messages, max_tokens: 5_000 });
    expect(await bad.catch((error: unknown) => error)).toBeInstanceOf(OpenAI.BadRequestError);
  });
});

describe('the @anthropic-ai/sdk package of npm', () => {
  const client = (at = world, apiKey = key) =>
    new Anthropic({ baseURL: at.url, apiKey, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'What is wrong here?' }];
  const wish = { model: 'fake', max_tokens: 64, messages };

  test('messages, whole and streamed, with the figures of use', async () => {
    const whole = await client().messages.create(wish);
    expect(whole.content).toMatchObject([{ type: 'text', text: said }]);
    expect(whole.usage).toMatchObject({ input_tokens: 11, output_tokens: 5 });
    const final = await client().messages.stream(wish).finalMessage();
    expect(final.content).toMatchObject([{ type: 'text', text: said }]);
    expect(final.usage.output_tokens).toBe(5);
    expect(asked()?.headers['anthropic-version']).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(asked()?.headers['x-api-key']).not.toContain('bwg_');
  });

  test('tokens that are counted beforehand: a request, and no token', async () => {
    const { max_tokens: _, ...counted } = wish;
    const withTool = { ...counted, tools: [{ ...tools, input_schema: plainSchema }] };
    expect(await client().messages.countTokens(withTool)).toEqual({ input_tokens: 11 });
    expect(asked()).toMatchObject({ path: '/v1/messages/count_tokens', body: withTool });
    await vi.waitFor(() => expect(world.open()).toBe(0));
    const { wish: reserved, taken, ended } = world.settled.at(-1) ?? expect.fail('none settled');
    expect(reserved).toMatchObject({ inputTokens: 0, path: 'count-tokens', stream: false });
    expect(reserved.outputTokens).toEqual({ most: 0, least: 0 });
    expect([taken, ended.status]).toEqual([{ inputTokens: 0, outputTokens: 0 }, 200]);

    const late = await client(spent, spentKey)
      .messages.countTokens(counted)
      .catch((error: unknown) => error);
    expect(late).toBeInstanceOf(Anthropic.RateLimitError);
    const openAiAlone = world.key({ upstreams: [upstreamAt(upstream.baseUrl)] });
    const none = await client(world, openAiAlone)
      .messages.countTokens(counted)
      .catch((error: unknown) => error);
    expect(none).toBeInstanceOf(Anthropic.NotFoundError);
    expect(none).toMatchObject({ error: { error: { code: 'wire-not-spoken' } } });
  });

  test('a tool that is called, whole and streamed, and an image that is shown', async () => {
    const withTools = { ...wish, tools: [{ ...tools, input_schema: plainSchema }] };
    const called = [{ type: 'tool_use', name: 'look', input: { at: 'here' } }];
    const whole = await client().messages.create(withTools);
    expect([whole.stop_reason, whole.content]).toMatchObject(['tool_use', called]);
    const final = await client().messages.stream(withTools).finalMessage();
    expect([final.stop_reason, final.content]).toMatchObject(['tool_use', called]);

    const source = { type: 'base64' as const, media_type: 'image/png' as const, data: pixel };
    const shown = [{ type: 'image' as const, source }];
    await client().messages.create({ ...wish, messages: [{ role: 'user', content: shown }] });
    expect(asked()?.body['messages']).toEqual([{ role: 'user', content: shown }]);
  });

  test('models, and refusals as errors of its own classes', async () => {
    const { data } = await client().models.list();
    expect(data.map(({ id }) => id)).toEqual(['fake', 'nickname']);
    const late = await client(spent, spentKey)
      .messages.create(wish)
      .catch((error: unknown) => error);
    expect(late).toBeInstanceOf(Anthropic.RateLimitError);
    expect(headerOf(late, 'retry-after')).toBe('1');
    const wrong = client(world, `bwg_${'A'.repeat(43)}`).messages.create(wish);
    expect(await wrong.catch((error: unknown) => error)).toBeInstanceOf(
      Anthropic.AuthenticationError,
    );
    const other = client().messages.create({ ...wish, model: 'another' });
    expect(await other.catch((error: unknown) => error)).toBeInstanceOf(Anthropic.NotFoundError);
  });
});

describe('the ai package of npm', () => {
  const models = (at = world, apiKey = key) => ({
    openai: createOpenAICompatible({
      name: 'breakwater',
      baseURL: `${at.url}/v1`,
      apiKey,
      includeUsage: true,
    })('fake'),
    anthropic: createAnthropic({ baseURL: `${at.url}/v1`, apiKey })('fake'),
  });
  const looking: ToolSet = {
    look: tool({ description: tools.description, inputSchema: jsonSchema(plainSchema) }),
  };

  test.each(['openai', 'anthropic'] as const)('in the form of %s', async (form) => {
    const model = models()[form];
    const ordinary = { model, prompt: 'What is wrong?', maxOutputTokens: 200, maxRetries: 0 };
    const whole = await generateText(ordinary);
    expect([whole.text, whole.usage.outputTokens]).toEqual([said, 5]);
    const streamed = streamText(ordinary);
    let text = '';
    for await (const part of streamed.textStream) text += part;
    expect([text, (await streamed.usage).outputTokens]).toEqual([said, 5]);
    const called = await generateText({ ...ordinary, tools: looking });
    expect(called.toolCalls).toMatchObject([{ toolName: 'look', input: { at: 'here' } }]);
    const late = await generateText({ ...ordinary, model: models(spent, spentKey)[form] }).catch(
      (error: unknown) => error,
    );
    expect(APICallError.isInstance(late)).toBe(true);
    expect(late).toMatchObject({ statusCode: 429, isRetryable: true });
    expect(late).toMatchObject({ responseHeaders: { 'retry-after': '1' } });
  });
});

const page = readFileSync(path.join(import.meta.dirname, '../../docs/gateway.md'), 'utf8');
const recipes = [...page.matchAll(/^```sh\n(curl [\s\S]*?)^```/gm)].map(
  ([, recipe = '']) => recipe,
);
const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe.skipIf(!hasCurl)(
  'the recipes of docs/gateway.md, typed as they stand (needs curl)',
  () => {
    test.each(recipes)('%s', async (recipe) => {
      const env = { PATH: process.env['PATH'], BREAKWATER_GATEWAY: world.url, GATEWAY_KEY: key };
      const child = spawn('sh', ['-e', '-c', recipe], { env });
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
      expect(err).not.toMatch(/curl: \(\d+\)/);
      expect(out).toMatch(/word4|"embedding"|"nickname"|"call_1"|toolu_1|"input_tokens":11/);
      expect(out).not.toContain('"error"');
    });

    test('there are some of each kind', () => {
      for (const kind of ['chat/completions', 'responses', 'messages', 'embeddings', 'models']) {
        expect(
          recipes.some((recipe) => recipe.includes(`/v1/${kind}`)),
          kind,
        ).toBe(true);
      }
      expect(recipes.filter((recipe) => recipe.includes('"stream": true')).length).toBeGreaterThan(
        1,
      );
    });
  },
);

const folder = mkdtempSync(path.join(tmpdir(), 'breakwater-interop-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const python = path.join(folder, 'bin/python');
const requirements = path.join(import.meta.dirname, 'python/gateway-requirements.txt');
const script = path.join(import.meta.dirname, 'python/call_gateway.py');
const isLong = process.env['BREAKWATER_LONG'] === '1';

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { timeout: 480_000, encoding: 'utf8' });
  expect(status, `${command} ${args.join(' ')}: ${stderr}`).toBe(0);
}

describe.runIf(isLong)('openai and anthropic of PyPI', { timeout: 600_000 }, () => {
  test('say the same', async () => {
    run('python3', ['-m', 'venv', folder]);
    run(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
    const child = spawn(python, [script], {
      env: {
        PATH: process.env['PATH'],
        BREAKWATER_GATEWAY: world.url,
        GATEWAY_KEY: key,
        SPENT_GATEWAY: spent.url,
        SPENT_KEY: spentKey,
      },
    });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(err).toBe('');
    const called = { name: 'look', arguments: { at: 'here' } };
    const late = { class: 'RateLimitError', status: 429, retry_after: '1' };
    expect(JSON.parse(out)).toEqual({
      openai: {
        chat: { text: said, tokens: 5 },
        streamed: { text: said, tokens: 5 },
        tool: called,
        image: said,
        responses: said,
        responses_streamed: said,
        embedding: [0.5, -0.25],
        models: ['fake', 'nickname'],
        late,
        wrong: 'AuthenticationError',
        other: 'NotFoundError',
      },
      anthropic: {
        message: { text: said, tokens: 5 },
        streamed: { text: said, tokens: 5 },
        tool: called,
        image: said,
        counted: 11,
        models: ['fake', 'nickname'],
        late,
        wrong: 'AuthenticationError',
        other: 'NotFoundError',
      },
    });
  });
});

function headerOf(error: unknown, name: string): string | null {
  const isTold = error instanceof OpenAI.APIError || error instanceof Anthropic.APIError;
  return isTold ? (error.headers?.get(name) ?? null) : null;
}
