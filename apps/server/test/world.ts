import {
  authorizations,
  collect,
  coordinate,
  directory,
  distribute,
  partners,
  type Role,
  record,
  validate,
  verify,
} from '@breakwater/contract';
import { type Instant, toBase64, utf8 } from '@breakwater/kernel';
import { expect, vi } from 'vitest';
import { accessIn } from './accessing.ts';
import { designateIn } from './designating.ts';
import { engageIn } from './engaging.ts';
import { bringRun, sealSuite } from './evaluating.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { applyFor, offerTier, turnKey } from './partnering.ts';

const recipePackage = 'pkg:deb/debian/cjson';

/** A server with one of everything, and parties who may see none of it. */
export interface World extends AsyncDisposable {
  readonly server: TestServer;
  readonly insiders: Readonly<
    Record<
      | 'coordinator'
      | 'finder'
      | 'owner'
      | 'operator'
      | 'evaluator'
      | 'developer'
      | 'liaison'
      | 'official',
      TestParty
    >
  >;
  /** One of each role that takes no part in anything. */
  readonly strangers: Readonly<Record<Role, TestParty>>;
  /** An id of each kind that exists, by the name it has in paths. */
  readonly ids: Readonly<Record<string, string>>;
}

/**
 * Brings one case from a finding to a receipt; unless that is enough, also a model through a suite,
 * an engagement and a window.
 */
