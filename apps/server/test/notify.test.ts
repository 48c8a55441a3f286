import { coordinate, members, notify, record } from '@breakwater/contract';
import type { Id, Instant } from '@breakwater/kernel';
import { expect, test } from 'vitest';
import { levels, system } from '../src/platform/commands/audience.ts';
import { setAudience } from '../src/platform/commands/visibility.ts';
import { MailNotSent } from '../src/platform/mail/mail.ts';
import { sendDue } from '../src/slices/index.ts';
import { type SignedIn, startTestServer, type TestParty, type TestServer } from './harness.ts';
import { hurry, idle, later, openWorld } from './world.ts';

const minuteMs = 60_000;
const address = 'ann@example.com';

test('NOT-1 NOT-7: whoever sees a thing is told that there is something, and nothing more', async () => {
  await using world = await openWorld({ caseAlone: true });
  const { server, insiders } = world;
  const { member } = await joined(server, insiders.owner);
  await say(world.ids['case'], insiders.coordinator, 'A very secret thing');
  await due(server, 24 * 60);
  expect(server.mails.map((mail) => mail.to)).toEqual([address]);
  const raw = server.mails[0]?.raw ?? '';
  const token = /unsubscribe\/([\w-]{43})>/.exec(raw)?.[1] ?? '';
  expect(withoutTime(raw).split('\r\n')).toEqual([
    'From: Breakwater <breakwater@example.org>',
    'To: ann@example.com',
    'Subject: There is something new for you',
    'Date: (now)',
    'Message-ID: <(digest)@example.org>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    'Content-Transfer-Encoding: 7bit',
    'Auto-Submitted: auto-generated',
    `List-Unsubscribe: <${site(server)}/unsubscribe/${token}>`,
    '',
    'There is something new for you. Sign in to see it:',
    '',
    `${site(server)}/`,
    '',
    'This message says no more on purpose: mail is read by others on its way.',
    '',
    'When and of what you are written to is yours to choose, under "Mail" once signed in.',
    'To get no more of these messages:',
    '',
    `${site(server)}/unsubscribe/${token}`,
    '',
  ]);
  // Nothing that the installation keeps, of anybody, stands in any mail; nor does any id.
  const kept = await everyText(server);
  expect(kept.length).toBeGreaterThan(20);
  expect(kept.filter((text) => raw.includes(text))).toEqual([]);
  expect(Object.values(world.ids).filter((id) => id !== '' && raw.includes(id))).toEqual([]);
  expect(raw).not.toContain(member);
});

test('NOT-2: what may no longer be seen when the mail is written is told to nobody', async () => {
  await using world = await openWorld({ caseAlone: true });
  const { server, insiders, ids } = world;
  await joined(server, insiders.owner);
  await say(ids['case'], insiders.coordinator);
  await idle(server);
  await server.services.database.write((tx) => setAudience(tx, ids['case'] ?? '', []));
  await due(server, 24 * 60);
  expect(server.mails).toEqual([]);
  expect(await pending(server)).toBe(0);
});

test('NOT-1: strangers, the public and whoever did it are told nothing', async () => {
  await using world = await openWorld({ caseAlone: true });
  const { server, insiders, strangers, ids } = world;
  for (const party of [
    strangers.owner,
    strangers.finder,
    strangers.operator,
    insiders.coordinator,
  ]) {
    await joined(server, party);
  }
  // The finder sees that the case is there, and not that somebody wrote in it.
  await joined(server, insiders.finder);
  await say(ids['case'], insiders.coordinator);
  await due(server, 24 * 60);
  expect(server.mails).toEqual([]);
});

test('NOT-5: many acts are one mail; the next about the same waits its hour', async () => {
  await using world = await openWorld({ caseAlone: true });
  const { server, insiders, ids } = world;
  const owner = await joined(server, insiders.owner);
  await choose(owner, { message: 'immediately' });
  await say(ids['case'], insiders.coordinator);
  await say(ids['case'], insiders.coordinator);
  await due(server, 0);
  expect(server.mails).toHaveLength(1);
  await say(ids['case'], insiders.coordinator);
  await due(server, 59);
  expect(server.mails).toHaveLength(1);
  await due(server, 1);
  expect(server.mails).toHaveLength(2);
  await due(server, 24 * 60);
  expect(server.mails).toHaveLength(2);
});

