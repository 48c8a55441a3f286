import { hash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  ask,
  closing,
  messages,
  one,
  settled,
  upstream,
  world,
} from '../../../../../test/wire-asking.ts';
import { upstreamAt, upstreamSecret } from '../../../../../test/wiring.ts';
import { usualLimits } from './gateway.ts';

afterEach(closing);

describe('a call', () => {
  const cases = [
    ['/v1/chat/completions', { model: 'fake', messages, max_tokens: 9 }, 'openai'],
    ['/v1/responses', { model: 'fake', input: 'hi', max_output_tokens: 9 }, 'openai'],
    ['/v1/messages', { model: 'fake', messages, max_tokens: 9 }, 'anthropic'],
    ['/v1/embeddings', { model: 'fake', input: ['hi'] }, 'openai'],
  ] as const;

  test.each(cases)(
    'GAT-24 %s passes byte for byte, and is settled by its figures',
    async (path, body, kind) => {
      const { at, fake, secret } = await one({ pieceBytes: 7 }, {}, { kind });
      const raw = ` ${JSON.stringify(body, null, 1)}\n`;
      const answer = await ask(at, secret, raw, {
        path,
        headers: { cookie: 'a=b', 'x-other': 'c' },
      });
      const text = await answer.text();
      expect(answer.status).toBe(200);
      expect(fake.asked[0]?.raw.toString()).toBe(raw);
      const { headers } = fake.asked[0] ?? {};
      expect([headers?.cookie, headers?.['x-other'], headers?.['accept-encoding']]).toEqual([
        undefined,
        undefined,
        'identity',
      ]);
      expect(headers?.authorization ?? headers?.['x-api-key']).toContain(upstreamSecret);
      const [{ wish, taken, ended } = expect.fail()] = await settled(at);
      const outputTokens = path === '/v1/embeddings' ? 0 : 5;
      expect(taken).toMatchObject({ inputTokens: 11, outputTokens });
      expect(wish).toMatchObject({ path: expect.any(String), stream: false });
      expect(wish.outputTokens).toEqual(
        path === '/v1/embeddings' ? { most: 0, least: 0 } : { most: 9, least: 9 },
      );
      expect(ended.responseDigest).toBe(`sha256:${hash('sha256', text)}`);
      expect(answer.headers.get('x-breakwater-request')).toBe(wish.id);
      expect(wish.requestDigest(9)).toBe(`sha256:${hash('sha256', raw)}`);
    },
  );

  test.each(cases.slice(0, 3))(
    'GAT-24 %s streams byte for byte, and is settled by its figures',
    async (path, body, kind) => {
      const streamed = { ...body, stream: true, stream_options: { include_usage: true } };
      const { at, fake, secret } = await one({ pieceBytes: 13, outputTokens: 40 }, {}, { kind });
      const answer = await ask(at, secret, streamed, { path });
      const direct = await fetch(fake.baseUrl + path, {
        method: 'POST',
        body: JSON.stringify(streamed),
      });
      expect(await answer.text()).toBe(await direct.text());
      expect(answer.headers.get('content-type')).toBe('text/event-stream');
      const [{ taken, wish } = expect.fail()] = await settled(at);
      expect([taken, wish.stream]).toMatchObject([{ inputTokens: 11, outputTokens: 40 }, true]);
    },
  );

  test('GAT-23 without a limit of output gets its key’s, told in a header', async () => {
    const { at, fake, secret } = await one();
    const answer = await ask(at, secret, { model: 'nickname', messages });
    expect(answer.headers.get('x-breakwater-output-limit')).toBe('1000');
    expect(fake.asked[0]?.raw.toString()).toBe(
      '{"max_completion_tokens":1000,"model":"fake","messages":[{"role":"user","content":"hi"}]}',
    );
    const [{ wish } = expect.fail()] = await settled(at);
    expect(wish.outputTokens).toEqual({ most: 1_000, least: 16 });
  });

  test.each([
    ['max_tokens', 'max_completion_tokens', 'max_tokens'],
    ['max_completion_tokens', 'max_tokens', 'max_completion_tokens'],
    ['max_tokens', 'max_tokens', 'max_tokens'],
    [undefined, 'max_tokens', 'max_tokens'],
    [undefined, 'max_completion_tokens', 'max_completion_tokens'],
  ] as const)(
    'GAT-23 an endpoint that obeys %s gets a limit stated as %s as %s',
    async (limitName, stated, name) => {
      const { at, fake, secret } = await one({}, {}, { limitName });
      const body = (key: string, model: string) =>
        `{ "a": "\\"${stated}\\": 1", "${key}" : 7, "model":"${model}","messages":[] }`;
      await ask(at, secret, body(stated, 'nickname'));
      expect(fake.asked[0]?.raw.toString()).toBe(body(name, 'fake'));
      const [{ wish } = expect.fail()] = await settled(at);
      expect(wish.outputTokens).toEqual({ most: 7, least: 7 });
      expect(wish.requestDigest(7)).toBe(`sha256:${hash('sha256', body(stated, 'nickname'))}`);
    },
  );

  test('GAT-23 an endpoint that obeys max_tokens alone gets the limit that is put in as that', async () => {
    const { at, fake, secret } = await one({}, {}, { limitName: 'max_tokens' });
    await ask(at, secret, { model: 'fake', messages, max_completion_tokens: null });
    expect(fake.asked[0]?.body).toMatchObject({ max_tokens: 1_000 });
    await ask(at, secret, '{"max_tokens":null,"max_completion_tokens":7,"model":"nickname"}');
    expect(fake.asked[1]?.raw.toString()).toBe(
      '{"max_tokens":7,"max_completion_tokens":7,"model":"fake"}',
    );
    const responses = { path: '/v1/responses' };
    await ask(at, secret, { model: 'fake', input: 'hi' }, responses);
    expect(fake.asked[2]?.body).toMatchObject({ max_output_tokens: 1_000 });
  });

  test('GAT-23 with an image is reserved at the model’s context', async () => {
    const { at, secret } = await one();
    const content = [{ type: 'image_url', image_url: { url: 'https://a.example/b.png' } }];
    await ask(at, secret, { model: 'fake', messages: [{ role: 'user', content }] });
    const [{ wish } = expect.fail()] = await settled(at);
    expect(wish.inputTokens).toBe(100_000);
  });

  test('GAT-24 of which the upstream tells no figures is settled in full', async () => {
    const { at, secret } = await one({ usage: false });
    await ask(at, secret, { model: 'fake', messages, stream: true }).then((answer) =>
      answer.text(),
    );
    const [{ taken } = expect.fail()] = await settled(at);
    expect(taken).toBe('full');
  });

  test('GAT-24 has its figures asked for where the key wants them always, and hidden again', async () => {
    const { at, fake, secret } = await one({ pieceBytes: 5 }, { usageInStreams: 'always' });
    const answer = await ask(at, secret, { model: 'fake', messages, stream: true });
    const text = await answer.text();
    expect(fake.asked[0]?.body['stream_options']).toEqual({ include_usage: true });
    expect(text).not.toContain('prompt_tokens');
    expect(text).toContain('data: [DONE]');
    const [{ taken } = expect.fail()] = await settled(at);
    expect(taken).toMatchObject({ inputTokens: 11, outputTokens: 5 });
  });

  test('GAT-24 goes on to its end when the client leaves, and is settled by its figures', async () => {
    const { at, fake, secret } = await one({ outputTokens: 30, betweenMs: 5 });
    const body = { model: 'fake', messages, stream: true, stream_options: { include_usage: true } };
    const leaving = new AbortController();
    const answer = await ask(at, secret, body, { signal: leaving.signal });
    await answer.body?.getReader().read();
    leaving.abort();
    const [{ taken } = expect.fail()] = await settled(at);
    expect(taken).toMatchObject({ outputTokens: 30 });
    expect(fake.under()).toBe(0);
  });

  test('GAT-44 whose bodies are kept hands both over as they were sent on', async () => {
    const { at, secret } = await one({}, { keeps: { recipients: ['age1of'] } });
    const body = { model: 'fake', messages, max_tokens: 5 };
    const text = await ask(at, secret, body).then((answer) => answer.text());
    await settled(at);
    const [kept = expect.fail()] = at.kept;
    expect([Buffer.from(kept.request).toString(), Buffer.from(kept.response).toString()]).toEqual([
      JSON.stringify(body),
      text,
    ]);
  });
});

