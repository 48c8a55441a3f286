import { type Admits, directory, organization } from '@breakwater/contract';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/harness.ts';
import { client, startIssuer, type TestIssuer } from './issuer.fixture.ts';

let server: TestServer;
let issuer: TestIssuer;
let other: TestIssuer;
let party: Awaited<ReturnType<TestServer['party']>>;
const made: string[] = [];

beforeAll(async () => {
  issuer = await startIssuer();
  other = await startIssuer();
  const people = (domain: string) => ({
    ada: { email: `ada@${domain}`, emailVerified: true, name: 'Ada', groups: ['security'] },
    eve: { email: `eve@${domain}`, emailVerified: false, name: 'Eve', groups: [] },
    guest: { email: 'guest@elsewhere.org', emailVerified: true, name: 'Guest', groups: [] },
    role: { email: `r@${domain}`, emailVerified: true, name: 'R', groups: ['security'] },
  });
  for (const [id, account] of Object.entries(people('example.org'))) {
    issuer.accounts.set(id, account);
    other.accounts.set(id, account);
  }
  server = await startTestServer({
    settings: { BREAKWATER_LOCAL_ISSUERS: `${issuer.issuer},${other.issuer}` },
  });
  party = await server.party('operator', 'Energy');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});
afterEach(() => expect(server.errors).toEqual([]));

const domain: Admits = { by: 'email-domain', domain: 'example.org' };

async function addProvider(given: { admits?: Admits; joins?: boolean; at?: TestIssuer } = {}) {
  const { admits = domain, joins = true, at = issuer } = given;
  const added = await server.administrator.call(organization.addProvider, {
    body: {
      party: party.id,
      issuer: at.issuer,
      clientId: client.id,
      clientSecret: client.secret,
      admits,
      joins,
    },
  });
  made.push(added.callback);
  at.allow(made);
  return added;
}

/** A browser as far as it matters here: cookies by host and port, and redirects one at a time. */
function browser() {
  const jars = new Map<string, Map<string, string>>();
  return {
    cookies: (url: string) => jars.get(new URL(url).host),
    async get(url: string): Promise<{ status: number; to: string | null }> {
      const { host } = new URL(url);
      const jar = jars.get(host) ?? new Map<string, string>();
      jars.set(host, jar);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        const [name = '', ...value] = pair.split('=');
        if (/Max-Age=0|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
        else jar.set(name, value.join('='));
      }
      const to = answer.headers.get('location');
      return { status: answer.status, to: to === null ? null : new URL(to, url).href };
    },
  };
}
type Browser = ReturnType<typeof browser>;

/** Follows from the start to the address that the organization sends back to, which is not opened. */
async function upToCallback(b: Browser, start: string): Promise<string> {
  let at = start;
  for (let hop = 0; hop < 10; hop++) {
    const { to } = await b.get(at);
    if (to === null) throw new Error(`${at} led nowhere`);
    if (to.includes('/callback')) return to;
    at = to;
  }
  throw new Error('too many redirects');
}

async function signInAs(person: string, start: string, at = issuer) {
  at.current = person;
  const b = browser();
  const { to } = await b.get(await upToCallback(b, start));
  const cookie = sessionOf(b);
  return { to: to === null ? null : new URL(to).pathname + new URL(to).search, cookie };
}

const home = () => server.services.site().url;
const sessionOf = (b: Browser) => b.cookies(home())?.get('breakwater-local');
const refused = { to: '/sign-in?refused=organization', cookie: undefined };

async function whoIs(token: string | undefined) {
  const answer = await server.send({
    method: 'GET',
    path: '/v1/me',
    headers: { cookie: `breakwater-local=${token}` },
  });
  return (await answer.json()) as { party: { id: string }; member: { id: string; name: string } };
}

describe('EDG-20 a person signs in at its organization', () => {
  test('joins the party as what the party is, manages nothing, and is the same the next time', async () => {
    const { start } = await addProvider();
    const first = await signInAs('ada', start);
    expect(first.to).toBe('/');
    const ada = await whoIs(first.cookie);
    expect(ada).toMatchObject({
      party: { id: party.id },
      member: { name: 'Ada', email: null, manages: false },
    });
    issuer.accounts.set('ada', {
      email: 'lovelace@example.org',
      emailVerified: true,
      name: 'Countess',
      groups: [],
    });
    const again = await whoIs((await signInAs('ada', start)).cookie);
    expect(again.member).toEqual(ada.member);
  });

  test('only where the administrator let people join', async () => {
    const { start } = await addProvider({ joins: false });
    expect(await signInAs('ada', start)).toEqual(refused);
  });

  test('not with an address that the organization did not confirm, nor of another domain', async () => {
    const { start } = await addProvider();
    expect(await signInAs('eve', start)).toEqual(refused);
    expect(await signInAs('guest', start)).toEqual(refused);
  });

  test('by a claim, where one was asked for', async () => {
    const admits = { by: 'claim', name: 'groups', value: 'security' } as const;
    const { start } = await addProvider({ admits });
    expect((await signInAs('role', start)).to).toBe('/');
    expect(await signInAs('guest', start)).toEqual(refused);
  });

  test('one that was removed stays out, though its organization still knows it', async () => {
    const { start } = await addProvider();
    const { cookie } = await signInAs('role', start);
    const { member } = await whoIs(cookie);
    await server.administrator.call(directory.removeMember, {
      params: { member: member.id as never }, // an id of ours, from an answer
    });
    expect(await signInAs('role', start)).toEqual(refused);
  });

  test('a provider that was removed opens nothing', async () => {
    const { id, start } = await addProvider();
    const b = browser();
    issuer.current = 'ada';
    const callback = await upToCallback(b, start);
    await server.administrator.call(organization.removeProvider, { params: { provider: id } });
    expect((await b.get(callback)).to).toBe(`${home()}${refused.to}`);
    expect((await b.get(start)).status).toBe(404);
  });
});

