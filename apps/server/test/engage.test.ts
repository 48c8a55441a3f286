import { directory, engage, ProblemError, terms } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../cli/test/run-cli.ts';
import { openEngagement } from './engaging.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { codeOf } from './refusals.ts';
import { later } from './world.ts';

let server: TestServer;
let lab: TestParty;
let liaison: TestParty;
let stranger: TestParty;
beforeAll(async () => {
  server = await startTestServer({ settings: { BREAKWATER_LIVE_TICK_SECONDS: '86400' } });
  lab = await server.party('developer', 'Lab');
  liaison = await server.party('liaison', 'Liaison office');
  stranger = await server.party('developer', 'Other lab');
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const statusOf = async (call: Promise<unknown>) =>
  await call.then(
    () => 200,
    (error: unknown) => (error instanceof ProblemError ? error.problem.status : String(error)),
  );

const zone = 'America/Los_Angeles';
const open = (more: Readonly<Record<string, unknown>> = {}) =>
  openEngagement(lab, { zone, ...more });

test('ENG-2 a codename suffices, and nobody but the two sides sees it', async () => {
  const { engagement, model } = await open();
  const params = { engagement };
  const own = await lab.client.call(engage.get, { params });
  expect(own).toMatchObject({
    id: engagement,
    model,
    codename: 'Heron',
    developer: { id: lab.id, name: 'Lab' },
    government: { id: liaison.id, name: 'Liaison office' },
    wants: 'both',
    zone,
    dates: null,
    leftAt: null,
    releasedAt: null,
    sees: 'all',
    side: 'developer',
    hosting: null,
    endpoints: [],
    outside: null,
  });
  const theirs = await liaison.client.call(engage.get, { params });
  expect(theirs).toMatchObject({ sees: 'detail', side: 'government', endpoints: null });
  expect(await codeOf(stranger.client.call(engage.get, { params }))).toBe('not-found');
  expect((await stranger.client.call(engage.list)).items).toEqual([]);
  const coordinator = await server.party('coordinator', 'Desk');
  const path = `/v1/engagements/${engagement}`;
  expect((await server.send({ method: 'GET', path, key: coordinator.key })).status).toBe(403);
});

test('ENG-3 each named party sees as much as its developer said, from that moment on', async () => {
  const endpoints = [{ url: 'https://models.example/v1', name: 'heron-4' }];
  const said = { hosting: 'Our own racks in Oregon', contacts: 'On call: +1 555 0100', endpoints };
  const { engagement } = await open(said);
  const params = { engagement };
  const official = await server.party('official', 'Directorate');
  const alter = async (level: 'summary' | 'detail' | 'all' | null) => {
    const seers = level === null ? [] : [{ party: official.id, level }];
    await lab.client.call(engage.alterSharing, { params, body: { seers } });
  };
  const look = async () => {
    const answer = await official.client.call(engage.get, { params }).catch(() => null);
    return answer === null ? null : [answer.sees, answer.hosting, answer.endpoints];
  };
  expect(await look()).toBe(null);
  await alter('summary');
  expect(await look()).toEqual(['summary', null, null]);
  expect(await statusOf(official.client.call(terms.list, { params }))).toBe(403);
  await alter('detail');
  expect(await look()).toEqual(['detail', said.hosting, null]);
  await alter('all');
  expect(await look()).toEqual(['all', said.hosting, endpoints]);
  const shown = await liaison.client.call(engage.sharing, { params });
  expect(shown.items.map(({ party, level }) => `${party.name} ${level}`).toSorted()).toEqual([
    'Directorate all',
    'Lab all',
    'Liaison office detail',
  ]);
  await alter(null);
  expect(await look()).toBe(null);
  expect((await official.client.call(engage.list)).items).toEqual([]);
  const seers = [{ party: `party_${'0'.repeat(26)}`, level: 'all' }];
  const body = engage.alterSharing.body.parse({ seers });
  expect(await codeOf(lab.client.call(engage.alterSharing, { params, body }))).toBe(
    'no-such-party',
  );
});

test('ENG-4 every statement of dates is kept with its time, and the newest counts', async () => {
  const partners = later(server.clock, 40 * dayMs);
  const { engagement } = await open({ dates: { partners, general: null } });
  const params = { engagement };
  const first = server.clock.now();
  server.clock.set(later(server.clock, dayMs));
  const second = {
    partners: later(server.clock, 10 * dayMs),
    general: later(server.clock, 20 * dayMs),
  };
  await lab.client.call(engage.stateDates, { params, body: second });
  const { items } = await liaison.client.call(engage.dates, { params });
  expect(items).toEqual([
    { ...second, statedAt: server.clock.now() },
    { partners, general: null, statedAt: first },
  ]);
  const page = await lab.client.call(engage.dates, { params, query: { limit: 1 } });
  const rest = await lab.client.call(engage.dates, {
    params,
    query: { limit: 1, after: page.next ?? '' },
  });
  expect([page.items, rest.items, rest.next]).toEqual([[items[0]], [items[1]], null]);
  expect((await lab.client.call(engage.get, { params })).dates).toEqual(items[0]);
  const asked = liaison.client.call(engage.stateDates, { params, body: second });
  expect(await statusOf(asked)).toBe(403);
});

const dayMs = 86_400_000;

test('ENG-5 the same model stays the same model, under whatever codename', async () => {
  const first = await open({ codename: 'Osprey' });
  const again = await open({ codename: 'Kestrel', model: first.model });
  expect(again.model).toBe(first.model);
  const other = await open({ codename: 'Merlin' });
  expect(other.model).not.toBe(first.model);
  await lab.client.call(engage.stateModel, {
    params: { engagement: again.engagement },
    body: { codename: 'Hobby' },
  });
  const stated = await lab.client.call(engage.stateModel, {
    params: { engagement: other.engagement },
    body: { sameAs: first.model },
  });
  expect(stated.model).toBe(first.model);
  const { items } = await lab.client.call(engage.models);
  const mine = items.find(({ id }) => id === first.model);
  expect(mine?.codenames.toSorted()).toEqual(['Hobby', 'Merlin', 'Osprey']);
  expect(items.map(({ id }) => id)).not.toContain(other.model);
  const body = engage.open.body.parse({
    codename: 'Mine now',
    model: first.model,
    wants: 'inquiry',
    zone: 'UTC',
    openWeight: false,
  });
  expect(await codeOf(stranger.client.call(engage.open, { body }))).toBe('no-such-model');
});

test('ENG-6 a model with open weights is told what is reported, and engages nonetheless', async () => {
  const { engagement } = await open({ openWeight: true });
  const view = await lab.client.call(engage.get, { params: { engagement } });
  expect(view.outside?.said).toContain('outside the framework');
  expect(view.outside?.source).toContain('press reports of August 2026');
  await lab.client.call(engage.stateModel, { params: { engagement }, body: { openWeight: false } });
  expect((await lab.client.call(engage.get, { params: { engagement } })).outside).toBe(null);
});

test('ENG-7 no text with classification markings comes in', async () => {
  expect(await codeOf(open({ codename: 'TOP SECRET//SI//NOFORN' }))).toBe('classified-text');
  const { engagement } = await open();
  const params = { engagement };
  const body = { kind: 'use' as const, text: 'SECRET//NOFORN\n\nUse it well.' };
  expect(await codeOf(liaison.client.call(terms.propose, { params, body }))).toBe(
    'classified-text',
  );
});

describe('ENG-8 one act, whatever stands', () => {
  test('leaving: refused once it was done and never else', async () => {
    const { engagement } = await open({ government: liaison.id });
    const params = { engagement };
    await liaison.client.call(terms.propose, { params, body: { kind: 'use', text: 'Use.' } });
    expect(await statusOf(liaison.client.call(engage.leave, { params, body: {} }))).toBe(403);
    const left = await lab.client.call(engage.leave, { params, body: {} });
    expect(left).toEqual({ engagement, at: server.clock.now(), owed: [] });
    expect(await codeOf(lab.client.call(engage.leave, { params, body: {} }))).toBe('already-left');
    const body = { kind: 'use' as const, text: 'Use it not.' };
    expect(await codeOf(liaison.client.call(terms.propose, { params, body }))).toBe(
      'engagement-left',
    );
    // The release is the developer's own, also then.
    const released = await lab.client.call(engage.release, { params, body: {} });
    expect(released).toEqual({ engagement, at: server.clock.now(), owed: [] });
    const view = await liaison.client.call(engage.get, { params });
    expect([view.leftAt, view.releasedAt]).toEqual([left.at, released.at]);
  });

  test('releasing, and then leaving', async () => {
    const { engagement } = await open({ government: liaison.id });
    const params = { engagement };
    await lab.client.call(engage.release, { params, body: {} });
    expect(await codeOf(lab.client.call(engage.release, { params, body: {} }))).toBe(
      'already-released',
    );
    await lab.client.call(engage.leave, { params, body: {} });
  });
});

test('ENG-13 before joining everybody reads the same, by the day at Washington', async () => {
  const read = async (at: string) => {
    server.clock.set(at as Instant); // as kernel writes instants
    const answer = await server.send({ method: 'GET', path: '/v1/before-you-join' });
    return engage.before.output.parse(await answer.json());
  };
  const before = server.clock.now();
  const status = async (at: string) =>
    (await read(at)).statutes.find(({ id }) => id === 'cisa-2015')?.inForce;
  expect(await status('2026-12-12T04:59:59.000Z')).toBe(true);
  expect(await status('2026-12-12T05:00:00.000Z')).toBe(false);
  const page = await read(before);
  const statements = page.sections.flatMap((section) => section.statements);
  for (const { text, source } of statements)
    expect([text, source.length > 5]).toEqual([text, true]);
  const pack = await server.send({ method: 'GET', path: '/v1/before-you-join/pack' });
  const html = await pack.text();
  for (const { id } of page.sections) expect(id).toMatch(/^[a-z-]+$/);
  for (const { title } of page.sections) expect(html).toContain(title);
  expect(html).toContain('6 U.S.C. 1504(d)(5)');
});

test('the words of the terminal: open, show, dates, terms, sign, release, leave, before', async () => {
  const by = async (party: TestParty, words: readonly string[], stdin = '') => {
    const done = await runCli(['engage', ...words], {
      server: server.address,
      key: party.key,
      stdin,
    });
    expect([words[0], done.code, done.err]).toEqual([words[0], 0, '']);
    return done;
  };
  const opened = await by(lab, [
    ...['open', 'Plover', '--zone', zone, '--government', liaison.id, '--open-weight'],
    ...[
      '--partners',
      '2026-05-01T00:00:00-07:00',
      '--endpoint',
      'https://models.example/v1 plover',
    ],
    '--json',
  ]);
  const { engagement } = engage.open.output.parse(opened.json());
  const page = (await by(lab, ['show', engagement])).out;
  expect(page).toContain('Plover');
  expect(page).toContain('2026-05-01 00:00 (America/Los_Angeles');
  expect(page).toContain('endpoint   https://models.example/v1 plover');
  expect(page).toContain('propose-terms (use) by the government');
  await by(lab, ['dates', engagement, '--general', '2026-06-01T00:00:00-07:00']);
  const dates = engage.dates.output.pick({ items: true });
  const { items } = dates.parse((await by(liaison, ['dates', engagement, '--json'])).json());
  expect(items[0]).toMatchObject({
    partners: '2026-05-01T07:00:00.000Z',
    general: '2026-06-01T07:00:00.000Z',
  });
  for (const text of ['Use it well.', 'Use it very well.']) {
    await by(liaison, ['propose', engagement, 'use', '-'], text);
  }
  const listed = terms.list.output.parse((await by(lab, ['terms', engagement, '--json'])).json());
  const id = listed.items[0]?.id ?? '';
  expect((await by(lab, ['terms', engagement, id])).out).toContain('| Use it very well.');
  expect((await by(lab, ['terms', engagement, id, '--redline'])).out).toContain(
    '| Use it {+very +}well.',
  );
  for (const party of [lab, liaison]) {
    await by(party, ['sign', engagement, id, '--name', 'Sam Doe', '--title', 'Counsel']);
  }
  expect((await by(lab, ['terms', engagement])).out).toContain('use version 2, in force');
  await by(lab, ['release', engagement, '--json']);
  await by(lab, ['leave', engagement, '--json']);
  expect((await by(lab, ['list'])).out).toContain(engagement);
  expect((await by(stranger, ['before'])).out).toContain('Taking part is voluntary');
});

test('DIR-31 a developer that leaves the installation leaves its engagements with the same act', async () => {
  const leaving = await server.party('developer', 'Leaving lab');
  const person = await server.signIn(leaving);
  const body = engage.open.body.parse({
    codename: 'Last',
    wants: 'both',
    zone: 'UTC',
    openWeight: false,
    government: liaison.id,
  });
  const { engagement } = await leaving.client.call(engage.open, { body });
  const zip = Buffer.from(await person.client.download(directory.exportOwn));
  for (const name of ['.json', '/dates.json', '/acts.json']) {
    expect(zip.includes(`engagements/${engagement}${name}`)).toBe(true);
  }
  await person.client.call(directory.leave, { body: { confirm: 'Leaving lab' } });
  const view = await liaison.client.call(engage.get, { params: { engagement } });
  expect(view.leftAt).toBe(server.clock.now());
});