test('NOT-3 NOT-4: a digest at its hour, quiet hours kept, on the member’s clock', async () => {
  await using world = await openWorld({ caseAlone: true });
  const { server, insiders, ids } = world;
  server.clock.set('2026-03-08T05:00:00.000Z' as Instant);
  const owner = await joined(server, insiders.owner);
  const zone = 'America/New_York';
  await choose(owner, { message: 'daily', digestAt: '09:00', zone });
  await say(ids['case'], insiders.coordinator);
  await idle(server);
  // The clocks went forward in the night: nine o'clock is 13:00 UTC, no longer 14:00.
  await at(server, '2026-03-08T12:59:00.000Z');
  expect(server.mails).toHaveLength(0);
  await at(server, '2026-03-08T13:00:00.000Z');
  expect(server.mails).toHaveLength(1);
  await choose(owner, { message: 'immediately', zone, quiet: { from: '22:00', until: '06:30' } });
  server.clock.set('2026-03-09T03:00:00.000Z' as Instant);
  await say(ids['case'], insiders.coordinator);
  await idle(server);
  await at(server, '2026-03-09T10:29:00.000Z');
  expect(server.mails).toHaveLength(1);
  await at(server, '2026-03-09T10:30:00.000Z');
  expect(server.mails).toHaveLength(2);
});

