import { createClient, directory, session } from '@breakwater/contract';
import type { Id } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestParty, type TestServer } from '../../../test/harness.ts';
import { idle, later } from '../../../test/world.ts';

let server: TestServer;
let finder: TestParty;
const sent: { member: Id<'member'>; url: string }[] = [];
beforeAll(async () => {
  server = await startTestServer({
    signInMail: {
      bound: true,
      sendSignInLink: async (member, url) => void sent.push({ member, url }),
    },
  });
  finder = await server.party('finder', 'Finders');
});
afterAll(async () => await server[Symbol.asyncDispose]());

const minute = 60_000;
const day = 24 * 60 * minute;
const anybody = () => createClient({ baseUrl: server.address });
const linkFor = async (member: Id<'member'>) =>
  (await server.administrator.call(directory.makeLink, { body: { member } })).link;
const tokenOf = (link: string) => new URL(link).hash.slice(1);
const move = (milliseconds: number) => server.clock.set(later(server.clock, milliseconds));

async function redeem(body: unknown, more: Record<string, string> = {}) {
  const path = '/v1/session/redeem';
  const headers = { origin: server.address, ...more };
  const answer = await server.send({ method: 'POST', path, body: JSON.stringify(body), headers });
  const { date: _, ...rest } = Object.fromEntries(answer.headers);
  return { status: answer.status, text: await answer.text(), headers: rest };
}

const statusOf = async (cookie: string) =>
  (await server.send({ method: 'GET', path: '/v1/me', headers: { cookie } })).status;

test('DIR-14 who is signed in is told without an error, to a page that nobody is signed in on too', async () => {
  const person = await server.signIn(finder);
  expect((await person.client.call(session.current)).me).toEqual(
    await person.client.call(directory.whoAmI),
  );
  const ask = async (headers: Record<string, string>) => {
    const answer = await server.send({ method: 'GET', path: '/v1/session', headers });
    return [answer.status, await answer.json()];
  };
  expect(await ask({})).toEqual([200, { me: null }]);
  expect(await ask({ cookie: 'breakwater-local=of-no-session' })).toEqual([200, { me: null }]);
  await person.client.call(session.signOut);
  expect((await person.client.call(session.current)).me).toBeNull();
});

describe('DIR-10 a one-time link', () => {
  test('lets a person join, who is then known by a cookie no script can read', async () => {
    const { link } = await server.administrator.call(directory.makeLink, {
      body: { party: finder.id },
    });
    expect(link).toMatch(/^http:\/\/localhost:\d+\/sign-in#[A-Za-z0-9_-]{43}$/);
    const answer = await redeem({ token: tokenOf(link), name: 'Ada', email: 'ada@example.org' });
    expect(answer.headers['set-cookie']).toMatch(
      /^breakwater-local=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
    );
    expect(JSON.parse(answer.text)).toMatchObject({
      member: { name: 'Ada', email: 'ada@example.org', manages: true, party: finder.id },
    });
  });

  test('works once, also for many at the same moment', async () => {
    const person = await server.signIn(finder);
    const token = tokenOf(await linkFor(person.member));
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeem({ token })));
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
    expect(new Set(answers.filter((a) => a.status !== 200).map((a) => a.status))).toEqual(
      new Set([403]),
    );
  });

  test('lets in one person, whoever else opens it at the same moment', async () => {
    const party = await server.party('finder', 'Raced');
    const { link } = await server.administrator.call(directory.makeLink, {
      body: { party: party.id },
    });
    const token = tokenOf(link);
    const answers = await Promise.all(['Ada', 'Bob', 'Eve'].map((name) => redeem({ token, name })));
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
    const { items } = await server.administrator.call(directory.listMembers, {
      query: { party: party.id },
    });
    expect(items).toHaveLength(1);
  });

  test('that opens nothing says the same, whatever it was', async () => {
    const person = await server.signIn(finder);
    const spent = await linkFor(person.member);
    await server.redeem(spent);
    const gone = await server.signIn(finder);
    const ofRemoved = await linkFor(gone.member);
    await server.administrator.call(directory.removeMember, { params: { member: gone.member } });
    const { link: taken, invitation } = await person.client.call(directory.invite, {
      body: { manages: false },
    });
    await person.client.call(directory.revokeInvitation, { params: { invitation } });
    const late = await linkFor(person.member);
    move(day);
    const tokens = [spent, ofRemoved, taken, late].map(tokenOf);
    const answers = [];
    for (const token of [...tokens, 'A'.repeat(43)]) {
      answers.push(await redeem({ token, name: 'Somebody' }));
      const body = JSON.stringify({ token });
      const preview = { method: 'POST', path: '/v1/session/preview', body };
      expect((await server.send(preview)).status).toBe(403);
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({
      status: 403,
      text: expect.stringContaining('link-not-valid'),
    });
    expect(answers[0]?.headers['set-cookie']).toBeUndefined();
  });

  test('to join is not spent before its person has a name', async () => {
    const { link } = await server.administrator.call(directory.makeLink, {
      body: { newParty: { role: 'coordinator' } },
    });
    const token = tokenOf(link);
    expect(await anybody().call(session.preview, { body: { token } })).toEqual({
      purpose: 'join',
      party: { name: null, role: 'coordinator', isNew: true },
      email: null,
    });
    expect((await redeem({ token })).status).toBe(422);
    expect((await redeem({ token, name: 'Grace' })).status).toBe(422);
    const grace = await server.redeem(link, { name: 'Grace', partyName: 'Coordination' });
    const me = await grace.client.call(directory.whoAmI);
    expect([me.party.name, me.party.role, me.member?.manages]).toEqual([
      'Coordination',
      'coordinator',
      true,
    ]);
  });

  test('gives nothing that its maker did not: no field of a body makes a role or a right', async () => {
    const owner = await server.party('owner');
    const managing = await server.signIn(owner);
    const { link } = await managing.client.call(directory.invite, { body: { manages: false } });
    const token = tokenOf(link);
    for (const more of [
      { role: 'coordinator' },
      { manages: true },
      { party: finder.id },
      { kind: 'service' },
    ]) {
      expect((await redeem({ token, name: 'Eve', ...more })).status).toBe(400);
    }
    const eve = await server.redeem(link, { name: 'Eve', partyName: 'Coordination' });
    const me = await eve.client.call(directory.whoAmI);
    expect([me.party.id, me.party.role, me.party.name, me.member?.manages]).toEqual([
      owner.id,
      'owner',
      'A owner',
      false,
    ]);
  });

  test('is nowhere in the database, nor is who it was for', async () => {
    const { link } = await server.administrator.call(directory.makeLink, {
      body: { party: finder.id },
    });
    const person = await server.redeem(link, { name: 'Qwertz', email: 'qwertz@example.org' });
    const { rows } = await server.services.database.raw(
      `select table_schema || '.' || table_name as name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema')`,
    );
    const texts = [];
    for (const { name } of rows) {
      const all = await server.services.database.raw(`select t::text from ${String(name)} t`);
      texts.push(JSON.stringify(all.rows));
    }
    const secrets = [tokenOf(link), person.cookie.split('=')[1] ?? '?', 'Qwertz', 'qwertz'];
    for (const secret of secrets) expect(texts.join('').includes(secret)).toBe(false);
  });
});

