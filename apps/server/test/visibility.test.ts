import {
  claims,
  collect,
  fillPath,
  type Operation,
  operations,
  precheck,
  type Role,
  wishes,
} from '@breakwater/contract';
import { type IdKind, idKinds } from '@breakwater/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/platform/clock/clock.ts';
import { askFor, openPrecheck } from './asker.ts';
import { allotmentBody, gatewayIn, templateBody, upstreamBody } from './keying.ts';
import { tierBody } from './partnering.ts';
import { later, openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  const opened = await openWorld();
  const held = await claimIn(opened);
  const keyed = await gatewayIn(opened.server, opened.insiders);
  const knock = await knockIn(opened);
  world = { ...opened, ids: { ...opened.ids, ...held, ...keyed, knock } };
});

/** A claim that somebody else wants in on and waits for, and wishes of an owner. */
async function claimIn({
  server,
  insiders,
}: World): Promise<Record<'claim' | 'wait' | 'joining' | 'wishes', string>> {
  const { finder, coordinator, owner } = insiders;
  const scope = { targets: ['pkg:npm/of-the-world'], methods: ['static'] };
  const until = later(server.clock, 10 * dayMs);
  const asked = { scope, sharing: 'alone', until };
  const { claim } = await finder.client.call(claims.claim, {
    body: claims.claim.body.parse(asked),
  });
  if (claim === null) throw new Error('expected a claim');
  const { join } = await coordinator.client.call(claims.askJoin, {
    body: claims.askJoin.body.parse(asked),
  });
  const { wait } = await coordinator.client.call(claims.wait, {
    body: claims.wait.body.parse({ scope, hours: 1, giveUpAt: until }),
  });
  const { wishes: stated } = await owner.client.call(wishes.stateWishes, {
    body: wishes.stateWishes.body.parse({ target: 'www.example.org', showPace: true }),
  });
  return { claim, joining: join, wait, wishes: stated };
}

/** Somebody asks whether what the world's finder handed in is known, and knocks. */
async function knockIn({ server, insiders }: World): Promise<string> {
  const place = {
    package: 'pkg:deb/debian/cjson',
    weakness: 'CWE-125',
    location: { path: 'cJSON.c', function: 'parse_string' },
  };
  const told = { version: '1', title: 'Overflow', description: 'At length', identifiers: [] };
  const marking = 'AMBER' as const;
  const body = { kind: 'native' as const, ...place, ...told, marking };
  await insiders.finder.client.call(collect.submit, { body });
  const asker = await server.party('finder', 'Asker');
  const [handle = ''] = await askFor(asker, await openPrecheck(server), place);
  return (await asker.client.call(precheck.knock, { body: { handle } })).knock;
}
afterAll(async () => await world[Symbol.asyncDispose]());

const dayMs = 86_400_000;

const findings = [{ criterion: 'contact', met: true }];

