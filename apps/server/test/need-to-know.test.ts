import {
  collect,
  coordinate,
  correlate,
  distribute,
  type Publication,
  prioritize,
  record,
  validate,
} from '@breakwater/contract';
import { digestOf, type Id, type Instant, ok, toBase64, utf8 } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Proving } from '../src/platform/sandbox/proving.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { scriptedProving } from './proving.ts';
import { later, until } from './world.ts';

let server: TestServer;
let coordinator: TestParty;
beforeAll(async () => {
  server = await startTestServer({ proving: withBuilds() });
  coordinator = await server.party('coordinator', 'Carla Reyes');
  const recipeJson = toBase64(utf8(JSON.stringify({ package: 'pkg:deb/debian/cjson' })));
  await coordinator.client.call(validate.addRecipe, {
    body: { name: 'cjson', files: { 'recipe.json': recipeJson } },
  });
});
afterAll(async () => await server[Symbol.asyncDispose]());

/** The scripted sandbox, with builds to attest. */
function withBuilds(): Proving {
  const scripted = scriptedProving({ validation: 'reproduced', patch: 'verified', fault: null });
  const digest = digestOf(utf8('build'));
  const build = { version: '1', digest, key: digest, fromCache: false };
  return {
    ...scripted,
    async validate(order) {
      const done = await scripted.validate(order);
      if (!done.ok) return done;
      return ok({ ...done.value, builds: { vulnerable: build, control: build } });
    },
  };
}

const hour = '2027-01-01T00:00:00.000Z' as Instant; // spelled as kernel writes instants

/** Hands in a finding that says what it is, with a proof; findings of one identifier are one case. */
async function handIn(by: TestParty, title: string, identifier: string) {
  const { finding, case: opened } = await by.client.call(collect.submit, {
    body: {
      kind: 'native',
      package: 'pkg:deb/debian/cjson',
      version: '1.7.15-1',
      recipe: 'cjson',
      title,
      marking: 'AMBER+STRICT',
      description: 'Told at length',
      identifiers: [identifier],
      proof: toBase64(utf8(title)),
    },
  });
  if (opened === null) throw new Error('expected a case');
  return { finding, case: opened };
}

async function validated(id: Id<'case'>, times: number) {
  return await until(async () => {
    const { items } = await coordinator.client.call(validate.list, { params: { case: id } });
    expect(items.filter((v) => v.attestation !== null)).toHaveLength(times);
    return items;
  });
}

async function split(from: Id<'case'>, finding: Id<'finding'>): Promise<Id<'case'>> {
  const body = { findings: [finding], reason: 'another cause' };
  const done = await coordinator.client.call(correlate.split, { params: { case: from }, body });
  return done.case;
}

async function invite(id: Id<'case'>): Promise<TestParty> {
  const owner = await server.party('owner');
  const body = { party: owner.id, reason: 'it is theirs' };
  await coordinator.client.call(coordinate.inviteOwner, { params: { case: id }, body });
  return owner;
}

describe('a finding that was split away', () => {
  test('VAL-7 leaves nothing of its validation to the owner who comes after', async () => {
    const stays = await handIn(await server.party('finder'), 'stays', 'CVE-2026-2001');
    const leaves = await handIn(await server.party('finder'), 'leaves', 'CVE-2026-2001');
    await validated(stays.case, 2);
    await split(stays.case, leaves.finding);
    const owner = await invite(stays.case);
    const params = { case: stays.case };
    // Two batches: one takes sixteen entries.
    for (let i = 0; i < 2; i++) {
      await server.services.sequencer.tick();
      server.clock.set(later(server.clock, 86_400_000));
    }
    const all = await coordinator.client.call(record.timeline, { params });
    const seen = await owner.client.call(record.timeline, { params });
    const concluded = (items: typeof all.items) =>
      items.filter((i) => i.act.startsWith('validate'));
    expect([concluded(all.items).length, concluded(seen.items).length]).toEqual([4, 2]);
    const shown = new Set(seen.items.map((item) => item.entry));
    for (const { entry } of concluded(all.items)) {
      const proof = owner.client.call(record.disclose, { params: { entry } });
      if (shown.has(entry))
        expect((await proof).content).toHaveProperty('data.finding', stays.finding);
      else await expect(proof).rejects.toMatchObject({ problem: { status: 404 } });
    }
  });

  test('VAL-7 takes its evidence and its attestation along, and shows them to its reporter', async () => {
    const finder = await server.party('finder');
    const stays = await handIn(await server.party('finder'), 'stays', 'CVE-2026-2002');
    const leaves = await handIn(finder, 'leaves', 'CVE-2026-2002');
    const before = await invite(stays.case);
    const runs = await validated(stays.case, 2);
    const attestation = runs.find((run) => run.finding === leaves.finding)?.attestation ?? '';
    const path = `/v1/attestations/${attestation}`;
    const status = async ({ key }: TestParty) =>
      (await server.send({ method: 'GET', path, key })).status;
    expect([await status(finder), await status(before)]).toEqual([200, 200]);
    const after = await invite(await split(stays.case, leaves.finding));
    expect([await status(before), await status(after), await status(finder)]).toEqual([
      404, 200, 200,
    ]);
  });

  test('COR-5 opens a case under its own title, not under that of the case it leaves', async () => {
    const first = await handIn(
      await server.party('finder'),
      'what the first says',
      'CVE-2026-2003',
    );
    const second = await handIn(await server.party('finder'), 'my own words', 'CVE-2026-2003');
    const opened = await split(first.case, second.finding);
    const owner = await invite(opened);
    const seen = await owner.client.call(coordinate.get, { params: { case: opened } });
    expect(seen.title).toBe('my own words');
  });
});