export async function openWorld({ caseAlone = false } = {}): Promise<World> {
  const server = await startTestServer();
  const insiders = {
    coordinator: await server.party('coordinator'),
    finder: await server.party('finder'),
    owner: await server.party('owner'),
    operator: await server.party('operator'),
    evaluator: await server.party('evaluator'),
    developer: await server.party('developer'),
    liaison: await server.party('liaison'),
    official: await server.party('official'),
  };
  const ids = await fill(server, insiders, { caseAlone });
  const strangers = {
    coordinator: await server.party('coordinator', 'Stranger'),
    finder: await server.party('finder', 'Stranger'),
    owner: await server.party('owner', 'Stranger'),
    operator: await server.party('operator', 'Stranger'),
    auditor: await server.party('auditor', 'Stranger'),
    evaluator: await server.party('evaluator', 'Stranger'),
    developer: await server.party('developer', 'Stranger'),
    liaison: await server.party('liaison', 'Stranger'),
    official: await server.party('official', 'Stranger'),
  };
  return {
    server,
    insiders,
    strangers,
    ids,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function fill(
  server: TestServer,
  who: World['insiders'],
  { caseAlone }: { readonly caseAlone: boolean },
): Promise<Record<string, string>> {
  const { coordinator, finder, owner, operator } = who;
  const recipeJson = toBase64(utf8(JSON.stringify({ package: recipePackage })));
  await coordinator.client.call(validate.addRecipe, {
    body: { name: 'cjson', files: { 'recipe.json': recipeJson } },
  });
  const submitted = await finder.client.call(collect.submit, {
    body: {
      kind: 'native',
      package: recipePackage,
      version: '1.7.15-1',
      recipe: 'cjson',
      title: 'Overflow',
      marking: 'AMBER+STRICT',
      description: 'Told at length',
      identifiers: ['CVE-2026-1000'],
      proof: toBase64(utf8('proof')),
    },
  });
  if (submitted.case === null) throw new Error('expected a case');
  const params = { case: submitted.case };
  const inCase = { params };
  await until(async () => {
    const { stage } = await coordinator.client.call(coordinate.get, inCase);
    expect(stage).toBe('reproduced');
  });
  await coordinator.client.call(coordinate.inviteOwner, { params, body: { party: owner.id } });
  const said = await owner.client.call(coordinate.say, { params, body: { text: 'Thank you' } });
  const diff = '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';
  const proposed = await owner.client.call(verify.propose, {
    params,
    body: { title: 'Fix', diff: toBase64(utf8(diff)) },
  });
  const list = 'ii  cjson:amd64  1.7.15-1  amd64  JSON\n';
  const inventory = await operator.client.call(distribute.addInventory, {
    body: { name: 'desk', file: toBase64(utf8(list)), debianRelease: '12' },
  });
  const found = await finder.client.call(collect.get, { params: { finding: submitted.finding } });
  const attestation = await until(async () => {
    const { items } = await owner.client.call(verify.list, inCase);
    expect(items[0]?.verification?.attestation).toEqual(expect.any(String));
    return items[0]?.verification?.attestation;
  });
  await coordinator.client.call(distribute.publish, {
    params,
    body: {
      summary: 'Overflow in cJSON',
      details: 'Told at length',
      affected: [
        {
          ecosystem: 'Debian:12',
          package: 'cjson',
          introduced: '0',
          fixed: '1.7.18-1',
          binaries: [],
        },
      ],
      aliases: [],
      references: [],
      creditFinders: true,
    },
  });
  const notice = await until(async () => {
    const { items } = await operator.client.call(distribute.listNotices);
    expect(items).toHaveLength(1);
    return items[0]?.id;
  });
  const frontier = caseAlone ? {} : await bringModel(server, who);
  // A batch takes sixteen entries: the ones asked for later have to be among them.
  for (let i = 0; i < 12; i++) {
    await server.services.sequencer.tick();
    server.clock.set(later(server.clock, 86_400_000));
  }
  const timeline = await coordinator.client.call(record.timeline, inCase);
  const system = await allow(server, who);
  const person = await server.signIn(finder);
  const { invitation } = await person.client.call(directory.invite, { body: { manages: false } });
  const { id: key } = await person.client.call(directory.addKey, {
    params: { party: finder.id },
    body: { label: 'of the world' },
  });
  return {
    case: submitted.case,
    finding: submitted.finding,
    patch: proposed.patch,
    message: said.message,
    inventory: inventory.inventory,
    notice: notice ?? '',
    attestation: attestation ?? '',
    content: found.contents[0]?.content ?? '',
    entry: timeline.items[0]?.entry ?? '',
    party: finder.id,
    member: person.member,
    invitation,
    key,
    ...system,
    ...frontier,
  };
}

/** A suite and its run, an engagement with its file and window, a partner. */
async function bringModel(server: TestServer, who: World['insiders']) {
  const evaluated = await evaluate(who.evaluator);
  const engaged = await engageIn(server, who);
  const designated = await designateIn({ server, ...who }, engaged.engagement);
  const partnered = await partner(who);
  const accessed = await accessIn(server, who);
  return { ...evaluated, ...engaged, ...designated, ...partnered, ...accessed };
}

/** A sealed suite, and a run of it whose log was taken in. */
async function evaluate(
  keeper: TestParty,
): Promise<Record<'suite' | 'item' | 'run' | 'sample', string>> {
  const { suite, items } = await sealSuite(keeper, ['web', 'crypto']);
  const { run, samples } = await bringRun(keeper, { suite, items });
  return { suite, item: items[0]?.id ?? '', run, sample: samples[0]?.id ?? '' };
}

/** An operator who became a partner of the developer's tier. */
async function partner({
  operator,
  developer,
  liaison,
}: World['insiders']): Promise<Record<'tier' | 'application' | 'partner', string>> {
  const { tier } = await offerTier(developer, liaison);
  const { application } = await applyFor(operator.client, tier);
  for (const side of [liaison, developer]) await turnKey(side.client, application);
  const { items } = await operator.client.call(partners.partnerships);
  return { tier, application, partner: items[0]?.id ?? '' };
}

/** An owner's system, what it allows a finder there, and what it stopped. */
async function allow(
  server: TestServer,
  { coordinator, finder, owner }: World['insiders'],
): Promise<Record<'control' | 'authorization' | 'stop', string>> {
  const { id: control } = await owner.client.call(authorizations.openControl, {
    body: { target: 'www.example.org', way: 'statement', statement: 'It is ours' },
  });
  await coordinator.client.call(authorizations.ruleControl, {
    params: { control },
    body: { stands: true, reason: 'It is theirs' },
  });
  const now = server.clock.now();
  const { id: authorization } = await owner.client.call(authorizations.authorize, {
    body: {
      targets: ['www.example.org'],
      except: [],
      methods: ['passive'],
      parties: [finder.id],
      roles: [],
      from: now,
      until: later(server.clock, 30 * 86_400_000),
      pace: { requestsPerSecond: 1, connections: null },
      never: { zone: 'UTC', weekly: [], once: [] },
      contact: 'On call: +1 555 0100',
    },
  });
  const { id: stop } = await owner.client.call(authorizations.stop, {
    body: { target: 'www.example.org', reason: 'It is down' },
  });
  return { control, authorization, stop };
}

/** Waits until `holds` stops throwing: jobs run at their own pace. */
export async function until<T>(holds: () => Promise<T>): Promise<T> {
  return await vi.waitFor(holds, { timeout: 30_000, interval: 50 });
}

/** Waits until every job that a commit asked for is done. */
export async function idle(server: TestServer): Promise<void> {
  await until(async () => {
    const { rows } = await server.services.database.raw(`
      select (select count(*) from pgboss.job where state <> 'completed') +
             (select count(*) from platform.outbox) as open`);
    expect(Number(rows[0]?.['open'])).toBe(0);
  });
}

/**
 * Does at once what waits to be tried again. A job that is due by the server's clock, which tests
 * move, was tried and put off by the wall clock, longer each time.
 */
export async function hurry(server: TestServer): Promise<void> {
  await server.services.database.raw(
    "update pgboss.job set start_after = now() where state in ('created', 'retry')",
  );
}

/** A later hour. */
export function later(clock: { now(): Instant }, milliseconds: number): Instant {
  return new Date(Date.parse(clock.now()) + milliseconds).toISOString() as Instant; // as kernel
}
