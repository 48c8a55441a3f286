import { directory, record, session } from '@breakwater/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type SignedIn,
  startTestServer,
  type TestParty,
  type TestServer,
} from '../../../test/harness.ts';
import { idle } from '../../../test/world.ts';

let server: TestServer;
let coordinator: TestParty;
let acme: TestParty;
let other: TestParty;
let ada: SignedIn;
beforeAll(async () => {
  server = await startTestServer();
  coordinator = await server.party('coordinator');
  other = await server.party('owner', 'Other');
});
afterAll(async () => await server[Symbol.asyncDispose]());
beforeEach(async () => {
  acme = await server.party('owner', 'Acme');
  ada = await server.signIn(acme, 'Ada');
});

const refused = (code: string) => ({ problem: { code } });

/** A second person of the party, who does not manage it. */
async function colleague(name = 'Bob'): Promise<SignedIn> {
  const { link } = await ada.client.call(directory.invite, { body: { manages: false } });
  return await server.redeem(link, { name });
}

async function statusOf(who: SignedIn): Promise<number> {
  return (await who.fetch('/v1/me')).status;
}

describe('DIR-1 who may invite whom', () => {
  test('a managing member into its own party; others, and keys, do not', async () => {
    const bob = await colleague();
    for (const client of [bob.client, acme.client]) {
      await expect(
        client.call(directory.invite, { body: { manages: true } }),
      ).rejects.toMatchObject(refused('managing-member-needed'));
    }
    expect((await bob.client.call(directory.whoAmI)).party.id).toBe(acme.id);
  });

  test('nobody into a party that is not theirs: it answers like one that is not there', async () => {
    const into = (party: string) =>
      ada.client.call(directory.invite, { body: { party: party as never, manages: true } }); // ids
    const missing = await into(`party_${'0'.repeat(26)}`).catch((error: unknown) => error);
    const there = await into(other.id).catch((error: unknown) => error);
    expect(there).toEqual(missing);
    expect(missing).toMatchObject(refused('not-found'));
    await expect(
      ada.client.call(directory.invite, {
        body: { newParty: { name: 'Mine', role: 'coordinator' }, manages: true },
      }),
    ).rejects.toMatchObject(refused('not-permitted'));
  });

  test('a coordinator new parties, and the first person of one that nobody acts for', async () => {
    const made = await coordinator.client.call(directory.invite, {
      body: {
        newParty: { name: 'Debian', role: 'owner' },
        email: 'first@example.org',
        manages: false,
      },
    });
    const first = await server.redeem(made.link, { name: 'First' });
    const me = await first.client.call(directory.whoAmI);
    expect([me.party.name, me.party.role, me.member?.manages, me.member?.email]).toEqual([
      'Debian',
      'owner',
      true,
      'first@example.org',
    ]);
    const { id } = await coordinator.client.call(directory.addParty, {
      body: { name: 'Empty', role: 'owner' },
    });
    const { link } = await coordinator.client.call(directory.invite, {
      body: { party: id, manages: false },
    });
    const kept = await coordinator.client.call(directory.invite, {
      body: { party: id, manages: false },
    });
    await server.redeem(link, { name: 'Second' });
    // A link kept back would let the coordinator in among people whose things it may not see.
    await expect(server.redeem(kept.link, { name: 'Third' })).rejects.toMatchObject(
      refused('link-not-valid'),
    );
    for (const party of [id, acme.id]) {
      await expect(
        coordinator.client.call(directory.invite, { body: { party, manages: true } }),
      ).rejects.toMatchObject(refused('not-permitted'));
    }
  });

  test('a link is shown once: the same request again shows it no more', async () => {
    const idempotencyKey = crypto.randomUUID();
    const invite = () =>
      ada.client.call(directory.invite, { body: { manages: false }, idempotencyKey });
    await invite();
    await expect(invite()).rejects.toMatchObject(refused('idempotency-key-reused'));
  });

  test('an invitation is listed by those who made it, revoked once, and by nobody else', async () => {
    const made = await ada.client.call(directory.invite, {
      body: { email: 'c@example.org', manages: false },
    });
    const { items } = await ada.client.call(directory.listInvitations);
    expect(items).toMatchObject([{ id: made.invitation, state: 'open', email: 'c@example.org' }]);
    const eve = await server.signIn(other, 'Eve');
    const params = { invitation: made.invitation };
    expect((await eve.client.call(directory.listInvitations)).items).toEqual([]);
    await expect(eve.client.call(directory.revokeInvitation, { params })).rejects.toMatchObject(
      refused('not-found'),
    );
    await ada.client.call(directory.revokeInvitation, { params });
    await expect(ada.client.call(directory.revokeInvitation, { params })).rejects.toMatchObject(
      refused('invitation-closed'),
    );
    expect((await ada.client.call(directory.listInvitations)).items).toMatchObject([
      { state: 'revoked', email: null },
    ]);
  });
});

