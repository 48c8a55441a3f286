import { earlyAccess, engage } from '@breakwater/contract';
import { addMilliseconds, type Id, type Instant } from '@breakwater/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { passTime } from '../src/slices/index.ts';
import { engageModel, openWindow, statePlan } from './accessing.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { codeOf } from './refusals.ts';

let server: TestServer;
let developer: TestParty;
let liaison: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  developer = await server.party('developer', 'Lab');
  liaison = await server.party('liaison', 'Liaison');
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

test('EAR-1 EAR-3 EAR-4 a plan first; then at most the thirty days of the calendar there, and it is over to the second', async () => {
  const engaged = await engageModel({ developer, liaison, signed: false });
  const { engagement } = engaged;
  const params = { engagement };
  const open = (plan: Id<'plan'>) =>
    developer.client.call(earlyAccess.openWindow, { params, body: { plan } });
  const other = await statePlan(await engageModel({ developer, liaison, signed: false }));
  expect(await codeOf(open(other))).toBe('plan-first');
  const plan = await statePlan(engaged);
  const opened = await open(plan);
  // 3:00 in New York on March 1 and the 29 days after it; clocks go forward on March 8.
  expect(opened).toMatchObject({ ends: '2026-03-31T04:00:00.000Z', because: 'thirty-days' });
  const view = () =>
    developer.client.call(earlyAccess.window, { params: { window: opened.window } });
  expect((await view()).days).toHaveLength(30);
  const days = await developer.client.call(earlyAccess.days, { params });
  expect(days).toMatchObject({ zone: 'America/New_York', left: 0, latestEnd: opened.ends });
  const before = server.clock.now();
  server.clock.set(addMilliseconds(opened.ends, -1));
  expect(await view()).toMatchObject({ open: true, endedAt: null });
  server.clock.set(opened.ends);
  expect(await view()).toMatchObject({ open: false, endedAt: null });
  expect(await codeOf(open(plan))).toBe('no-days-left');
  expect(await developer.client.call(earlyAccess.days, { params })).toMatchObject({
    left: 0,
    latestEnd: null,
  });
  // What the clock went past stays over where it is set back, and nobody is said to have ended it.
  await passTime(server.services);
  server.clock.set(before);
  expect(await view()).toMatchObject({ open: false, endedAt: null });
  const shortened = developer.client.call(earlyAccess.end, {
    params: { window: opened.window },
    body: {},
  });
  expect(await codeOf(shortened)).toBe('already-over');
});

test('EAR-5 EAR-7 it only grows shorter: by the developer, and by the date for other partners', async () => {
  const at = (days: number) => addMilliseconds(server.clock.now(), days * 86_400_000);
  const engaged = await engageModel({ developer, liaison, partners: at(12), signed: false });
  const { engagement } = engaged;
  const { window, ends, because } = await openWindow(engaged);
  expect([ends, because]).toEqual([at(12), 'partner-date']);
  const params = { window };
  const shorten = (to: Instant) =>
    developer.client.call(earlyAccess.shorten, { params, body: { ends: to } });
  const state = async (partners: Instant | null) => {
    const body = { partners, general: null };
    await developer.client.call(engage.stateDates, { params: { engagement }, body });
    return (await developer.client.call(earlyAccess.window, { params })).ends;
  };
  expect(await codeOf(shorten(at(13)))).toBe('not-earlier');
  expect(await codeOf(shorten(at(12)))).toBe('not-earlier');
  expect((await shorten(at(10))).ends).toBe(at(10));
  expect(await state(at(20))).toBe(at(10));
  expect(await state(null)).toBe(at(10));
  expect(await state(at(3))).toBe(at(3));
  const end = (by: TestParty) => by.client.call(earlyAccess.end, { params, body: {} });
  // No liaison's key may even ask.
  const asked = { method: 'POST', path: `/v1/windows/${window}/end`, body: '{}' };
  expect((await server.send({ ...asked, key: liaison.key })).status).toBe(403);
  server.clock.set(addMilliseconds(server.clock.now(), 1));
  await end(developer);
  expect(await codeOf(end(developer))).toBe('already-over');
  const view = await developer.client.call(earlyAccess.window, { params });
  expect(view).toMatchObject({ open: false, endedAt: server.clock.now() });
  expect(view.days).toEqual(['2026-03-01']);
  // Zero days are a window, too.
  const none = await openWindow(engaged, { begins: at(1), ends: at(1) });
  expect(none).toMatchObject({ begins: at(1), ends: at(1), because: 'asked' });
});

test('EAR-4 a day that was used stays used, whatever the model is called and in whichever engagement', async () => {
  const at = (days: number) => addMilliseconds(server.clock.now(), days * 86_400_000);
  const first = await engageModel({ developer, liaison, signed: false });
  await openWindow(first, { ends: at(19) });
  server.clock.set(addMilliseconds(server.clock.now(), 1));
  await developer.client.call(engage.leave, {
    params: { engagement: first.engagement },
    body: {},
  });
  const second = await engageModel({
    developer,
    liaison,
    model: first.model,
    zone: 'Asia/Tokyo',
    signed: false,
  });
  const days = async () =>
    await developer.client.call(earlyAccess.days, { params: { engagement: second.engagement } });
  // Of the first one day was used before it was left.
  expect((await days()).used).toEqual(['2026-03-01']);
  await openWindow(second, { ends: at(20) });
  const third = await engageModel({ developer, liaison, zone: 'Asia/Tokyo', signed: false });
  const apart = await openWindow(third, { begins: at(40), ends: at(60) });
  expect(apart.because).toBe('asked');
  // They turn out to be one model: together they have no more than thirty days.
  await developer.client.call(engage.stateModel, {
    params: { engagement: third.engagement },
    body: { sameAs: second.model },
  });
  expect(await days()).toMatchObject({ left: 0, latestEnd: expect.any(String) });
  expect((await days()).used).toHaveLength(30);
});