describe('an upstream that fails', () => {
  test('GAT-25 is left for another one, and the call is settled once', async () => {
    const broken = await upstream({ status: 500, pieces: ['{"error":{}}'] });
    const well = await upstream();
    const at = await world();
    const upstreams = [
      upstreamAt(broken.baseUrl),
      upstreamAt(well.baseUrl, { modelName: 'other' }),
    ];
    const secret = at.key({ upstreams });
    const answer = await ask(at, secret, { model: 'fake', messages });
    expect(answer.status).toBe(200);
    expect([broken.asked.length, well.asked.length]).toEqual([1, 1]);
    expect(well.asked[0]?.body['model']).toBe('other');
    const [{ ended } = expect.fail()] = await settled(at);
    expect(ended.upstream?.id).toBe(upstreams[1]?.id);
  });

  test('GAT-25 is not called again while another has still to be tried, though that one is full', async () => {
    const { promise: until, resolve: release } = Promise.withResolvers<void>();
    const failing = await upstream({ status: 503 });
    const full = await upstream({ until });
    const at = await world();
    const other = upstreamAt(full.baseUrl, { concurrent: 1 });
    const before = ask(at, at.key({ upstreams: [other] }), { model: 'fake', messages });
    await vi.waitFor(() => expect(full.asked).toHaveLength(1));
    const secret = at.key({ upstreams: [upstreamAt(failing.baseUrl), other] });
    const asking = ask(at, secret, { model: 'fake', messages });
    // Another try at the one that failed would have been made at once.
    await delay(100);
    expect(failing.asked).toHaveLength(1);
    release();
    expect([(await before).status, (await asking).status]).toEqual([200, 200]);
    expect([failing.asked.length, full.asked.length]).toEqual([1, 2]);
    await settled(at, 2);
  });

  test('GAT-25 is tried again where there is no other, and its own words are passed on', async () => {
    const { at, fake, secret } = await one({
      status: 503,
      headers: { 'retry-after': '0', 'openai-organization': 'org-of-the-developer' },
      pieces: ['{"error":{"message":"busy"}}'],
    });
    const answer = await ask(at, secret, { model: 'fake', messages });
    expect([answer.status, await answer.json()]).toEqual([503, { error: { message: 'busy' } }]);
    expect(answer.headers.get('openai-organization')).toBeNull();
    expect(fake.asked).toHaveLength(3);
    const [{ taken } = expect.fail()] = await settled(at);
    expect(taken).toBe('unused');
    expect(at.wire.aside()).toBe(0);
    await (await ask(at, secret, { model: 'fake', messages })).text();
    await settled(at, 2);
    expect(at.wire.aside()).toBe(1);
  });

  const secrets = [
    [401, '{"error":{"message":"Incorrect API key provided: sk-of-the"}}', 502],
    [429, '{"error":{"message":"limit of organization org-abc"}}', 503],
    [400, `{"error":{"message":"with ${upstreamSecret}"}}`, 502],
    [302, 'see there', 502],
  ] as const;
  test.each(secrets)(
    'GAT-24 answers with %i and tells nothing of its account',
    async (status, text, got) => {
      const { at, secret } = await one({
        status,
        headers: { 'retry-after': '60' },
        pieces: [text],
      });
      const answer = await ask(at, secret, { model: 'fake', messages });
      expect(answer.status).toBe(got);
      expect(await answer.text()).not.toMatch(/sk-of|org-abc/);
      expect((await settled(at))[0]?.taken).toBe('unused');
    },
  );

  test('GAT-24 breaks off an answer: so does ours, and the call is settled in full', async () => {
    const { at, secret } = await one({ breaks: 'after' });
    const answer = await ask(at, secret, { model: 'fake', messages, stream: true });
    await expect(answer.text()).rejects.toThrow();
    expect((await settled(at))[0]?.taken).toBe('full');
  });

  test('GAT-25 breaks off before its answer: it is not asked twice, and settled in full', async () => {
    const { at, fake, secret } = await one({ breaks: 'before' });
    const answer = await ask(at, secret, { model: 'fake', messages });
    expect(answer.status).toBe(502);
    expect(fake.asked).toHaveLength(1);
    expect((await settled(at))[0]?.taken).toBe('full');
  });

  test('GAT-25 cannot be reached: nothing was taken', async () => {
    const { at, fake, secret } = await one();
    await fake.close();
    const answer = await ask(at, secret, { model: 'fake', messages });
    expect(answer.status).toBe(502);
    expect((await settled(at))[0]?.taken).toBe('unused');
  });
});

