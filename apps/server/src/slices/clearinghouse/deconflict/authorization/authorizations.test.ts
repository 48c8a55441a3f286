import { authorizations, type Body, claims, directory, type Output } from '@breakwater/contract';
import { addMilliseconds, type Instant } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  morning,
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../../../../test/harness.ts';
import { type NameServer, startNameServer } from '../../../../../test/name-server.ts';
import { startWebServer, type WebServer } from '../../../../../test/web-server.ts';
import { hurry, until } from '../../../../../test/world.ts';
import { sendDue } from '../../../index.ts';

let server: TestServer;
let names: NameServer;
let site: WebServer;
let coordinator: TestParty;
let finder: TestParty;
let count = 0;

beforeAll(async () => {
  names = await startNameServer();
  site = await startWebServer(['*.example.org']);
  server = await startTestServer({
    settings: {
      BREAKWATER_RESOLVER: names.address,
      BREAKWATER_LOCAL_TARGETS: '127.0.0.1',
      BREAKWATER_TARGETS_CA: site.authorityFile,
    },
  });
  coordinator = await server.party('coordinator');
  finder = await server.party('finder');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await names[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

const dayMs = 24 * 60 * 60 * 1_000;
const freshHost = () => `host-${count++}.example.org`;
const after = (ms: number) => addMilliseconds(server.clock.now(), ms);
const refused = (code: string) => ({ problem: { code } });

type Written = Body<typeof authorizations.authorize>;

function scope(targets: readonly string[], more: Partial<Written> = {}): Written {
  return {
    targets: [...targets],
    except: [],
    methods: ['passive', 'active'],
    parties: [finder.id],
    roles: [],
    from: morning,
    until: addMilliseconds(morning, 300 * dayMs),
    pace: { requestsPerSecond: 5, connections: null },
    never: { zone: 'UTC', weekly: [], once: [] },
    contact: 'On call: +1 555 0100',
    ...more,
  };
}

/** An owner that has proven control of a host by a TXT record. */
async function ownerOf(
  host: string,
  target = host,
): Promise<TestParty & { readonly control: Output<typeof authorizations.control> }> {
  const owner = await server.party('owner', `Owner of ${host}`);
  const opened = await owner.client.call(authorizations.openControl, {
    body: { target, way: 'dns' },
  });
  if (opened.challenge?.way !== 'dns') throw new Error('expected a TXT record to publish');
  names.set(opened.challenge.name, { txt: [[opened.challenge.record]] });
  const params = { control: opened.id };
  const control = await owner.client.call(authorizations.proveControl, { params });
  return { ...owner, control };
}

const mayDo = async (
  target: string,
  more: {
    readonly who?: TestParty;
    readonly at?: Instant;
    readonly method?: 'active' | 'exploit' | 'fuzz' | 'read';
  } = {},
) => {
  const { who = finder, at, method = 'active' } = more;
  const query = { target, method, ...(at === undefined ? {} : { at }) };
  return await who.client.call(authorizations.may, { query });
};

test('DCF-34: a scope without a proof is shown as unproven, and gives nobody leave, by name or by role', async () => {
  const host = freshHost();
  const nobody = await server.party('owner', 'Says it is theirs');
  const body = scope([host], { roles: ['finder'] });
  const written = await nobody.client.call(authorizations.authorize, { body });
  expect(written.state).toBe('control-missing');
  const params = { authorization: written.id };
  const seen = await finder.client.call(authorizations.authorization, { params });
  expect(seen).toMatchObject({ state: 'control-missing', parties: null, roles: null });
  for (const who of [finder, await server.party('finder')]) {
    expect(await mayDo(host, { who })).toMatchObject({
      allowed: false,
      reasons: ['control-missing'],
      authorization: null,
      contact: null,
    });
    const asked = { targets: [host], methods: ['active'] };
    const wish = { scope: asked, until: after(dayMs), sharing: 'beside' };
    const claim = { body: claims.claim.body.parse(wish) };
    await expect(who.client.call(claims.claim, claim)).rejects.toMatchObject(
      refused('leave-missing'),
    );
  }
});

test('DCF-33: what is left out by any scheme and on several ports is out under each', async () => {
  const host = freshHost();
  const owner = await ownerOf(host);
  const body = scope([host], { except: [`*://${host}:443,8443/admin`] });
  await owner.client.call(authorizations.authorize, { body });
  for (const at of [`http://${host}:443/admin/x`, `https://${host}:8443/admin`]) {
    expect(await mayDo(at)).toMatchObject({ allowed: false, reasons: ['out-of-scope'] });
  }
  expect(await mayDo(`https://${host}:8443/`)).toMatchObject({ allowed: false });
  expect(await mayDo(`https://${host}:8443/shop`)).toMatchObject({ allowed: true });
});

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

describe('leave', () => {
  test('DCF-33: nothing is allowed on a live system that nobody allowed, and open code needs no leave', async () => {
    expect(await mayDo('www.nobody.example.org')).toMatchObject({
      allowed: false,
      reasons: ['no-authorization'],
      authorization: null,
    });
    for (const target of ['https://github.com/curl/curl', 'pkg:npm/left-pad']) {
      expect(await mayDo(target, { method: 'fuzz' })).toMatchObject({
        allowed: true,
        reasons: ['needs-no-leave'],
      });
    }
  });

  test('DCF-33: out beats in, wildcards end at labels, empty is nothing, others are told nothing', async () => {
    const zone = freshHost();
    const owner = await ownerOf(zone, `*.${zone}`);
    const out = `pay.${zone}`;
    await owner.client.call(authorizations.authorize, {
      body: scope([`*.${zone}`], { except: [out] }),
    });
    expect(await mayDo(`a.b.${zone}`)).toMatchObject({
      allowed: true,
      pace: { requestsPerSecond: 5 },
      contact: 'On call: +1 555 0100',
    });
    expect(await mayDo(out)).toMatchObject({ reasons: ['out-of-scope'] });
    expect(await mayDo(`https://${out}/login`)).toMatchObject({ reasons: ['out-of-scope'] });
    expect(await mayDo(zone)).toMatchObject({ reasons: ['no-authorization'] });
    expect(await mayDo(`x${zone}`)).toMatchObject({ reasons: ['no-authorization'] });
    expect(await mayDo(`a.${zone}`, { method: 'exploit' })).toMatchObject({
      reasons: ['method-not-allowed'],
    });
    const stranger = await server.party('finder');
    expect(await mayDo(`a.${zone}`, { who: stranger })).toMatchObject({
      reasons: ['no-authorization'],
      until: null,
      again: null,
    });
    const { items } = await stranger.client.call(authorizations.authorizations);
    expect(items).toEqual([]);
    const host = freshHost();
    const empty = await ownerOf(host);
    await empty.client.call(authorizations.authorize, { body: scope([host], { methods: [] }) });
    await empty.client.call(authorizations.authorize, { body: scope([host], { parties: [] }) });
    await empty.client.call(authorizations.authorize, { body: scope([]) });
    expect(await mayDo(host)).toMatchObject({ allowed: false });
  });

  test('DCF-36: never-times hold on the clock of the zone, on the days when clocks change too', async () => {
    const host = freshHost();
    const owner = await ownerOf(host);
    await coordinator.client.call(authorizations.controls);
    const never = {
      zone: 'America/New_York',
      weekly: [{ days: [7], from: '01:30', until: '03:30' }],
      once: [],
    };
    const { id } = await owner.client.call(authorizations.authorize, {
      body: scope([host], { never }),
    });
    // 8 March 2026: 01:59 EST is followed by 03:00 EDT.
    const spring = (time: string) => `2026-03-08T${time}:00.000Z` as Instant; // as kernel writes it
    server.clock.set(spring('06:00'));
    names.set(`_breakwater-challenge.${host}`, {
      txt: [[owner.control.challenge?.way === 'dns' ? owner.control.challenge.record : '']],
    });
    await owner.client.call(authorizations.proveControl, { params: { control: owner.control.id } });
    const at = async (time: string) => await mayDo(host, { at: spring(time) });
    expect(await at('06:29')).toMatchObject({ allowed: true, until: spring('06:30') });
    expect(await at('06:30')).toMatchObject({ reasons: ['never-time'], again: spring('07:30') });
    expect(await at('07:29')).toMatchObject({ reasons: ['never-time'] });
    expect(await at('07:30')).toMatchObject({ allowed: true, authorization: id });
  });

  test('a scope is read by those it names, without who else is named, and revised by its owner', async () => {
    const host = freshHost();
    const owner = await ownerOf(host);
    const { id: authorization } = await owner.client.call(authorizations.authorize, {
      body: scope([host], { roles: ['auditor'] }),
    });
    const params = { authorization };
    const seen = await finder.client.call(authorizations.authorization, { params });
    expect(seen).toMatchObject({ targets: [host], parties: null, roles: null, state: 'in-force' });
    expect(seen.contact).toBe('On call: +1 555 0100');
    const { contact: _, ...anew } = scope([host], { methods: ['passive'] });
    const revised = await owner.client.call(authorizations.reviseAuthorization, {
      params,
      body: { ...anew, ifRevision: 1 },
    });
    expect(revised).toMatchObject({ revision: 2, methods: ['passive'], contact: seen.contact });
    await expect(
      owner.client.call(authorizations.reviseAuthorization, {
        params,
        body: { ...anew, ifRevision: 1 },
      }),
    ).rejects.toMatchObject(refused('changed-since'));
    await expect(
      finder.client.call(authorizations.authorization, { params }),
    ).resolves.toMatchObject({ methods: ['passive'] });
    await owner.client.call(authorizations.revokeAuthorization, { params });
    await expect(
      finder.client.call(authorizations.authorization, { params }),
    ).rejects.toMatchObject(refused('not-found'));
    expect(await mayDo(host)).toMatchObject({ reasons: ['no-authorization'] });
  });

  test.each<[string, Partial<Written>]>([
    ['target-malformed', { targets: ['not a target'] }],
    ['window-too-long', { until: '2030-01-01T00:00:00.000Z' as Instant }],
    ['window-empty', { until: morning }],
    ['zone-unknown', { never: { zone: 'Mars/Olympus', weekly: [], once: [] } }],
  ])('a scope is refused with %s', async (code, more) => {
    const owner = await server.party('owner');
    const call = owner.client.call(authorizations.authorize, { body: scope([], more) });
    await expect(call).rejects.toMatchObject(refused(code));
  });
});

test('DCF-33: a claim on a live system needs leave, when it is taken and at each use', async () => {
  const host = freshHost();
  const owner = await ownerOf(host);
  const hours = (count: number) => after((count * dayMs) / 24);
  const claim = (target: string, until: Instant) =>
    finder.client.call(claims.claim, {
      body: {
        scope: {
          targets: [target],
          places: [],
          except: [],
          methods: ['active'],
          weaknesses: [],
          exceptWeaknesses: [],
        },
        sharing: 'beside',
        listed: true,
        until,
      },
    });
  await expect(claim(host, hours(4))).rejects.toMatchObject(refused('leave-missing'));
  const scoped = scope([host], { until: hours(10) });
  const { id: authorization } = await owner.client.call(authorizations.authorize, { body: scoped });
  await expect(claim(host, hours(11))).rejects.toMatchObject(refused('leave-missing'));
  await expect(claim(`*.${host}`, hours(4))).rejects.toMatchObject(refused('leave-missing'));
  const taken = await claim(host, hours(4));
  if (taken.claim === null) throw new Error('expected a claim');
  const use = { params: { claim: taken.claim }, body: {} };
  await finder.client.call(claims.use, use);
  const { contact: _, ...anew } = scoped;
  const params = { authorization };
  const revise = (never: Written['never']) =>
    owner.client.call(authorizations.reviseAuthorization, { params, body: { ...anew, never } });
  await revise({ zone: 'UTC', weekly: [], once: [{ from: hours(0), until: hours(1) }] });
  await expect(finder.client.call(claims.use, use)).rejects.toMatchObject(refused('leave-missing'));
  server.clock.set(hours(1));
  await finder.client.call(claims.use, use);
  await owner.client.call(authorizations.revokeAuthorization, { params });
  await expect(finder.client.call(claims.use, use)).rejects.toMatchObject(refused('leave-missing'));
});

test('nothing went wrong on the way', () => {
  expect(server.errors).toEqual([]);
});
