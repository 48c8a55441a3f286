import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleKeyName, writeBundle } from '@breakwater/benchmark/outcome';
import { designate, engage, keepsClassifiedOut, operations } from '@breakwater/contract';
import { formatVerifierKey, verifierKey } from '@breakwater/log';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import {
  type Cast,
  castOf,
  designateModel,
  determine,
  openEngagementOf,
  openFileOf,
  ruleOn,
  signed,
} from './designating.ts';
import { bringRun } from './evaluating.ts';
import { startTestServer, type TestParty, type TestServer } from './harness.ts';
import { codeOf } from './refusals.ts';

let server: TestServer;
let cast: Cast;
let stranger: TestParty;
let told: Awaited<ReturnType<typeof designateModel>>;
beforeAll(async () => {
  server = await startTestServer({ settings: { BREAKWATER_OUTCOME_KEYS: highSide().text } });
  cast = await castOf(server);
  stranger = await server.party('developer', 'Stranger');
  told = await designateModel(cast);
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const today = () => server.clock.now().slice(0, 10);
const fileAs = async (party: TestParty, file = told.file) =>
  await party.client.call(designate.file, { params: { file } });

/** The key of a system apart; always the same, since a server is told of it before it starts. */
function highSide() {
  const der = Buffer.from(`302e020100300506032b657004220420${'42'.repeat(32)}`, 'hex');
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const key = verifierKey(bundleKeyName, new Uint8Array(spki.subarray(-32)));
  const signer = {
    key,
    sign: (message: Uint8Array) => new Uint8Array(sign(null, message, privateKey)),
  };
  return { signer, text: formatVerifierKey(key) };
}

test('DES-5 DES-7 the file holds rule, runs, estimate with interval, budget, reviews and power', async () => {
  const view = await fileAs(cast.official);
  expect(view).toMatchObject({
    engagement: told.engagement,
    evaluated: told.evaluated.outcome,
    consulted: ['ncd', 'apst', 'cisa-director'],
    missing: [],
    rule: { id: told.rule, document: told.document },
    runs: [{ run: told.run, samples: 4 }],
    determined: { outcome: 'covered', reference: 'NSA-2026-0117', former: null, later: null },
  });
  const figures = view.evaluations[0]?.figures;
  expect(figures).toMatchObject({
    threshold: 0.9,
    level: 0.9,
    counts: 'without-invalid',
    contamination: { worst: expect.any(String) },
    reviews: { open: 4, disputed: 0, valid: 0, invalid: 0 },
    runsLeftOut: 0,
    withoutInvalid: { samples: 4, outcome: told.evaluated.outcome },
  });
  const estimate = figures?.withoutInvalid.estimate.figure;
  expect(estimate).toMatchObject({ n: 2, unit: 'share', epochs: { fewest: 1, most: 2 } });
  const { low = 1, high = 0 } = estimate?.interval ?? {};
  expect(low).toBeLessThan(high);
  expect(told.evaluated.outcome).toBe(
    low > 0.9 ? 'interval-above' : high < 0.9 ? 'interval-below' : 'interval-spans',
  );
});

test('DES-2 DES-3 a foreign eye checks the rule in the log', async () => {
  await signed(server);
  const params = { rule: told.rule };
  const proof = await cast.evaluator.client.call(designate.ruleProof, { params });
  const { document, digest } = await cast.evaluator.client.call(designate.rule, { params });
  const file = path.join(server.dataDirectory, 'proof.json');
  await writeFile(file, JSON.stringify({ proof, document, digest }));
  const script = new URL('foreign/check-rule.py', import.meta.url).pathname;
  expect(execFileSync('python3', [script, file], { encoding: 'utf8' })).toBe('the rule stands\n');
  await writeFile(
    file,
    JSON.stringify({ proof, document: { ...document, threshold: 0.1 }, digest }),
  );
  expect(() => execFileSync('python3', [script, file], { stdio: 'pipe' })).toThrow('digest');
});

test('DES-4 a run begun before its rule is in the log is not judged by it', async () => {
  const { engagement } = await openEngagementOf(cast);
  const { suite, items } = told;
  const { run: before } = await bringRun(cast.evaluator, { suite, items });
  const { document } = told;
  const { rule } = await cast.liaison.client.call(designate.registerRule, {
    body: { document, seers: [cast.evaluator.id] },
  });
  const file = await openFileOf(cast, { engagement, rule });
  const attach = async (run: typeof before) =>
    await codeOf(
      cast.evaluator.client.call(designate.attachRun, { params: { file }, body: { run } }),
    );
  const evaluate = async () =>
    await codeOf(cast.official.client.call(designate.evaluate, { params: { file }, body: {} }));
  expect(await attach(before)).toBe('rule-not-committed');
  await signed(server);
  expect(await attach(before)).toBe('run-before-rule');
  expect(await evaluate()).toBe('no-runs');
  const { suite: other, items: otherItems } = await ruleOn(cast);
  const { run: elsewhere } = await bringRun(cast.evaluator, { suite: other, items: otherItems });
  expect(await attach(elsewhere)).toBe('other-suite');
  const { run: after } = await bringRun(cast.evaluator, { suite, items });
  expect([await attach(after), await attach(after)]).toEqual([null, 'already-attached']);
  expect(await evaluate()).toBe(null);
  const { run: left } = await bringRun(cast.evaluator, { suite, items });
  expect(left).not.toBe(after);
  expect(await evaluate()).toBe(null);
  const view = await fileAs(cast.official, file);
  expect(view.evaluations.map(({ figures }) => figures?.runsLeftOut)).toEqual([0, 1]);
  expect(
    await codeOf(
      cast.liaison.client.call(designate.attachRun, { params: { file }, body: { run: left } }),
    ),
  ).toBe('no-such-run');
});

test('DES-8 DES-9 no determination without its three consultations, and by the official alone', async () => {
  const { engagement } = await openEngagementOf(cast);
  const file = await openFileOf(cast, { engagement });
  const params = { file };
  const body = { outcome: 'not-covered', date: today(), reference: 'NSA-2026-0118' } as const;
  const enter = async (by = cast.official, more: object = {}) =>
    await codeOf(by.client.call(designate.determine, { params, body: { ...body, ...more } }));
  const consult = async (office: 'ncd' | 'apst' | 'cisa-director', date = today()) =>
    await codeOf(
      cast.liaison.client.call(designate.consult, {
        params,
        body: { office, date, reference: 'OST-2026-3' },
      }),
    );
  expect(await enter(cast.liaison)).toBe('not-permitted');
  expect(await enter()).toBe('consultation-missing');
  expect(await consult('ncd', '2099-01-01')).toBe('date-ahead');
  expect([await consult('ncd'), await consult('ncd')]).toEqual([null, 'already-consulted']);
  expect(await consult('apst')).toBe(null);
  expect(await enter()).toBe('consultation-missing');
  expect(await consult('cisa-director')).toBe(null);
  expect(await enter(cast.official, { date: '2020-01-01' })).toBe('date-before-consultation');
  expect(await enter(cast.official, { outcome: 'withdrawn' })).toBe('nothing-to-withdraw');
  expect(await enter(cast.official, { reference: 'because of task 4' })).toBe('input-malformed');
  expect(await enter(cast.official, { criteria: 'a secret' })).toBe('input-malformed');
  expect(await enter()).toBe(null);
  expect(await enter()).toBe('determined');
  const stored = await server.services.database.read((r) =>
    r.rows<Record<string, unknown>>(
      sql`select * from designate.determination where file = ${file}`,
    ),
  );
  expect(Object.keys(stored[0] ?? {}).toSorted()).toEqual([
    'at',
    'bundle',
    'date',
    'file',
    'former',
    'id',
    'matter',
    'outcome',
    'party',
    'place',
    'reference',
  ]);
});

test('DES-10 DES-11 a dissent stays unaltered, and a re-examination is a new record', async () => {
  const text = 'The interval spans the threshold;\n  two tasks are too few.';
  const params = { file: told.file };
  await cast.evaluator.client.call(designate.dissent, { params, body: { text } });
  expect((await fileAs(cast.official)).dissent).toMatchObject([
    { by: { id: cast.evaluator.id }, text },
  ]);
  const { determination } = told;
  const again = await cast.liaison.client.call(designate.reExamine, {
    params: { determination },
    body: { official: cast.official.id, seers: [] },
  });
  const later = await determine(cast, again.file, {
    date: today(),
    outcome: 'withdrawn',
    reference: 'NSA-2026-0200',
  });
  const { items } = await cast.developer.client.call(designate.determinations, {
    query: { engagement: told.engagement },
  });
  expect(items.map(({ id, outcome, former, later: next }) => [id, outcome, former, next])).toEqual(
    expect.arrayContaining([
      [later, 'withdrawn', determination, null],
      [determination, 'covered', null, later],
    ]),
  );
  expect(
    await codeOf(
      cast.liaison.client.call(designate.reExamine, {
        params: { determination },
        body: { seers: [] },
      }),
    ),
  ).toBe('not-the-newest');
});

test('DES-12 DES-13 the developer learns outcome and what was chosen; a stranger nothing', async () => {
  const { developer, liaison, official } = cast;
  const { engagement, file, determination } = told;
  const assessments = async () =>
    (await developer.client.call(designate.assessments, { params: { engagement } })).items;
  expect(await assessments()).toEqual([]);
  const evaluation = told.evaluated.evaluation;
  await liaison.client.call(designate.tell, {
    params: { file },
    body: { evaluation, parts: ['outcome', 'estimate'] },
  });
  const [given] = await assessments();
  expect(given?.figures).toMatchObject({
    outcome: told.evaluated.outcome,
    estimate: { figure: { n: 2 } },
    budget: null,
    power: null,
    contamination: null,
    reviews: null,
  });
  const doors = [
    `/v1/files/${file}`,
    `/v1/files/${file}/acts`,
    `/v1/rules/${told.rule}`,
    `/v1/rules/${told.rule}/proof`,
    `/v1/determinations/${determination}/proof`,
    `/v1/engagements/${engagement}/assessments`,
  ];
  const statuses = async (party: TestParty) => {
    const answers = doors.map(async (door) => {
      const answer = await server.send({ method: 'GET', path: door, key: party.key });
      await answer.arrayBuffer();
      return answer.status;
    });
    return await Promise.all(answers);
  };
  await signed(server);
  expect(await statuses(official)).toEqual([200, 200, 200, 200, 200, 200]);
  // Files and rules are no developer's at all; what it sees is its own outcome.
  expect(await statuses(developer)).toEqual([403, 403, 403, 403, 200, 200]);
  expect(await statuses(stranger)).toEqual([403, 403, 403, 403, 404, 404]);
  const others = await server.party('evaluator', 'Another evaluator');
  expect(await statuses(others)).toEqual([404, 404, 404, 404, 404, 403]);
  expect((await stranger.client.call(designate.determinations)).items).toEqual([]);
  expect((await others.client.call(designate.files)).items).toEqual([]);
  expect((await others.client.call(designate.rules)).items).toEqual([]);
});

test('DES-14 DES-15 DES-16 from a system apart comes one signed bundle, taken in once', async () => {
  const { engagement } = await openEngagementOf(cast);
  const params = { engagement };
  const { commitment } = await cast.liaison.client.call(designate.commitEngagement, {
    params,
    body: {},
  });
  const { commitment: same } = await cast.liaison.client.call(designate.commitEngagement, {
    params,
    body: {},
  });
  expect(same).toBe(commitment);
  // The system apart knows the engagement by its commitment alone; here it is this server as well.
  const apart = await cast.liaison.client.call(designate.openFile, {
    body: { commitment, official: cast.official.id, seers: [] },
  });
  const determination = await determine(cast, apart.file, { date: today() });
  const { bundle } = await cast.official.client.call(designate.bundle, {
    params: { determination },
    body: {},
  });
  expect(Buffer.byteLength(bundle)).toBeLessThan(600);
  const taken = async (text: string) =>
    await codeOf(cast.liaison.client.call(designate.takeIn, { body: { bundle: text } }));
  // Its own key is not among those that the administrator set.
  expect(await taken(bundle)).toBe('signature-not-ours');
  const { signer } = highSide();
  const outcome = {
    engagement: commitment,
    outcome: 'covered',
    date: today(),
    reference: 'NSA-2026-0117',
    consulted: { ncd: today(), apst: today(), 'cisa-director': today() },
  } as const;
  const ours = await writeBundle(outcome, signer);
  expect(await taken(ours.replace('NSA-2026-0117', 'NSA-2026-0118'))).toBe('signature-not-ours');
  expect(await taken(`${ours}estimate 0.6\n`)).toBe('bundle-malformed');
  const other = await writeBundle({ ...outcome, engagement: 'ab'.repeat(32) }, signer);
  expect(await taken(other)).toBe('no-such-engagement');
  expect([await taken(ours), await taken(ours)]).toEqual([null, 'already-taken-in']);
  const older = await writeBundle({ ...outcome, date: '2024-01-01' }, signer);
  expect(await taken(older)).toBe('goes-back');
  const { items } = await cast.developer.client.call(designate.determinations, {
    query: { engagement },
  });
  expect(items).toMatchObject([{ outcome: 'covered', takenIn: true, reference: 'NSA-2026-0117' }]);
  const { key } = await cast.official.client.call(designate.bundleKey);
  expect(key).toMatch(/^breakwater-outcome\+[0-9a-f]{8}\+/);
});

test('DES-6 one file at a time, and none once the developer left', async () => {
  const { engagement } = await openEngagementOf(cast);
  const file = await openFileOf(cast, { engagement });
  expect(await codeOf(openFileOf(cast, { engagement }))).toBe('file-open');
  await cast.developer.client.call(engage.leave, { params: { engagement }, body: {} });
  expect(await codeOf(determine(cast, file, { date: today() }))).toBe('engagement-left');
  expect(
    await codeOf(
      cast.liaison.client.call(designate.openFile, {
        body: { engagement: told.engagement, official: cast.official.id, seers: [] },
      }),
    ),
  ).toBe('already-determined');
});

test('DES-1 texts with classification markings are refused, and nothing of them is kept', async () => {
  const text = '(S//NF) the zebra passes the crossing';
  const answer = await server.send({
    method: 'POST',
    path: `/v1/files/${told.file}/dissents`,
    key: cast.evaluator.key,
    body: JSON.stringify({ text }),
  });
  const problem = z.record(z.string(), z.unknown()).parse(await answer.json());
  expect([answer.status, problem['code'], problem['pointer']]).toEqual([
    422,
    'classified-text',
    '/text',
  ]);
  expect(JSON.stringify(problem)).not.toContain('zebra');
  const guarded = operations.filter(
    ({ id, method }) => keepsClassifiedOut(id) && method === 'POST',
  );
  expect(new Set(guarded.map(({ id }) => id.split('.')[0]))).toEqual(
    new Set(['engage', 'designate', 'early-access', 'partners', 'gateway']),
  );
  for (const { refusals } of guarded) expect(refusals).toHaveProperty('classified-text', 422);
});

test('an outcome touches nothing else: no other slice asks for one', async () => {
  const slices = new URL('../src/slices/', import.meta.url);
  const files = await readdir(slices, { recursive: true });
  const asking = [];
  for (const name of files.filter((each) => each.endsWith('.ts'))) {
    if (name.startsWith('frontier/designate/') || name.endsWith('.test.ts')) continue;
    const source = await readFile(new URL(name, slices), 'utf8');
    if (
      /designate\/|designate\.(?!exportOf|designateRoutes)\w+\(|designate\.determin/.test(source)
    ) {
      asking.push(name);
    }
  }
  // Bound as routes and for exports, and shown on timelines.
  expect(asking.toSorted()).toEqual(['frontier.ts', 'index.ts', 'oversight/record/acts.ts']);
});