describe('who waits for an upstream', () => {
  test('GAT-25 takes turns by party', async () => {
    const { promise: until, resolve: release } = Promise.withResolvers<void>();
    const order: string[] = [];
    const fake = await upstream((asked) => {
      order.push(String(asked.body['user']));
      return order.length === 1 ? { until } : {};
    });
    const at = await world();
    const upstreams = [upstreamAt(fake.baseUrl, { concurrent: 1 })];
    const [flood, quiet] = [at.key({ upstreams }), at.key({ upstreams })];
    const calls = [ask(at, flood, { model: 'fake', messages, user: 'f0' })];
    await vi.waitFor(() => expect(order).toEqual(['f0']));
    for (const user of ['f1', 'f2', 'f3']) {
      calls.push(ask(at, flood, { model: 'fake', messages, user }));
      await vi.waitFor(() => expect(at.open()).toBe(calls.length));
    }
    calls.push(ask(at, quiet, { model: 'fake', messages, user: 'q' }));
    await vi.waitFor(() => expect(at.open()).toBe(5));
    release();
    await Promise.all(calls);
    expect(order.indexOf('q')).toBeLessThan(order.indexOf('f3'));
    await settled(at, 5);
  });

  test('GAT-25 beyond the length of the queue is told to come again', async () => {
    const fake = await upstream({ breaks: 'hangs' });
    const upstreamLimits = { ...usualLimits.upstreams, waitingMax: 1, waitMsMax: 50 };
    const at = await world({ limits: { upstreams: upstreamLimits } });
    const secret = at.key({ upstreams: [upstreamAt(fake.baseUrl, { concurrent: 1 })] });
    const leaving = new AbortController();
    const hanging = ask(at, secret, { model: 'fake', messages }, { signal: leaving.signal });
    await vi.waitFor(() => expect(fake.asked).toHaveLength(1));
    const answers = await Promise.all(
      [1, 2].map(() => ask(at, secret, { model: 'fake', messages })),
    );
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual(['5', '5']);
    leaving.abort();
    await hanging.catch(() => {});
  });
});
