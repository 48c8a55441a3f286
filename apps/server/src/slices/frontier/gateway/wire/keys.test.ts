import { hash } from 'node:crypto';
import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { addMilliseconds, type Instant, toInstant } from '@breakwater/kernel';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ask, closing, messages, one, settled } from '../../../../../test/wire-asking.ts';
import { plainKey, upstreamAt } from '../../../../../test/wiring.ts';

afterEach(closing);

/** What comes of an answer, as it comes. */
function gather(answer: Response) {
  const decoder = new TextDecoder();
  const state = { text: '', ended: Promise.resolve() };
  state.ended = (async () => {
    for await (const chunk of answer.body ?? []) state.text += decoder.decode(chunk);
  })();
  state.ended.catch(() => undefined);
  return state;
}

describe('a key', () => {
  test('GAT-21 that is cut off has its open streams ended, on whichever change touches it', async () => {
    const { at, secret } = await one({ pieces: ['data: {}\n\n'], breaks: 'hangs' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask(at, secret, { model: 'fake', messages, stream: true })),
    );
    at.end(secret);
    for (const answer of answers) await expect(answer.text()).rejects.toThrow();
    const after = await ask(at, secret, { model: 'fake', messages });
    expect(after.status).toBe(401);
  });

  const words = Array.from({ length: 40 }, (_, place) => `data: ${place}\n\n`);
  const doubted = async () => {
    const { at, secret } = await one({ pieces: words, betweenMs: 20 });
    const answer = await ask(at, secret, { model: 'fake', messages, stream: true });
    const asking = at.slowBook();
    const reading = gather(answer);
    return { at, secret, asking, reading };
  };

  test('GAT-21 gets nothing while it is asked whether it still stands, and all of it afterwards', async () => {
    const { at, secret, asking, reading } = await doubted();
    at.touch(secret);
    const { go } = await asking;
    const before = reading.text;
    await delay(100);
    expect(reading.text.length - before.length).toBeLessThanOrEqual((words[0] ?? '').length * 2);
    go();
    await reading.ended;
    expect(reading.text).toBe(words.join(''));
    const [settlement] = await settled(at);
    expect(settlement?.ended.responseDigest).toBe(`sha256:${hash('sha256', words.join(''))}`);
  });

  test('GAT-21 gets nothing of what came meanwhile where it does not', async () => {
    const { at, secret, asking, reading } = await doubted();
    at.end(secret);
    const { go } = await asking;
    await delay(100);
    const before = reading.text;
    go();
    await expect(reading.ended).rejects.toThrow();
    expect(reading.text).toBe(before);
    expect(words.join('').startsWith(before)).toBe(true);
  });

  test('GAT-21 ends by its time alone', async () => {
    const start = toInstant(new Date());
    const { at, secret } = await one(
      { pieces: ['data: {}\n\n'], breaks: 'hangs' },
      { goodUntil: addMilliseconds(start, 60_000) },
    );
    const answer = await ask(at, secret, { model: 'fake', messages, stream: true });
    at.setNow(addMilliseconds(start, 60_000));
    await expect(answer.text()).rejects.toThrow();
    expect((await ask(at, secret, { model: 'fake', messages })).status).toBe(401);
  });

  test('GAT-21 is not taken while nobody can tell what changed', async () => {
    const { at, secret } = await one();
    await ask(at, secret, { model: 'fake', messages });
    at.breakBook(true);
    await vi.waitFor(
      async () => expect((await ask(at, secret, { model: 'fake', messages })).status).toBe(503),
      { timeout: 20_000, interval: 100 },
    );
    expect((await fetch(`${at.url}/health`)).status).toBe(503);
    at.breakBook(false);
    await vi.waitFor(
      async () => expect((await ask(at, secret, { model: 'fake', messages })).status).toBe(200),
      { timeout: 20_000, interval: 100 },
    );
  });

  test('GAT-21 by which outputs alone are given takes no call', async () => {
    const { at, secret } = await one({}, { gives: 'outputs' });
    const answer = await ask(at, secret, { model: 'fake', messages });
    expect(answer.status).toBe(403);
  });
});