describe('a case whose first finding was split away', () => {
  test('COR-5 is called by what stays, and COO-1 invites no owner for what left', async () => {
    const opener = await handIn(await server.party('finder'), 'secret words', 'CVE-2026-2004');
    const other = await handIn(await server.party('finder'), 'what stays', 'CVE-2026-2004');
    await validated(opener.case, 2);
    await split(opener.case, opener.finding);
    const seen = await coordinator.client.call(coordinate.get, { params: { case: opener.case } });
    expect(seen.title).toBe('what stays');
    expect(other.case).toBe(opener.case);
  });
});

describe('an embargo', () => {
  const publication: Publication = {
    summary: 'Overflow',
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
  };

  async function embargoed(identifier: string) {
    const first = await handIn(await server.party('finder'), 'first', identifier);
    const second = await handIn(await server.party('finder'), 'second', identifier);
    const params = { case: first.case };
    await coordinator.client.call(coordinate.setEmbargo, {
      params,
      body: { endsAt: hour, zone: 'UTC' },
    });
    return { first, second };
  }

  async function publish(id: Id<'case'>) {
    const params = { case: id };
    return await coordinator.client.call(distribute.publish, { params, body: publication });
  }

  test('COO-10 holds for a finding that is split away', async () => {
    const { first, second } = await embargoed('CVE-2026-3001');
    const opened = await split(first.case, second.finding);
    await expect(publish(opened)).rejects.toMatchObject({ problem: { code: 'embargoed' } });
  });

  test('COO-10 holds for a case that is joined into one without, and never gets shorter', async () => {
    const { first } = await embargoed('CVE-2026-3002');
    const into = await handIn(await server.party('finder'), 'into', 'CVE-2026-3003');
    const merge = { params: { case: first.case }, body: { into: into.case, reason: 'one cause' } };
    await coordinator.client.call(correlate.merge, merge);
    await expect(publish(into.case)).rejects.toMatchObject({ problem: { code: 'embargoed' } });
  });
});

describe('a score', () => {
  test('PRI-5 is not shown to a finder, who may have joined the case by a guess', async () => {
    const opened = await handIn(await server.party('finder'), 'first', 'CVE-2026-4001');
    const params = { case: opened.case };
    const body = { exploitation: 'active' } as const;
    await coordinator.client.call(prioritize.score, { params, body });
    const guesser = await server.party('finder');
    expect((await handIn(guesser, 'a guess', 'CVE-2026-4001')).case).toBe(opened.case);
    expect(await guesser.client.call(prioritize.get, { params })).toEqual({ score: null });
    const owner = await invite(opened.case);
    const seen = await owner.client.call(prioritize.get, { params });
    expect(seen.score?.by?.name).toBe('Carla Reyes');
  });

  test('PRI-5 keeps no name in a row: a name must be erasable', async () => {
    for (const table of ['prioritize.score', 'platform.idempotency', 'journal.entry']) {
      const { rows } = await server.database.database.raw(`select t::text as row from ${table} t`);
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toContain('Carla Reyes');
    }
  });
});