describe('DIR-11 asking for a link by mail', () => {
  const ask = async (email: string) => {
    const path = '/v1/session/request-link';
    const answer = await server.send({ method: 'POST', path, body: JSON.stringify({ email }) });
    const { date: _, ...headers } = Object.fromEntries(answer.headers);
    return { status: answer.status, text: await answer.text(), headers };
  };
  test('is answered alike to the byte, known or not; only who has the address gets anything', async () => {
    const known = await server.signIn(finder, 'Known');
    await known.client.call(directory.updateMe, { body: { email: 'Known@Example.org' } });
    await idle(server);
    sent.length = 0;
    const answers = [];
    for (const email of ['known@example.ORG', 'unknown@example.org']) {
      answers.push(await ask(email));
      await idle(server);
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.status).toBe(200);
    expect(sent.map(({ member }) => member)).toEqual([known.member]);
    const back = await server.redeem(sent[0]?.url ?? '');
    expect(back.member).toBe(known.member);
  });

  test('sends no more than three that are open, and none that lives for long', async () => {
    const person = await server.signIn(finder, 'Flooded');
    await person.client.call(directory.updateMe, { body: { email: 'flooded@example.org' } });
    sent.length = 0;
    for (let i = 0; i < 5; i++) {
      await ask('flooded@example.org');
      await idle(server);
    }
    expect(sent).toHaveLength(3);
    move(15 * minute);
    expect((await redeem({ token: tokenOf(sent[0]?.url ?? '') })).status).toBe(403);
    await ask('flooded@example.org');
    await idle(server);
    expect(sent).toHaveLength(4);
  });

  test('is of use to its person, however many of another party claim the address', async () => {
    const crowd = await server.party('owner', 'Crowd');
    const email = 'mine@example.org';
    for (let i = 0; i < 5; i++) {
      const one = await server.signIn(crowd);
      await one.client.call(directory.updateMe, { body: { email } });
    }
    const person = await server.signIn(finder, 'Mine');
    await person.client.call(directory.updateMe, { body: { email } });
    await idle(server);
    sent.length = 0;
    await ask(email);
    await idle(server);
    expect(sent).toHaveLength(4);
    expect(sent.map(({ member }) => member)).toContain(person.member);
  });

  test('a link on its way to an address that was changed opens nothing', async () => {
    const person = await server.signIn(finder, 'Moving');
    await person.client.call(directory.updateMe, { body: { email: 'old@example.org' } });
    sent.length = 0;
    await ask('old@example.org');
    await idle(server);
    await person.client.call(directory.updateMe, { body: { email: 'new@example.org' } });
    expect((await redeem({ token: tokenOf(sent[0]?.url ?? '') })).status).toBe(403);
  });
});