/** Bodies that every operation accepts, so that only what a party may see decides the answer. */
const bodies: Readonly<Record<string, unknown>> = {
  'coordinate.say': { text: 'hello' },
  'coordinate.end-embargo': { reason: 'it is public' },
  'verify.propose': { title: 'x', diff: btoa('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n') },
  'distribute.receipt': { outcome: 'done' },
  'distribute.delegate': { name: 'Sam' },
  'coordinate.give-verdict': { is: 'affected', words: 'hello' },
  'directory.add-key': { label: 'mine' },
  'directory.change-member': { manages: true },
  'early-access.shorten': { ends: '2026-03-02T00:00:00Z' },
  'early-access.open-window': { plan: newId('plan') },
  'early-access.state-plan': {
    ...{ objectives: 'one', who: 'two', outputs: 'three', afterwards: 'four' },
    ...{ personsMax: 1, returnWithinDays: 1 },
  },
  'early-access.add-person': { member: newId('member') },
  'early-access.accept-protection': { protection: 'use', terms: newId('terms') },
  'early-access.begin-use': { purpose: 'to look' },
  'early-access.use': { calls: 1 },
  'early-access.end-use': { calls: 1 },
  'early-access.record-export': {
    ...{ what: 'a file', digest: `sha256:${'0'.repeat(64)}`, bytes: 1 },
    ...{ to: 'us', purpose: 'to keep' },
  },
  'early-access.link-finding': { finding: newId('finding') },
  'early-access.attest-return': { how: 'destroyed', statement: 'it is gone' },
  'engage.state-dates': { partners: null, general: null },
  'engage.alter-sharing': { seers: [] },
  'engage.propose-terms': { kind: 'use', text: 'Use it well.' },
  'engage.sign-terms': { name: 'Sam', title: 'Counsel', digest: `sha256:${'0'.repeat(64)}` },
  'designate.attach-run': { run: newId('run') },
  'designate.alter-seers': { seers: [] },
  'designate.dissent': { text: 'it is not so' },
  'designate.record-consultation': { office: 'ncd', date: '2026-01-01', reference: 'OST-2026-1' },
  'designate.enter-determination': {
    ...{ outcome: 'covered', date: '2026-01-01', reference: 'NSA-2026-1' },
  },
  'designate.tell': { evaluation: newId('evaluation'), parts: ['outcome'] },
  'benchmark.allow': { party: newId('party'), right: 'know' },
  'benchmark.disallow': { party: newId('party'), right: 'know' },
  'benchmark.keep-item': { salt: `${'A'.repeat(43)}=`, item: '{}' },
  'benchmark.open-item': { salt: `${'A'.repeat(43)}=`, item: '{}' },
  'benchmark.progress': { samples: 9, turns: 9 },
  'benchmark.end-run': { state: 'failed' },
  'benchmark.add-part': { at: 0, bytes: 'AAAA' },
  'benchmark.take-in': { size: 0 },
  'benchmark.review': { verdict: 'valid' },
  'partners.revise-tier': tierBody,
  'partners.add': { text: 'hello' },
  'partners.ask': { text: 'hello' },
  'partners.appeal': { reason: 'it is not so' },
  'partners.state-interest': { conflicted: false },
  'partners.decide': { verdict: 'accept', reason: 'it is so', findings },
  'partners.review': { outcome: 'stays', reason: 'it is so', findings },
  'partners.accept-terms': { terms: `sha256:${'0'.repeat(64)}` },
  'gateway.add-upstream': upstreamBody,
  'gateway.revise-upstream': upstreamBody,
  'gateway.allot': allotmentBody,
  'gateway.state-template': templateBody,
  'gateway.submit-job': { template: newId('template'), inputs: {} },
  'gateway.correct': { inputTokens: 1, outputTokens: 1, reason: 'it is so' },
  'gateway.close-incident': { as: 'expected', reason: 'it is so' },
  'deconflict.answer-knock': { agree: true },
  'deconflict.lift-stop': { reason: 'it is over' },
  'deconflict.renew-claim': { until: '2026-03-09T00:00:00Z' },
  'deconflict.offer-claim': { to: newId('party') },
  'deconflict.answer-offer': { accept: true },
  'deconflict.answer-join': { accept: true },
  'deconflict.withdraw-wishes': { reason: 'it is over' },
  'deconflict.revise-authorization': {
    targets: [],
    except: [],
    methods: [],
    parties: [],
    roles: [],
    from: '2026-01-01T00:00:00Z',
    until: '2026-06-01T00:00:00Z',
    pace: { requestsPerSecond: null, connections: null },
    never: { zone: 'UTC', weekly: [], once: [] },
  },
};

/** Whose people and keys these are is no secret of a case: no role may touch another's. */
const people = ['party', 'key', 'member', 'invitation'] as const;
/** Whose a system is, what is allowed there, what was stopped, and whose the wishes are. */
const systems = ['control', 'authorization', 'stop', 'wishes'] as const;
/** Who looks at what, waits for it and wants in. */
const claimed = ['claim', 'wait', 'joining'] as const;

/** Which suites there are, what is in them and what came of them. */
const evaluated = ['suite', 'item', 'run', 'sample'] as const;

/** Who wants to be whose partner, and is. */
const applied = ['application', 'partner'] as const;

/** Models that developers brought, and what came of it: each adds the kinds it has. */
const framework: readonly string[] = [
  ...['engagement', 'plan', 'window', 'grant', 'use', 'rule', 'file', 'determination'],
  ...['model', 'scope', 'upstream', 'gkey', 'cut', 'request', 'incident', 'template', 'job'],
];

/**
 * What each role may never see of others' things. Coordinators see every case, so they are walked
 * only where even they are strangers.
 */
const blind: Readonly<Record<Exclude<Role, 'coordinator'>, readonly string[]>> = {
  finder: [
    'case',
    'finding',
    'patch',
    'content',
    'entry',
    'attestation',
    'knock',
    ...claimed,
    ...applied,
    ...framework,
    ...people,
    ...systems,
  ],
  owner: [
    'case',
    'finding',
    'patch',
    'content',
    'entry',
    'attestation',
    'knock',
    ...people,
    ...systems,
  ],
  operator: ['notice', 'inventory', 'patch', 'attestation', ...people, ...systems],
  auditor: ['attestation', 'patch', ...people],
  evaluator: [...evaluated, ...framework, 'attestation', ...people],
  developer: [...framework, ...applied, 'tier', ...people],
  liaison: [...framework, ...people],
  official: [...framework, ...people],
};

/** Asked for beside a notice that a stranger may not see. */
const noHelper = newId('helper');

const walks = operations.flatMap((operation) =>
  Object.entries(blind)
    .filter(([role]) => operation.callers.includes(role as Role))
    .flatMap(([role, kinds]) =>
      kinds
        .filter((kind) => operation.path.includes(`{${kind}}`))
        .map((kind) => ({ operation, role: role as Exclude<Role, 'coordinator'>, kind })),
    ),
);

