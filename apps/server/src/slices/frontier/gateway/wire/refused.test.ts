import { afterEach, expect, test, vi } from 'vitest';
import { ask, closing, messages, one, settled } from '../../../../../test/wire-asking.ts';

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

test('GAT-40 what an endpoint refuses after its client was told something else is recorded as that', async () => {
  const late = Promise.withResolvers<void>();
  const { at, fake, secret } = await one({ status: 422, pieces: ['{}'], until: late.promise });
  const asking = ask(at, secret, wish);
  await vi.waitFor(() => expect(fake.asked).toHaveLength(1));
  at.end(secret);
  expect((await asking).status).toBe(403);
  late.resolve();
  const [settlement] = await settled(at);
  expect(settlement?.ended).toMatchObject({ status: 403, responseDigest: null });
  expect(settlement?.taken).toBe('unused');
});
