import { authorizations, claims } from '@breakwater/contract';
import type { Instant } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { morning, type TestParty, type TestServer } from '../../../../../test/harness.ts';
import type { NameServer } from '../../../../../test/name-server.ts';
import {
  dayMs,
  type Owning,
  refused,
  startOwning,
  type Written,
} from '../../../../../test/owning.ts';

// What owners allow in writing, and what it comes to for whoever asks.

let owning: Owning;
let server: TestServer;
let names: NameServer;
let coordinator: TestParty;
let finder: TestParty;

beforeAll(async () => {
  owning = await startOwning();
  ({ server, names, coordinator, finder } = owning);
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
