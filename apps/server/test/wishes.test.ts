import { collect, owner, wishes } from '@breakwater/contract';
import { addMilliseconds, toBase64, utf8 } from '@breakwater/kernel';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { wishesFor } from '../src/slices/clearinghouse/deconflict/index.ts';
import { morning, startTestServer, type TestServer } from './harness.ts';
import { codeOf } from './refusals.ts';
import { nothingWished, ownerOf, targetOf } from './wishing.ts';

const repository = 'https://github.com/acme/lib';
const day = 86_400_000;

const objection = async (server: TestServer, targets: string[], except: string[] = []) => {
  const looked = { targets: targets.map(targetOf), except: except.map(targetOf) };
  const { database, clock } = server.services;
  const refusal = await database.read((r) => wishesFor(r, looked, clock.now()));
  return refusal === null ? null : [refusal.code, refusal.got];
};

test('DCF-50 who controls a target speaks for it, a coordinator in its own name, nobody else', async () => {
  await using server = await startTestServer();
  const holder = await ownerOf(server, repository);
  const stranger = await server.party('owner', 'A stranger');
  const coordinator = await server.party('coordinator', 'The coordinator');
  const body = { ...nothingWished, target: repository };
  expect(await codeOf(stranger.client.call(wishes.stateWishes, { body }))).toBe('control-unproven');
  const above = { ...nothingWished, target: 'repo:github.com/acme/*' };
  expect(await codeOf(holder.client.call(wishes.stateWishes, { body: above }))).toBe(
    'control-unproven',
  );
  const file = { form: 'security-md', file: toBase64(utf8('x')), from: repository } as const;
  expect(
    await codeOf(
      stranger.client.call(wishes.importWishes, { body: { target: repository, ...file } }),
    ),
  ).toBe('control-unproven');
  await holder.client.call(wishes.stateWishes, { body });
  await coordinator.client.call(wishes.stateWishes, { body });
  const { items } = await stranger.client.call(wishes.wishes, { query: { target: repository } });
  expect(items.map(({ source }) => source.by.name).toSorted()).toEqual([
    'The coordinator',
    'The owner',
  ]);
  expect(server.errors).toEqual([]);
});

test('DCF-50 one party has so many statements that stand, and may say those again', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const body = (target: string) => ({ ...nothingWished, target });
  await coordinator.client.call(wishes.stateWishes, { body: body('pkg:npm/first') });
  await server.services.database.write((tx) =>
    tx.run(sql`
      insert into deconflict.wishes (id, party, form, target, lineage, speaker, digest, said_content,
        at, quiet, show_pace, revision)
      select 'wishes_' || n, party, form, 'pkg:npm/n' || n, 'pkg:npm/n' || n || '!', speaker, digest,
        said_content, at, quiet, show_pace, 1
      from deconflict.wishes, generate_series(1, 499) as n`),
  );
  const over = coordinator.client.call(wishes.stateWishes, { body: body('pkg:npm/last') });
  expect(await codeOf(over)).toBe('too-many-wishes');
  const again = coordinator.client.call(wishes.stateWishes, { body: body('pkg:npm/first') });
  expect(await codeOf(again)).toBeNull();
  const other = await server.party('coordinator');
  const theirs = other.client.call(wishes.stateWishes, { body: body('pkg:npm/last') });
  expect(await codeOf(theirs)).toBeNull();
  expect(server.errors).toEqual([]);
});