describe('a refusal', () => {
  test('GAT-22 says in the form of its wire what is left and when more comes', async () => {
    const { at, secret } = await one({}, {}, { kind: 'anthropic' });
    at.setNow('2026-11-22T10:00:00.000Z' as Instant);
    at.spend(true);
    const answer = await ask(
      at,
      secret,
      { model: 'fake', messages, max_tokens: 9 },
      { path: '/v1/messages' },
    );
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.headers.get('x-breakwater-left-output-tokens-minute')).toBe('3');
    expect(await answer.json()).toEqual({
      type: 'error',
      error: {
        type: 'rate_limit_error',
        code: 'quota-spent',
        message:
          'expected enough left of every quota, got 3 output tokens of the minute left, more at ' +
          '2026-11-22T10:00:00.000Z; wait until more comes, or ask for less',
      },
    });
  });

  const bodies = [
    ['no JSON', '{"model":', 400],
    ['no object', '[]', 400],
    ['two limits of one name', '{"model":"fake","max_tokens":1,"max_tokens":9}', 400],
    ['two limits that differ in case', '{"model":"fake","max_tokens":1,"Max_Tokens":9}', 400],
    ['a limit written with escapes', '{"model":"fake","max_tokens":1,"max\\u005ftokens":9}', 400],
    ['another model', '{"model":"fake2","messages":[]}', 404],
    ['a limit beyond the key’s', '{"model":"fake","messages":[],"max_tokens":1001}', 400],
    [
      'answers that are together beyond it',
      '{"model":"fake","messages":[],"max_tokens":501,"n":2}',
      400,
    ],
    ['tools that the upstream runs', '{"model":"fake","messages":[],"web_search_options":{}}', 400],
  ] as const;
  test.each(bodies)(
    'GAT-23 of %s is made before anything is taken',
    async (_what, body, status) => {
      const { at, fake, secret } = await one();
      const answer = await ask(at, secret, body);
      expect([answer.status, fake.asked.length, at.settled.length]).toEqual([status, 0, 0]);
      expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    },
  );

  const searching = {
    ...{ model: 'fake', messages, max_tokens: 10 },
    tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 1 }],
  };
  test('GAT-27 tools that the endpoint runs are none of a key whose money is limited', async () => {
    const { at, fake, secret } = await one({}, {}, { kind: 'anthropic' });
    const limits = { ...plainKey().limits, currency: 'USD', grant: { costMicros: 1_000_000 } };
    const limited = at.key({
      upstreams: [upstreamAt(fake.baseUrl, { kind: 'anthropic' })],
      limits,
    });
    const path = '/v1/messages';
    const refused = await ask(at, limited, searching, { path });
    expect([refused.status, fake.asked.length]).toEqual([400, 0]);
    expect(await refused.json()).toMatchObject({ error: { code: 'not-metered' } });
    const own = { ...searching, tools: [{ name: 'look', input_schema: { type: 'object' } }] };
    expect((await ask(at, limited, own, { path })).status).toBe(200);
    expect((await ask(at, secret, searching, { path })).status).toBe(200);
  });

  test('GAT-21 is all that a call without a key gets, or with two', async () => {
    const { at, secret } = await one();
    const with2 = await ask(at, secret, {}, { headers: { 'x-api-key': `${secret}x` } });
    const unknown = await ask(at, `${secret}x`, {});
    const none = await fetch(`${at.url}/v1/models`);
    expect([with2.status, unknown.status, none.status]).toEqual([401, 401, 401]);
  });
});

describe('models', () => {
  test('GAT-20 are those of the key, in the form of the wire that asks', async () => {
    const { at, secret } = await one();
    const headers = { 'x-api-key': secret };
    const openai = await fetch(`${at.url}/v1/models`, { headers });
    expect(await openai.json()).toMatchObject({
      object: 'list',
      data: [{ id: 'fake' }, { id: 'nickname' }],
    });
    const one2 = await fetch(`${at.url}/v1/models/nickname`, {
      headers: { ...headers, 'anthropic-version': '2023-06-01' },
    });
    expect(await one2.json()).toMatchObject({ type: 'model', id: 'nickname' });
    expect((await fetch(`${at.url}/v1/models/other`, { headers })).status).toBe(404);
  });
});

describe('a client that reads nothing', () => {
  test('GAT-25 holds up its upstream, and nothing is gathered for it', async () => {
    const piece = Buffer.alloc(65_536, 0x20);
    const sent: number[] = [];
    const { at, secret } = await one(() => ({
      pieces: Array.from({ length: 800 }, (_, place) => {
        sent.push(place);
        return piece;
      }),
    }));
    const before = process.memoryUsage().arrayBuffers;
    const socket = get(`${at.url}/v1/models`, { headers: { 'x-api-key': secret } });
    await once(socket, 'response').then(([response]) => response.resume());
    const answer = await ask(at, secret, { model: 'fake', messages, stream: true });
    await answer.body?.getReader().read();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * 1_048_576);
    await answer.body?.cancel().catch(() => {});
  });
});
