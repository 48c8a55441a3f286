import { authorizations, directory } from '@breakwater/contract';
import { addMilliseconds } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestParty, TestServer } from '../../../../../test/harness.ts';
import type { NameServer } from '../../../../../test/name-server.ts';
import { dayMs, type Owning, refused, startOwning } from '../../../../../test/owning.ts';
import type { WebServer } from '../../../../../test/web-server.ts';
import { hurry, until } from '../../../../../test/world.ts';
import { sendDue } from '../../../index.ts';

// Whose a system is: proofs, how long they count, and two who have proven the same.

let owning: Owning;
let server: TestServer;
let names: NameServer;
let site: WebServer;
let coordinator: TestParty;

beforeAll(async () => {
  owning = await startOwning();
  ({ server, names, site, coordinator } = owning);
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await owning[Symbol.asyncDispose]();
});

const freshHost: Owning['freshHost'] = (...given) => owning.freshHost(...given);
const scope: Owning['scope'] = (...given) => owning.scope(...given);
const after: Owning['after'] = (...given) => owning.after(...given);
const ownerOf: Owning['ownerOf'] = (...given) => owning.ownerOf(...given);
const mayDo: Owning['mayDo'] = (...given) => owning.mayDo(...given);

describe('control', () => {
  test('DCF-30: is proven by a TXT record, and told to its owner and to coordinators alone', async () => {
    const host = freshHost();
    const owner = await ownerOf(host);
    expect(owner.control).toMatchObject({
      target: host,
      state: 'proven',
      validUntil: after(3 * dayMs),
      nextAt: after(dayMs),
    });
    const params = { control: owner.control.id };
    const seen = await coordinator.client.call(authorizations.control, { params });
    expect(seen).toMatchObject({ state: 'proven', challenge: null });
    const other = await server.party('owner');
    await expect(other.client.call(authorizations.control, { params })).rejects.toMatchObject(
      refused('not-found'),
    );
    const { items } = await other.client.call(authorizations.controls);
    expect(items).toEqual([]);
  });

  test('DCF-30: is proven by a file at a well-known address of the same origin', async () => {
    const host = freshHost();
    names.set(host, { addresses: ['127.0.0.1'] });
    const owner = await server.party('operator');
    const opened = await owner.client.call(authorizations.openControl, {
      body: { target: `https://${host.toUpperCase()}:${site.port}/app`, way: 'well-known' },
    });
    const { challenge } = opened;
    if (challenge?.way !== 'well-known') throw new Error('expected a file to publish');
    expect(challenge.url).toBe(`https://${host}:${site.port}/.well-known/breakwater-control.txt`);
    const call = () =>
      owner.client.call(authorizations.proveControl, { params: { control: opened.id } });
    await expect(call()).rejects.toMatchObject(refused('proof-missing'));
    site.set('/.well-known/breakwater-control.txt', 'breakwater-control=of-somebody-else\n');
    await expect(call()).rejects.toMatchObject(refused('proof-missing'));
    site.set('/.well-known/breakwater-control.txt', `# ours\r\n${challenge.text}\r\n`);
    expect(await call()).toMatchObject({ state: 'proven' });
  });

  test('DCF-30: a page that sends elsewhere, or a name that means this network, proves nothing', async () => {
    const host = freshHost();
    const owner = await server.party('owner');
    const opened = await owner.client.call(authorizations.openControl, {
      body: { target: `https://${host}:${site.port}/`, way: 'well-known' },
    });
    const call = () =>
      owner.client.call(authorizations.proveControl, { params: { control: opened.id } });
    names.set(host, { addresses: ['192.168.1.1'] });
    await expect(call()).rejects.toMatchObject(refused('address-not-allowed'));
    names.set(host, { addresses: ['127.0.0.1'] });
    site.set('/.well-known/breakwater-control.txt', (_, response) => {
      response.writeHead(302, { location: 'https://elsewhere.example.org/' }).end();
    });
    await expect(call()).rejects.toMatchObject(refused('proof-missing'));
  });

  test('DCF-31: is looked for again, and lapses at once when it is gone', async () => {
    const host = freshHost();
    const owner = await ownerOf(host);
    await owner.client.call(authorizations.authorize, { body: scope([host]) });
    expect(await mayDo(host)).toMatchObject({ allowed: true });
    names.set(`_breakwater-challenge.${host}`, { txt: [['breakwater-control=another']] });
    server.clock.set(after(dayMs));
    await hurry(server);
    const params = { control: owner.control.id };
    await until(async () => {
      expect(await owner.client.call(authorizations.control, { params })).toMatchObject({
        state: 'lapsed',
        lastFailure: 'proof-missing',
      });
    });
    expect(await mayDo(host)).toMatchObject({ allowed: false, reasons: ['control-lapsed'] });
  });

  test('DCF-31: counts for no longer than it is valid, even if nothing looks for it', async () => {
    const host = freshHost();
    const owner = await ownerOf(host);
    const written = await owner.client.call(authorizations.authorize, { body: scope([host]) });
    expect(written.state).toBe('in-force');
    const at = after(3 * dayMs);
    expect(await mayDo(host, { at: addMilliseconds(at, -1) })).toMatchObject({ allowed: true });
    expect(await mayDo(host, { at })).toMatchObject({ reasons: ['control-lapsed'] });
  });

  test('DCF-30: a statement counts once a coordinator says so, and not before', async () => {
    const owner = await server.party('operator');
    const network = '203.0.113.0/24';
    await owner.client.call(authorizations.authorize, { body: scope([network]) });
    const opened = await owner.client.call(authorizations.openControl, {
      body: { target: network, way: 'statement', statement: 'RIPE shows us as its holder' },
    });
    expect(opened.state).toBe('pending');
    expect(await mayDo('203.0.113.7')).toMatchObject({ reasons: ['control-missing'] });
    const ruled = await coordinator.client.call(authorizations.ruleControl, {
      params: { control: opened.id },
      body: { stands: true, reason: 'Called the number in the registry' },
    });
    expect(ruled.state).toBe('proven');
    expect(await mayDo('203.0.113.7')).toMatchObject({ allowed: true });
    expect(await mayDo('203.0.113.0/23')).toMatchObject({ reasons: ['no-authorization'] });
  });

  test('DCF-32: of two who prove control neither is believed until a coordinator decides', async () => {
    const host = freshHost();
    const one = await ownerOf(host);
    await one.client.call(authorizations.authorize, { body: scope([host]) });
    expect(await mayDo(host)).toMatchObject({ allowed: true });
    const person = await server.signIn(one);
    const email = 'ada@harbor.example';
    await person.client.call(directory.updateMe, { body: { email } });
    const other = await server.party('owner');
    const opened = await other.client.call(authorizations.openControl, {
      body: { target: host, way: 'dns' },
    });
    if (opened.challenge?.way !== 'dns' || one.control.challenge?.way !== 'dns') {
      throw new Error('expected TXT records');
    }
    names.set(opened.challenge.name, {
      txt: [[one.control.challenge.record], [opened.challenge.record]],
    });
    await other.client.call(authorizations.proveControl, { params: { control: opened.id } });
    expect(await mayDo(host)).toMatchObject({ reasons: ['control-contested'] });
    await until(async () => {
      await sendDue(server.services);
      await server.services.queue.relay();
      const mails = server.mails.filter(({ to }) => to === email);
      expect(mails.map(({ raw }) => raw.includes(host))).toEqual([false]);
    });
    const { items } = await coordinator.client.call(authorizations.contests);
    const pair = items.filter(({ controls }) => controls[0].target === host);
    expect(pair.map(({ controls }) => controls.map(({ state }) => state))).toEqual([
      ['contested', 'contested'],
    ]);
    await coordinator.client.call(authorizations.settle, {
      body: { believed: one.control.id, over: opened.id, reason: 'The registrar told us' },
    });
    expect(await mayDo(host)).toMatchObject({ allowed: true });
    const left = await coordinator.client.call(authorizations.contests);
    expect(left.items.some(({ controls }) => controls[0].target === host)).toBe(false);
  });

  test('DCF-32: who proves control below a wildcard contests what lies there, and nothing beside it', async () => {
    const zone = freshHost();
    const one = await ownerOf(zone, `*.${zone}`);
    await one.client.call(authorizations.authorize, { body: scope([`*.${zone}`]) });
    await ownerOf(`tenant.${zone}`);
    expect(await mayDo(`tenant.${zone}`)).toMatchObject({ reasons: ['control-contested'] });
    expect(await mayDo(`www.${zone}`)).toMatchObject({ allowed: true });
    expect(await mayDo(`*.${zone}`)).toMatchObject({ reasons: ['control-contested'] });
  });

  test('a way that shows nothing about a target is refused', async () => {
    const owner = await server.party('owner');
    for (const [target, way] of [
      ['*.example.org', 'well-known'],
      ['203.0.113.0/24', 'dns'],
      ['www.example.org', 'repository'],
      ['http://www.example.org/', 'well-known'],
    ] as const) {
      const call = owner.client.call(authorizations.openControl, { body: { target, way } });
      await expect(call).rejects.toMatchObject(refused('way-unfit'));
    }
  });
});