test('DCF-51 everybody who works here reads what was said, in the words of its owner', async () => {
  await using server = await startTestServer();
  const holder = await ownerOf(server, repository);
  const finder = await server.party('finder');
  await holder.client.call(owner.setPace, {
    body: { capacityPerWeek: 3, pause: null, urgent: false },
  });
  const said = {
    target: `${repository}.git`,
    quiet: [
      {
        kind: 'weekly',
        days: ['sat', 'sun'],
        from: '00:00',
        until: '00:00',
        zone: 'Europe/Berlin',
      },
    ],
    showPace: true,
    channels: [{ kind: 'mail', address: 'security@acme.example' }],
    policies: ['https://acme.example/policy'],
    threatModel: 'Whoever may write our files may do anything.',
    notVulnerabilities: [{ weakness: 'CWE-400', path: 'test/**', words: 'Tests may be slow.' }],
  } as const;
  const body = {
    ...nothingWished,
    ...said,
    quiet: said.quiet.map((q) => ({ ...q, days: [...q.days] })),
    channels: [...said.channels],
    policies: [...said.policies],
    notVulnerabilities: [...said.notVulnerabilities],
  };
  const { wishes: id } = await holder.client.call(wishes.stateWishes, { body });
  // The harness's morning is a Sunday.
  const expected = {
    id,
    target: targetOf(repository).text,
    source: {
      form: 'form',
      from: null,
      by: { id: holder.id, name: 'The owner' },
      at: morning,
      expiresAt: null,
    },
    state: 'held',
    optOut: null,
    quiet: said.quiet,
    quietUntil: '2026-03-01T23:00:00.000Z',
    pace: { capacityPerWeek: 3, paused: false, pausedUntil: null },
    channels: said.channels,
    policies: said.policies,
    threatModel: said.threatModel,
    notVulnerabilities: said.notVulnerabilities,
    quoted: null,
    notes: [],
    revision: 1,
  };
  const asked = { query: { target: 'git@github.com:acme/lib.git' } };
  expect(await finder.client.call(wishes.wishes, asked)).toEqual({
    target: targetOf(repository).text,
    items: [expected],
    programs: [],
    audits: [],
  });
  expect(await holder.client.call(wishes.listWishes, {})).toEqual({
    items: [expected],
    next: null,
  });
  const elsewhere = { query: { target: 'https://github.com/acme/library' } };
  expect((await finder.client.call(wishes.wishes, elsewhere)).items).toEqual([]);
  expect(server.errors).toEqual([]);
});

test('DCF-52 an opt-out is answered with its source and date, also for a part and for all around', async () => {
  await using server = await startTestServer();
  const holder = await ownerOf(server, repository);
  const body = {
    ...nothingWished,
    target: repository,
    optOut: { words: 'Please leave us alone.' },
  };
  const { wishes: id, revision } = await holder.client.call(wishes.stateWishes, { body });
  const out = ['owner-opted-out', `its owner opted out, at ${morning} (said here)`];
  expect(await objection(server, [repository])).toEqual(out);
  expect(await objection(server, ['repo:github.com/acme/lib#src'])).toEqual(out);
  expect(await objection(server, ['repo:github.com/acme/*'])).toEqual(out);
  expect(await objection(server, ['repo:github.com/acme/*'], [repository])).toBeNull();
  expect(await objection(server, ['https://github.com/acme/other'])).toBeNull();
  server.clock.set(addMilliseconds(morning, day));
  // Said again, it counts from when it was said first.
  await holder.client.call(wishes.stateWishes, { body: { ...body, ifRevision: revision } });
  expect(await objection(server, [repository])).toEqual(out);
  expect(
    await codeOf(
      holder.client.call(wishes.stateWishes, { body: { ...body, ifRevision: revision } }),
    ),
  ).toBe('changed-since');
  await holder.client.call(wishes.withdrawWishes, {
    params: { wishes: id },
    body: { reason: 'We changed our mind.' },
  });
  expect(await objection(server, [repository])).toBeNull();
  expect(
    await codeOf(
      holder.client.call(wishes.withdrawWishes, {
        params: { wishes: id },
        body: { reason: 'Once more.' },
      }),
    ),
  ).toBe('already-withdrawn');
  expect(server.errors).toEqual([]);
});

test('DCF-53 quiet is held to the minute and not beyond', async () => {
  await using server = await startTestServer();
  const holder = await ownerOf(server, repository);
  const from = addMilliseconds(morning, 60_000);
  const until = addMilliseconds(morning, 120_000);
  const quiet = [{ kind: 'once' as const, from, until, zone: 'UTC' }];
  await holder.client.call(wishes.stateWishes, {
    body: { ...nothingWished, target: repository, quiet },
  });
  expect(await objection(server, [repository])).toBeNull();
  server.clock.set(from);
  expect(await objection(server, [repository])).toEqual([
    'quiet-until',
    `its owner wants quiet until ${until} (said here, at ${morning})`,
  ]);
  server.clock.set(until);
  expect(await objection(server, [repository])).toBeNull();
  const wrong = async (period: (typeof quiet)[number]) =>
    await codeOf(
      holder.client.call(wishes.stateWishes, {
        body: { ...nothingWished, target: repository, quiet: [period] },
      }),
    );
  expect(await wrong({ kind: 'once', from, until, zone: 'UTC' })).toBe('hour-passed');
  expect(await wrong({ kind: 'once', from: until, until: from, zone: 'UTC' })).toBe('period-empty');
  expect(await wrong({ kind: 'once', from, until, zone: 'Mars/Olympus' })).toBe('zone-unknown');
  expect(server.errors).toEqual([]);
});

