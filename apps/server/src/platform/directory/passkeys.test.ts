import { createClient, directory, session } from '@breakwater/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SoftwareAuthenticator } from '../../../test/authenticator.ts';
import {
  type SignedIn,
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../../test/harness.ts';
import { later } from '../../../test/world.ts';
import { newId } from '../clock/clock.ts';

let server: TestServer;
let finder: TestParty;
let person: SignedIn;
let key: SoftwareAuthenticator;
beforeAll(async () => {
  server = await startTestServer();
  finder = await server.party('finder');
});
afterAll(async () => await server[Symbol.asyncDispose]());
beforeEach(async () => {
  person = await server.signIn(finder);
  key = newKey();
  await add(person, key);
});

const newKey = () => {
  const { origins, host } = server.services.site();
  return new SoftwareAuthenticator({ origin: origins[0] ?? '', host });
};
const anybody = () => createClient({ baseUrl: server.address });

async function add(who: SignedIn, authenticator: SoftwareAuthenticator) {
  const { options } = await who.client.call(session.addPasskeyOptions);
  const credential = authenticator.create(options);
  return await who.client.call(session.addPasskey, { body: { label: 'My phone', credential } });
}

async function assertion(authenticator: SoftwareAuthenticator) {
  const { options } = await anybody().call(session.passkeyOptions);
  return { credential: authenticator.get(options) };
}

const send = (body: unknown) =>
  server.send({ method: 'POST', path: '/v1/session/passkey-sign-in', body: JSON.stringify(body) });

async function outcome(body: unknown): Promise<readonly [number, string, boolean]> {
  const answer = await send(body);
  return [answer.status, await answer.text(), answer.headers.has('set-cookie')];
}

describe('DIR-20 a passkey signs in without a name', () => {
  test('and the cookie it gets is the person', async () => {
    const answer = await send(await assertion(key));
    expect(answer.status).toBe(200);
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const me = await server.send({ method: 'GET', path: '/v1/me', headers: { cookie } });
    expect(await me.json()).toMatchObject({ member: { id: person.member } });
    const { items } = await person.client.call(session.listPasskeys);
    expect(items).toMatchObject([{ label: 'My phone', lastUsedOn: '2026-03-01' }]);
  });

  test('two answers to one challenge at the same moment are one sign-in', async () => {
    const body = await assertion(key);
    const answers = await Promise.all([send(body), send(body), send(body)]);
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
    expect(answers.filter((a) => a.status === 403)).toHaveLength(2);
  });
});

describe('DIR-21 every passkey that does not hold is refused in the same words', () => {
  test('whatever is wrong with it', async () => {
    const good = await assertion(key);
    expect((await outcome(good))[0]).toBe(200);
    const wrong: Record<string, unknown> = { replayed: good };

    key.origin = 'https://evil.example';
    wrong['another origin'] = await assertion(key);
    key.origin = server.services.site().origins[0] ?? '';

    key.host = 'evil.example';
    wrong['another relying party'] = await assertion(key);
    key.host = server.services.site().host;

    key.flags = 0x01;
    wrong['holder not verified'] = await assertion(key);
    key.flags = 0x05;

    const other = await server.signIn(finder, 'Other');
    const handle = key.userHandle;
    key.userHandle = Buffer.from(other.member).toString('base64url');
    wrong['of another person'] = await assertion(key);
    key.userHandle = '';
    wrong['of nobody'] = await assertion(key);
    key.userHandle = handle;

    wrong['unknown here'] = await assertion(newKey());
    wrong['for a challenge that was never given'] = {
      credential: key.get({ challenge: Buffer.alloc(32, 7).toString('base64url') }),
    };
    const signed = await assertion(key);
    const { response } = signed.credential;
    const bent = Buffer.from(response.signature, 'base64url');
    bent.writeUInt8(bent.readUInt8(bent.length - 1) ^ 1, bent.length - 1);
    wrong['signature bent'] = {
      credential: {
        ...signed.credential,
        response: { ...response, signature: bent.toString('base64url') },
      },
    };
    wrong['no client data'] = {
      credential: { ...signed.credential, response: { ...response, clientDataJSON: 'AAAA' } },
    };
    const { options } = await person.client.call(session.addPasskeyOptions);
    wrong['answers a challenge to add one'] = { credential: key.get(options) };
    const late = await assertion(key);
    server.clock.set(later(server.clock, 5 * 60_000));
    wrong['too late'] = late;

    const outcomes = new Map<string, unknown>();
    for (const [what, body] of Object.entries(wrong)) outcomes.set(what, await outcome(body));
    const [first] = outcomes.values();
    expect(first).toEqual([403, expect.stringContaining('passkey-refused'), false]);
    for (const [what, got] of outcomes) expect([what, got]).toEqual([what, first]);
    expect((await outcome(await assertion(key)))[0]).toBe(200);
  });

  test('DIR-22 a counter that does not grow tells of a copy', async () => {
    key.counter = 5;
    expect((await outcome(await assertion(key)))[0]).toBe(200);
    for (const counter of [5, 4, 0]) {
      key.counter = counter;
      expect((await outcome(await assertion(key)))[0]).toBe(403);
    }
    key.counter = 6;
    expect((await outcome(await assertion(key)))[0]).toBe(200);
  });
});

describe('DIR-23 adding and removing', () => {
  test('a challenge given to one person adds nothing to another', async () => {
    const other = await server.signIn(finder, 'Other');
    const { options } = await person.client.call(session.addPasskeyOptions);
    const credential = newKey().create(options);
    const body = { label: 'Stolen', credential };
    await expect(other.client.call(session.addPasskey, { body })).rejects.toMatchObject({
      problem: { code: 'passkey-refused' },
    });
  });

  test('a credential that is known here is not added again, by anybody', async () => {
    const other = await server.signIn(finder, 'Other');
    await expect(add(other, key)).rejects.toMatchObject({ problem: { code: 'passkey-refused' } });
  });

  test('the last way in goes only where it is meant', async () => {
    const { items } = await person.client.call(session.listPasskeys);
    const passkey = items[0]?.id;
    if (passkey === undefined) throw new Error('expected a passkey');
    const remove = (body: { evenIfLast?: boolean }) =>
      person.client.call(session.removePasskey, {
        params: { passkey },
        body: { evenIfLast: false, ...body },
      });
    await expect(remove({})).rejects.toMatchObject({ problem: { code: 'last-way-in' } });
    await remove({ evenIfLast: true });
    expect((await outcome(await assertion(key)))[0]).toBe(403);
  });

  test("another's passkey answers like one that is not there", async () => {
    const other = await server.signIn(finder, 'Other');
    const { items } = await person.client.call(session.listPasskeys);
    const remove = (passkey: string) =>
      other.client
        .call(session.removePasskey, {
          params: { passkey: passkey as never }, // an id
          body: { evenIfLast: true },
        })
        .catch((error: unknown) => error);
    const missing = await remove(newId('passkey'));
    expect(await remove(items[0]?.id ?? '')).toEqual(missing);
    expect(missing).toMatchObject({ problem: { code: 'not-found' } });
    expect((await outcome(await assertion(key)))[0]).toBe(200);
  });

  test('a key cannot have passkeys, and a removed member none any more', async () => {
    await expect(finder.client.call(session.addPasskeyOptions)).rejects.toMatchObject({
      problem: { code: 'sign-in-needed' },
    });
    await server.administrator.call(directory.removeMember, { params: { member: person.member } });
    expect((await outcome(await assertion(key)))[0]).toBe(403);
  });
});