describe('law 9: what exists and is not theirs answers like what does not exist', () => {
  test.each(walks.map((walk) => ({ ...walk, name: walk.operation.id })))(
    '$name as $role',
    async ({ operation, role, kind }) => {
      const there = world.ids[kind];
      if (there === undefined) throw new Error(`the world holds no ${kind}`);
      const stranger = world.strangers[role];
      const ask = (id: string) => answerOf(operation, { [kind]: id }, stranger.key);
      const existing = await ask(there);
      const missing = await ask(newId(kindOf(kind)));
      expect(existing).toEqual(missing);
      expect(existing.status).toBe(404);
      // And to those who take part it does answer, or the walk would prove nothing.
      if (operation.method === 'POST') return;
      const insider = world.insiders[insiderFor(operation)];
      const own = await answerOf(operation, { [kind]: there }, insider.key);
      // A proof that still waits for the log to be signed is there, too.
      expect(operation.id === 'gateway.request-proof' ? [200, 409] : [200]).toContain(own.status);
    },
  );

  test('the walk covers every operation that names a thing and may be called by one of them', () => {
    const walked = new Set(walks.map((walk) => walk.operation.id));
    const owed = operations.filter(
      (o) =>
        o.path.includes('{') &&
        o.callers.some((c) => c !== 'coordinator' && c !== 'administrator' && c !== 'public'),
    );
    // A key has no passkeys to lose: one person's are tried by another in passkeys.test.ts.
    // Published advisories are everyone's.
    expect(owed.map((o) => o.id).filter((id) => !walked.has(id))).toEqual([
      'session.remove-passkey',
      'distribute.advisory',
      'distribute.get-advisory',
    ]);
  });

  test('lists of a stranger are empty, whatever cursor it brings', async () => {
    const lists = [
      'cases',
      'findings',
      'inventories',
      'notices',
      'controls',
      'stops',
      'suites',
      'runs',
      'engagements',
      'models',
      'windows',
      'grants',
      'rules',
      'files',
      'determinations',
    ].map((name) => `/v1/${name}`);
    for (const path of lists) {
      for (const stranger of Object.values(world.strangers)) {
        if (stranger === world.strangers.coordinator) continue;
        const first = await world.server.send({ method: 'GET', path, key: stranger.key });
        if (first.status === 403) continue;
        for (const id of Object.values(world.ids)) {
          const page = await world.server.send({
            method: 'GET',
            path: `${path}?after=${id}`,
            key: stranger.key,
          });
          expect([path, await page.json()]).toEqual([path, { items: [], next: null }]);
        }
      }
    }
  });

  test('a coordinator, too, sees no suite, no run and no engagement', async () => {
    const { key } = world.strangers.coordinator;
    const { suite, engagement } = world.ids;
    const things = [`suites/${suite}`, 'engagements', `engagements/${engagement}`];
    for (const path of ['suites', 'runs', ...things].map((each) => `/v1/${each}`)) {
      expect((await world.server.send({ method: 'GET', path, key })).status).toBe(403);
    }
  });

  test('a coordinator, too, sees no inventory', async () => {
    const { key } = world.strangers.coordinator;
    const answer = await world.server.send({ method: 'GET', path: '/v1/inventories', key });
    expect(answer.status).toBe(403);
  });
});

async function answerOf(operation: Operation, params: Record<string, string>, key: string) {
  const body = bodies[operation.id] ?? {};
  // What else stands in the path is there, whoever asks.
  const { terms = '', opening = '', windowOpening = '', fileOpening = '' } = world.ids;
  const ofFile = operation.path.includes('{file}') ? fileOpening : opening;
  const entry = operation.path.includes('{window}') ? windowOpening : ofFile;
  const answer = await world.server.send({
    method: operation.method,
    path: fillPath(operation.path, { helper: noHelper, terms, entry, side: 'request', ...params }),
    key,
    ...(operation.method === 'POST' ? { body: JSON.stringify(body) } : {}),
  });
  const headers = [...answer.headers].filter(([name]) => !['date', 'keep-alive'].includes(name));
  return { status: answer.status, headers, body: await answer.text() };
}

function insiderFor(operation: Operation): keyof World['insiders'] {
  if (operation.path.includes('{notice}')) return 'operator';
  if (/\{(engagement|application|plan|window|grant|gkey|request|incident)\}/.test(operation.path))
    return 'developer';
  if (operation.path.includes('{job}')) return 'evaluator';
  if (/\{(rule|file|determination)\}/.test(operation.path)) return 'liaison';
  if (operation.callers.includes('evaluator') && !operation.callers.includes('coordinator')) {
    return 'evaluator';
  }
  return 'coordinator';
}

function kindOf(kind: string): IdKind {
  const known = idKinds.find((k) => k === (kind === 'scope' ? 'window' : kind));
  if (known === undefined) throw new Error(`no id kind ${kind}`);
  return known;
}