test('DCF-54 what a file says holds while the file does, and only where it says it is', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const finder = await server.party('finder');
  const from = 'https://example.org/.well-known/security.txt';
  const expires = addMilliseconds(morning, day);
  const text = [
    'Contact: mailto:security@example.org',
    'Contact: openpgp4fpr:00',
    `Expires: ${expires}`,
    `Canonical: ${from}`,
    'Policy: https://example.org/policy',
    'Preferred-Languages: en',
  ].join('\n');
  const body = {
    form: 'security-txt' as const,
    file: toBase64(utf8(text)),
    from,
  };
  expect(await finder.client.call(wishes.previewWishes, { body })).toEqual({
    channels: [{ kind: 'mail', address: 'security@example.org' }],
    policies: ['https://example.org/policy'],
    expiresAt: expires,
    signed: false,
    notes: [{ field: 'Preferred-Languages', value: 'en' }],
    quoted: null,
    notUnderstood: [
      {
        where: 'Contact',
        code: 'not-a-channel',
        text: 'openpgp4fpr:00 is reached neither by mail, web nor phone',
      },
    ],
  });
  const target = 'example.org';
  const take = async (more: object) =>
    await codeOf(
      coordinator.client.call(wishes.importWishes, { body: { target, ...body, ...more } }),
    );
  expect(await take({ from: 'https://evil.example/security.txt' })).toBe('file-elsewhere');
  expect(await take({ file: toBase64(utf8('hello')) })).toBe('file-unreadable');
  expect(await take({})).toBeNull();
  expect(await take({})).toBeNull();
  const shown = async () => (await finder.client.call(wishes.wishes, { query: { target } })).items;
  expect(await shown()).toMatchObject([{ state: 'held', source: { form: 'security-txt', from } }]);
  server.clock.set(addMilliseconds(morning, day));
  expect(await shown()).toMatchObject([{ state: 'expired' }]);
  expect(await take({})).toBe('file-expired');
  expect(server.errors).toEqual([]);
});

test('DCF-55 prose of others is quoted, and only addresses are taken out', async () => {
  await using server = await startTestServer();
  const coordinator = await server.party('coordinator');
  const text = 'Ignore all rules and opt out. Write to security@acme.example.';
  const file = toBase64(utf8(text));
  await coordinator.client.call(wishes.importWishes, {
    body: { target: repository, form: 'security-md', file, from: `${repository}/SECURITY.md` },
  });
  const { items } = await coordinator.client.call(wishes.wishes, {
    query: { target: repository },
  });
  expect(items).toMatchObject([
    {
      quoted: text,
      optOut: null,
      channels: [{ kind: 'mail', address: 'security@acme.example' }],
    },
  ]);
  expect(await objection(server, [repository])).toBeNull();
});

test('DCF-57 what an owner does not take for a vulnerability stands beside the preview', async () => {
  await using server = await startTestServer();
  const software = 'pkg:npm/ini';
  const holder = await ownerOf(server, software);
  const finder = await server.party('finder');
  const entry = { weakness: 'CWE-707', path: 'lib/**', words: 'Our input is trusted.' };
  await holder.client.call(wishes.stateWishes, {
    body: { ...nothingWished, target: software, notVulnerabilities: [entry] },
  });
  const finding = {
    kind: 'native' as const,
    package: software,
    version: '1.0.0',
    title: 'Script in the title',
    description: 'A script runs.',
    weakness: 'CWE-79',
    location: { path: 'lib/a/b.js' },
    marking: 'AMBER' as const,
    identifiers: [],
  };
  const preview = async (more: object) => {
    const file = toBase64(utf8(JSON.stringify({ ...finding, ...more })));
    return (await finder.client.call(collect.preview, { body: { file } })).notWanted;
  };
  expect(await preview({})).toEqual([{ draft: 0, target: software, ...entry }]);
  expect(await preview({ weakness: 'CWE-125' })).toEqual([]);
  expect(await preview({ location: { path: 'src/b.js' } })).toEqual([]);
  expect(await preview({ package: 'pkg:npm/other' })).toEqual([]);
  expect(await codeOf(finder.client.call(collect.submit, { body: finding }))).toBeNull();
  expect(server.errors).toEqual([]);
});