test('NOT-8: one click ends the mails; looking at the link does not', async () => {
  await using world = await openWorld({ caseAlone: true });
  const { server, insiders, ids } = world;
  const owner = await joined(server, insiders.owner);
  await choose(owner, { message: 'immediately' });
  await say(ids['case'], insiders.coordinator);
  await due(server, 0);
  const link = new URL(/List-Unsubscribe: <([^>]+)>/.exec(server.mails[0]?.raw ?? '')?.[1] ?? '');
  const path = link.pathname;
  const post = (body: string, type = 'application/x-www-form-urlencoded') =>
    server.send({ method: 'POST', path, body, headers: { 'content-type': type } });
  const looked = await server.send({ method: 'GET', path });
  expect(await looked.text()).toContain('<form method="post">');
  await post('anything=else');
  await post(`List-Unsubscribe=One-Click${'&x'.repeat(2_000)}`);
  expect(await chosen(owner)).toMatchObject({ message: 'immediately' });
  const done = await post('List-Unsubscribe=One-Click');
  expect(await chosen(owner)).toMatchObject({ case: 'never', notice: 'never', message: 'never' });
  // A token of nobody looks the same.
  const nobody = await server.send({
    method: 'POST',
    path: `/unsubscribe/${'A'.repeat(43)}`,
    body: 'List-Unsubscribe=One-Click',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect([nobody.status, await nobody.text()]).toEqual([done.status, await done.text()]);
  // It opens nothing else.
  const token = path.slice('/unsubscribe/'.length);
  expect((await server.send({ method: 'GET', path: '/v1/me', key: token })).status).toBe(401);
  await choose(owner, { message: 'immediately' });
  await post(
    '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    'multipart/form-data; boundary=b',
  );
  expect(await chosen(owner)).toMatchObject({ message: 'never' });
  await say(ids['case'], insiders.coordinator);
  await due(server, 24 * 60);
  expect(server.mails).toHaveLength(1);
});

test('preferences: the standard ones, a zone that is none, and a key that is nobody', async () => {
  await using server = await startTestServer();
  const party = await server.party('owner');
  const owner = await joined(server, party);
  expect(await chosen(owner)).toEqual({
    case: 'immediately',
    notice: 'immediately',
    message: 'daily',
    zone: 'UTC',
    digestAt: '08:00',
    digestDay: 1,
    quiet: null,
    reachable: true,
  });
  await expect(choose(owner, { zone: 'Mars/Olympus' })).rejects.toMatchObject({
    problem: { code: 'zone-unknown', status: 422 },
  });
  await expect(party.client.call(notify.preferences)).rejects.toMatchObject({
    problem: { code: 'sign-in-needed' },
  });
});

test('NOT-9: of a change to its ways in a member is told whatever it chose', async () => {
  await using server = await startTestServer();
  const owner = await joined(server, await server.party('owner'));
  await choose(owner, { case: 'never', notice: 'never', message: 'never' });
  const envelope = { actor: system, operation: 'x', idempotencyKey: 'passkey-1', request: null };
  await server.services.execute(envelope, async () => ({
    ok: true,
    value: {
      events: [{ act: 'session.passkey-added', subject: owner.member, data: {} }],
      response: null,
    },
  }));
  await idle(server);
  expect(server.mails.map(({ to }) => to)).toEqual([address]);
  expect(server.mails[0]?.raw).toContain('Subject: The ways into your account changed\r\n');
  expect(server.mails[0]?.raw).not.toContain('List-Unsubscribe');
});

test('NOT-6: what cannot be handed over is tried again, then lies with the dead letters, and names nobody', async () => {
  await using world = await openWorld({ caseAlone: true });
  const { server, insiders, ids } = world;
  await joined(server, insiders.owner);
  await say(ids['case'], insiders.coordinator, 'A very secret thing');
  await idle(server);
  server.mail.fault = new MailNotSent('not-taken');
  server.clock.set(later(server.clock, 24 * 60 * minuteMs));
  await sendDue(server.services);
  await server.services.queue.relay();
  const letters = () => server.administrator.call(record.deadLetters);
  await expect
    .poll(
      async () => {
        await hurry(server);
        return (await letters()).items.length;
      },
      { timeout: 30_000 },
    )
    .toBe(1);
  const told = JSON.stringify(await letters());
  expect(told).toContain('the mail server');
  for (const secret of [address, 'A very secret thing', ids['case'] ?? '']) {
    expect(told).not.toContain(secret);
    expect(server.errors.join('\n')).not.toContain(secret);
  }
  server.mail.fault = null;
  const [letter] = (await letters()).items;
  await server.administrator.call(record.replay, { params: { id: letter?.id ?? '' } });
  await expect.poll(() => server.mails.map(({ to }) => to)).toEqual([address]);
  expect((await letters()).items).toEqual([]);
});

test('NOT-10: whoever is invited by an address, and not yet a member, is not written to', async () => {
  await using world = await openWorld({ caseAlone: true });
  const { server, insiders, ids } = world;
  const owner = await joined(server, insiders.owner);
  await owner.client.call(members.invite, {
    body: { email: 'not-yet@example.com', manages: false },
  });
  await say(ids['case'], insiders.coordinator);
  await due(server, 24 * 60);
  expect(server.mails.map(({ to }) => to)).toEqual([address]);
});

async function joined(server: TestServer, party: Pick<TestParty, 'id'>): Promise<SignedIn> {
  const signedIn = await server.signIn(party);
  const ref = await server.services.content.putText(address, 'mail.txt');
  await server.services.database.write(async (tx) => {
    await tx.run(
      (await import('kysely')).sql`
        update directory.member set email_content = ${ref.id} where id = ${signedIn.member}`,
    );
    await tx.run(
      (await import('kysely')).sql`
        insert into content.item (id, size, media_type, name, commitment, subject, level, at)
        values (${ref.id}, 1, 'text/plain', 'mail.txt', ${Buffer.from(ref.commitment)},
                ${signedIn.member}, ${levels.all}, ${server.clock.now()})`,
    );
  });
  return signedIn;
}

async function chosen({ client }: SignedIn) {
  return await client.call(notify.preferences);
}

type Wish = Partial<Awaited<ReturnType<typeof chosen>>>;

async function choose(who: SignedIn, wish: Wish): Promise<void> {
  const { reachable: _, ...standing } = await chosen(who);
  await who.client.call(notify.setPreferences, { body: { ...standing, ...wish } });
}

async function say(caseId: string | undefined, who: TestParty, text = 'Hello'): Promise<void> {
  const params = { case: caseId as Id<'case'> }; // the world's own id
  await who.client.call(coordinate.say, { params, body: { text } });
}

/** Lets so many minutes go by, and sends what is due then. */
async function due(server: TestServer, minutes: number): Promise<void> {
  await idle(server);
  server.clock.set(later(server.clock, minutes * minuteMs));
  await sendDue(server.services);
  await server.services.queue.relay();
  await idle(server);
}

async function at(server: TestServer, hour: string): Promise<void> {
  server.clock.set(hour as Instant); // spelled as kernel does
  await due(server, 0);
}

async function pending(server: TestServer): Promise<number> {
  const { rows } = await server.services.database.raw('select count(*) as n from notify.pending');
  return Number(rows[0]?.['n']);
}

function site(server: TestServer): string {
  return server.services.site().url;
}

function withoutTime(raw: string): string {
  return raw
    .replace(/^Date: .*$/m, 'Date: (now)\r')
    .replace('\r\r', '\r')
    .replace(/<\w{40}@/, '<(digest)@');
}

/** Every text in the content store that is long enough to be more than a word of ours. */
async function everyText(server: TestServer): Promise<string[]> {
  const { rows } = await server.services.database.raw('select id from content.item');
  const texts = await Promise.all(
    rows.map((row) =>
      server.services.content.getText(row['id'] as Id<'content'>).catch(() => null),
    ),
  );
  return texts.filter((text) => text !== null && text !== address && text.length > 3) as string[];
}