describe('DIR-2 who sees and changes members', () => {
  test('addresses are for those who manage, and for oneself', async () => {
    const bob = await colleague();
    await bob.client.call(directory.updateMe, { body: { email: 'bob@example.org', name: 'Rob' } });
    const seen = async (who: { client: SignedIn['client'] }, party?: typeof acme.id) => {
      const query = party === undefined ? {} : { party };
      const { items } = await who.client.call(directory.listMembers, { query });
      return Object.fromEntries(items.map((m) => [m.name, m.email]));
    };
    await ada.client.call(directory.updateMe, { body: { email: 'ada@example.org' } });
    const both = { Ada: 'ada@example.org', Rob: 'bob@example.org' };
    expect(await seen(ada)).toEqual(both);
    expect(await seen(bob)).toEqual({ ...both, Ada: null });
    expect(await seen(coordinator, acme.id)).toEqual({ Ada: null, Rob: null });
    expect(await seen(acme)).toEqual({ Ada: null, Rob: null });
    await expect(seen(ada, other.id)).rejects.toMatchObject(refused('not-found'));
  });

  test('a member who does not manage changes nobody, but may go', async () => {
    const bob = await colleague();
    const params = { member: ada.member };
    const remove = bob.client.call(directory.removeMember, { params });
    await expect(remove).rejects.toMatchObject(refused('managing-member-needed'));
    const self = { params: { member: bob.member } };
    await expect(
      bob.client.call(directory.changeMember, { ...self, body: { manages: true } }),
    ).rejects.toMatchObject(refused('managing-member-needed'));
    await bob.client.call(directory.removeMember, self);
    expect(await statusOf(bob)).toBe(401);
  });

  test('members of others answer like members that are not there', async () => {
    const eve = await server.signIn(other, 'Eve');
    const remove = (member: string) =>
      eve.client
        .call(directory.removeMember, { params: { member: member as never } }) // an id
        .catch((error: unknown) => error);
    expect(await remove(ada.member)).toEqual(await remove(`member_${'0'.repeat(26)}`));
    expect(await statusOf(ada)).toBe(200);
  });

  test('the last who manages neither goes nor steps down; two at once leave one', async () => {
    const bob = await colleague();
    const params = { member: ada.member };
    const last = refused('last-managing-member');
    await expect(ada.client.call(directory.removeMember, { params })).rejects.toMatchObject(last);
    await expect(
      ada.client.call(directory.changeMember, { params, body: { manages: false } }),
    ).rejects.toMatchObject(last);
    await ada.client.call(directory.changeMember, {
      params: { member: bob.member },
      body: { manages: true },
    });
    const both = await Promise.allSettled([
      ada.client.call(directory.removeMember, { params }),
      bob.client.call(directory.removeMember, { params: { member: bob.member } }),
    ]);
    expect(both.map((r) => r.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(new Set([await statusOf(ada), await statusOf(bob)])).toEqual(new Set([200, 401]));
  });

  test('who was removed is forgotten: name, address and devices cannot be read any more', async () => {
    const bob = await colleague('Forgotten');
    await bob.client.call(directory.updateMe, { body: { email: 'forgotten@example.org' } });
    const { rows } = await server.services.database.raw(
      `select name_content, email_content from directory.member where id = '${bob.member}'`,
    );
    await ada.client.call(directory.removeMember, { params: { member: bob.member } });
    await idle(server);
    for (const place of Object.values(rows[0] ?? {})) {
      expect(await server.services.content.get(String(place) as never)).toBeNull(); // from a row
      await expect(
        server.administrator.call(record.erase, {
          params: { content: String(place) as never }, // from a row
          body: { reason: 'again' },
        }),
      ).rejects.toMatchObject(refused('already-erased'));
    }
    expect((await ada.client.call(directory.listMembers)).items.map((m) => m.name)).toEqual([
      'Ada',
    ]);
  });
});

describe('DIR-3 keys and services', () => {
  const wish = () => ({ params: { party: acme.id }, body: { label: 'ci' } });

  test('a managing member makes keys of its party; a key makes none, nor does anybody else', async () => {
    const { key } = await ada.client.call(directory.addKey, wish());
    expect((await server.send({ method: 'GET', path: '/v1/me', key })).status).toBe(200);
    const bob = await colleague();
    for (const client of [bob.client, acme.client]) {
      await expect(client.call(directory.addKey, wish())).rejects.toMatchObject(
        refused('managing-member-needed'),
      );
    }
    const eve = await server.signIn(other, 'Eve');
    await expect(eve.client.call(directory.addKey, wish())).rejects.toMatchObject(
      refused('not-found'),
    );
    await expect(coordinator.client.call(directory.addKey, wish())).rejects.toMatchObject(
      refused('not-found'),
    );
  });

  test('a key is listed with the day of its last use and never itself', async () => {
    const made = await ada.client.call(directory.addKey, wish());
    await server.send({ method: 'GET', path: '/v1/me', key: made.key });
    const { items } = await ada.client.call(directory.listKeys);
    expect(items.find((k) => k.id === made.id)).toEqual({
      id: made.id,
      party: acme.id,
      member: null,
      label: 'ci',
      scope: null,
      createdAt: server.clock.now(),
      expiresAt: null,
      revokedAt: null,
      lastUsedOn: '2026-03-01',
    });
    expect(JSON.stringify(items)).not.toContain(made.key.slice(3));
    const eve = await server.signIn(other, 'Eve');
    await expect(
      eve.client.call(directory.listKeys, { query: { party: acme.id } }),
    ).rejects.toMatchObject(refused('not-found'));
    await expect(
      eve.client.call(directory.revokeKey, { params: { key: made.id } }),
    ).rejects.toMatchObject(refused('not-found'));
  });

  test('a service has keys, which go with it, and cannot sign in or manage', async () => {
    const service = await ada.client.call(directory.addService, { body: { name: 'Scanner' } });
    const { key } = await ada.client.call(directory.addKey, {
      params: { party: acme.id },
      body: { label: 'scanner', member: service.id },
    });
    const me = await server.send({ method: 'GET', path: '/v1/me', key });
    expect(await me.json()).toMatchObject({ member: { id: service.id, kind: 'service' } });
    await expect(
      server.administrator.call(directory.makeLink, { body: { member: service.id } }),
    ).rejects.toMatchObject(refused('not-found'));
    await expect(
      ada.client.call(directory.changeMember, {
        params: { member: service.id },
        body: { manages: true },
      }),
    ).rejects.toMatchObject(refused('not-found'));
    await ada.client.call(directory.removeMember, { params: { member: service.id } });
    expect((await server.send({ method: 'GET', path: '/v1/me', key })).status).toBe(401);
  });

  test('a key is nobody: it has no sessions to list or cut', async () => {
    await expect(acme.client.call(session.list)).rejects.toMatchObject(refused('sign-in-needed'));
    await expect(
      acme.client.call(directory.updateMe, { body: { name: 'Eve' } }),
    ).rejects.toMatchObject(refused('sign-in-needed'));
  });
});

test('nothing of all this was logged as a fault of ours', () => {
  expect(server.errors).toEqual([]);
});