describe('DIR-12 a session', () => {
  test('has a token of its own at each sign-in, and the one before ends', async () => {
    const person = await server.signIn(finder);
    const token = tokenOf(await linkFor(person.member));
    const planted = `breakwater-local=${'A'.repeat(43)}`;
    const fixed = await redeem({ token }, { cookie: planted });
    expect(String(fixed.headers['set-cookie'])).not.toContain(planted);
    const again = tokenOf(await linkFor(person.member));
    const changed = await redeem({ token: again }, { cookie: person.cookie });
    expect(changed.status).toBe(200);
    expect([await statusOf(planted), await statusOf(person.cookie)]).toEqual([401, 401]);
  });

  test('is seen by its person alone, with what it runs on, and cut at once', async () => {
    const person = await server.signIn(finder, 'Ada');
    const token = tokenOf(await linkFor(person.member));
    const phone = await redeem(
      { token },
      { 'user-agent': 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0' },
    );
    const cookie = String(phone.headers['set-cookie']).split(';')[0] ?? '';
    const { items } = await person.client.call(session.list);
    expect(new Map(items.map((s) => [s.device, s.current]))).toEqual(
      new Map([
        ['An unknown program', true],
        ['Firefox on Android', false],
      ]),
    );
    const stranger = await server.signIn(finder, 'Eve');
    const target = items.find((s) => !s.current)?.id;
    if (target === undefined) throw new Error('expected a second session');
    await expect(
      stranger.client.call(session.cut, { body: { session: target } }),
    ).rejects.toMatchObject({ problem: { code: 'not-found' } });
    expect(await statusOf(cookie)).toBe(200);
    expect(await person.client.call(session.cut, { body: { session: target } })).toEqual({
      cut: 1,
    });
    expect([await statusOf(cookie), await statusOf(person.cookie)]).toEqual([401, 200]);
  });

  test('all others are cut at once, but for the one that asks', async () => {
    const person = await server.signIn(finder);
    const others = [];
    for (let i = 0; i < 3; i++) others.push(await server.redeem(await linkFor(person.member)));
    expect(await person.client.call(session.cut, { body: { others: true } })).toEqual({ cut: 3 });
    for (const other of others) expect(await statusOf(other.cookie)).toBe(401);
    expect(await statusOf(person.cookie)).toBe(200);
  });

  test('ends when nobody used it for twelve hours, and after seven days however busy', async () => {
    const idleOne = await server.signIn(finder);
    move(day / 2);
    expect(await statusOf(idleOne.cookie)).toBe(401);
    const busy = await server.signIn(finder);
    for (let hours = 0; hours < 7 * 24 - 6; hours += 6) {
      move(day / 4);
      expect(await statusOf(busy.cookie)).toBe(200);
    }
    move(day / 4);
    expect(await statusOf(busy.cookie)).toBe(401);
  });

  test('signs out, and the cookie goes', async () => {
    const person = await server.signIn(finder);
    const answer = await person.fetch('/v1/session/sign-out', {
      method: 'POST',
      headers: { 'idempotency-key': crypto.randomUUID(), 'content-type': 'application/json' },
      body: 'null',
    });
    expect(answer.headers.get('set-cookie')).toMatch(/^breakwater-local=; Path=\/; Max-Age=0;/);
    expect(await statusOf(person.cookie)).toBe(401);
  });

  test('a cookie that comes twice is none: nobody can tell which of them was planted', async () => {
    const person = await server.signIn(finder);
    expect(await statusOf(`${person.cookie}; breakwater-local=${'A'.repeat(43)}`)).toBe(401);
    expect(await statusOf(`theme=dark; ${person.cookie}`)).toBe(200);
  });

  test('of one who was removed is dead on the next request', async () => {
    const person = await server.signIn(finder);
    expect(await statusOf(person.cookie)).toBe(200);
    await server.administrator.call(directory.removeMember, { params: { member: person.member } });
    expect(await statusOf(person.cookie)).toBe(401);
  });
});

test('DIR-13 every sign-in and cut is an entry of references alone', async () => {
  const person = await server.signIn(finder, 'Entered');
  await person.client.call(session.signOut);
  const { rows } = await server.services.database.raw(
    `select act from journal.entry where subject = '${person.member}'`,
  );
  expect(rows.map((row) => String(row['act'])).toSorted()).toEqual([
    'session.signed-in',
    'session.signed-out',
  ]);
});

test('nothing of all this was logged as a fault of ours', () => {
  expect(server.errors).toEqual([]);
});