describe('EDG-21 what does not belong together opens nothing', () => {
  async function begun() {
    const { start } = await addProvider();
    issuer.current = 'ada';
    const b = browser();
    return { b, start, callback: await upToCallback(b, start) };
  }
  const outcome = async (b: Browser, callback: string) => {
    const { to } = await b.get(callback);
    return [to?.slice(home().length), sessionOf(b)];
  };
  const shut = [refused.to, undefined];

  test('in another browser than the one that began', async () => {
    const { callback } = await begun();
    expect(await outcome(browser(), callback)).toEqual(shut);
  });

  test('with another state', async () => {
    const { b, callback } = await begun();
    const changed = new URL(callback);
    changed.searchParams.set('state', 'A'.repeat(43));
    expect(await outcome(b, changed.href)).toEqual(shut);
  });

  test('with a code from another flow, whose nonce and verifier are others', async () => {
    const one = await begun();
    const two = await begun();
    const mixed = new URL(one.callback);
    const code = new URL(two.callback).searchParams.get('code') ?? '';
    mixed.searchParams.set('code', code);
    expect(await outcome(one.b, mixed.href)).toEqual(shut);
  });

  test('with another nonce than the ID token says', async () => {
    const { b, callback } = await begun();
    const jar = b.cookies(home());
    const [name, value] = [...(jar ?? [])].find(([n]) => n.endsWith('organization')) ?? ['', ''];
    const parts = value.split('.');
    parts[2] = 'B'.repeat(43);
    jar?.set(name, parts.join('.'));
    expect(await outcome(b, callback)).toEqual(shut);
  });

  test('a code that was used', async () => {
    const { b, callback } = await begun();
    const jar = new Map(b.cookies(home()));
    expect((await outcome(b, callback))[0]).toBe('/');
    const thief = browser();
    await thief.get(`${home()}/healthz`);
    for (const [name, value] of jar) thief.cookies(home())?.set(name, value);
    expect(await outcome(thief, callback)).toEqual(shut);
  });

  test('a code of one issuer at the door of another', async () => {
    const { b, callback } = await begun();
    const foreign = await addProvider({ at: other });
    const query = new URL(callback).search;
    expect(await outcome(b, `${foreign.callback}${query}`)).toEqual(shut);
  });

  test('an answer that names another issuer', async () => {
    const { b, callback } = await begun();
    const changed = new URL(callback);
    changed.searchParams.set('iss', other.issuer);
    expect(await outcome(b, changed.href)).toEqual(shut);
  });

  test('the same subject of another issuer is another person', async () => {
    issuer.accounts.set('twin', {
      email: 't@example.org',
      emailVerified: true,
      name: 'T',
      groups: [],
    });
    other.accounts.set('twin', {
      email: 't@example.org',
      emailVerified: true,
      name: 'T',
      groups: [],
    });
    const here = await addProvider();
    const there = await addProvider({ at: other });
    const one = await whoIs((await signInAs('twin', here.start)).cookie);
    const two = await whoIs((await signInAs('twin', there.start, other)).cookie);
    expect(one.member.id).not.toBe(two.member.id);
  });
});

describe('EDG-22 what is said about an organization', () => {
  test('is listed without its secret, which lies in no row', async () => {
    await addProvider();
    const listed = await server.administrator.call(organization.listProviders);
    expect(JSON.stringify(listed)).not.toContain(client.secret);
    const { rows } = await server.services.database.raw(
      `select (select string_agg(p::text, '') from organization.provider p) ||
              (select string_agg(i::text, '') from organization.identity i) ||
              (select string_agg(i::text, '') from platform.idempotency i) ||
              (select string_agg(e::text, '') from journal.entry e) as everything`,
    );
    const everything = String(rows[0]?.['everything']);
    for (const hidden of [client.secret, issuer.issuer, 'example.org', 'Countess']) {
      expect(everything).not.toContain(hidden);
    }
  });

  test.each([
    'http://sso.example.org',
    'https://127.0.0.1',
    'https://10.0.0.1',
    'https://169.254.169.254',
    'https://[::1]',
    'https://[::ffff:10.0.0.1]',
    'https://localhost',
    'https://2130706433',
    'https://0x7f.1',
    'https://017700000001',
  ])('names no address behind the firewall: %s', async (address) => {
    const adding = server.administrator.call(organization.addProvider, {
      body: {
        party: party.id,
        issuer: address,
        clientId: 'c',
        clientSecret: 's',
        admits: domain,
        joins: false,
      },
    });
    await expect(adding).rejects.toMatchObject({ problem: { code: 'issuer-not-allowed' } });
  });

  test('a stranger at a door that is none finds none', async () => {
    const b = browser();
    const none = `${home()}/sign-in/organization/provider_${'0'.repeat(26)}`;
    expect((await b.get(none)).status).toBe(404);
    expect((await b.get(`${home()}/sign-in/organization/x'--`)).status).toBe(404);
  });
});
