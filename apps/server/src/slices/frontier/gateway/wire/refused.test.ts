import type { Instant } from '@breakwater/kernel';
import { afterEach, expect, test, vi } from 'vitest';
import { ask, closing, messages, one, settled } from '../../../../../test/wire-asking.ts';
import type { Left } from '../meters/model.ts';
import { whenAllComes } from '../meters/refuse.ts';
import { endOf } from '../meters/spans.ts';
import { notReserved } from './refusals.ts';

afterEach(closing);

const wish = { model: 'fake', messages, max_tokens: 5 };

test('GAT-22 what is refused is counted once, by the code that was answered', async () => {
  const { at, secret } = await one();
  await ask(at, `bwg_${'A'.repeat(43)}`, wish);
  await ask(at, secret, { ...wish, model: 'another' });
  await ask(at, secret, '{');
  at.spend(true);
  await ask(at, secret, wish);
  expect(at.refused).toEqual(['key-unknown', 'model-unknown', 'body-malformed', 'quota-spent']);
  at.spend(false);
  await (await ask(at, secret, wish)).text();
  expect(at.refused).toHaveLength(4);
});

test('GAT-22 more comes when the longest of what is short is over, and never where a grant is spent', () => {
  const now = '2026-11-22T12:00:30.000Z' as Instant;
  const minute = {
    span: 'minute',
    kind: 'requests',
    left: 0,
    moreAt: endOf('minute', now),
  } as const;
  const place = { span: 'now', kind: 'atOnce', left: 0, moreAt: null } as const;
  const grant = { span: 'grant', kind: 'costMicros', left: 0, moreAt: null } as const;
  const said = (...short: Left[]) => {
    const no = { code: 'quota-spent', short, left: short, moreAt: whenAllComes(short) } as const;
    const { retryAfter, refusal } = notReserved(no, now);
    return [retryAfter, /none comes with time/.test(refusal.todo)];
  };
  expect(said(place)).toEqual([1, false]);
  expect(said(minute)).toEqual([60, false]);
  expect(said(minute, place)).toEqual([60, false]);
  expect(said(minute, place, grant)).toEqual([undefined, true]);
  const beyond = { code: 'beyond-quota', short: [place, grant], left: [], moreAt: null } as const;
  expect(notReserved(beyond, now).retryAfter).toBeUndefined();
});

test.each([
  [408, 'full'],
  [504, 'full'],
  [524, 'full'],
  [400, 'unused'],
  [500, 'unused'],
] as const)('GAT-24 an endpoint’s answer of %i counts %s', async (status, taken) => {
  const { at, secret } = await one({ status, pieces: ['{"error":{}}'] });
  const answer = await ask(at, secret, wish);
  expect([answer.status, await answer.text()]).toEqual([status, '{"error":{}}']);
  expect((await settled(at)).map((one) => one.taken)).toEqual([taken]);
});

test('GAT-10 a stream that is cut off is counted once as that', async () => {
  const { at, secret } = await one({ breaks: 'hangs' });
  const answer = await ask(at, secret, { ...wish, stream: true });
  at.end(secret);
  await expect(answer.text()).rejects.toThrow();
  await vi.waitFor(() => expect(at.refused).toEqual(['cut-off']));
  await at.wire.close();
  await settled(at);
  expect(at.refused).toEqual(['cut-off']);
});

test.each([
  [422, 'unused'],
  [200, 'full'],
] as const)(
  'GAT-40 an endpoint’s %i after its client was told something else is recorded as that',
  async (status, taken) => {
    const late = Promise.withResolvers<void>();
    const { at, fake, secret } = await one({ status, pieces: ['{}'], until: late.promise });
    const asking = ask(at, secret, wish);
    await vi.waitFor(() => expect(fake.asked).toHaveLength(1));
    at.end(secret);
    expect((await asking).status).toBe(403);
    late.resolve();
    const [settlement] = await settled(at);
    expect(settlement?.ended).toMatchObject({ status: 403, responseDigest: null });
    expect(settlement?.taken).toBe(taken);
  },
);
