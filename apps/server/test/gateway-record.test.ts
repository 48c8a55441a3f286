import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gatewayJobs, gatewayRecord, type Output, partners } from '@breakwater/contract';
import { addMilliseconds, digestOf, type Id, toBase64, utf8 } from '@breakwater/kernel';
import { intervalAct } from '@breakwater/log';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCli } from '../../cli/test/run-cli.ts';
import { logKeysText } from '../src/platform/journal/log-keys.ts';
import { tarOf } from '../src/slices/clearinghouse/validate/tar.ts';
import type { Gateway } from '../src/slices/frontier/gateway/open.ts';
import { openBodyKeeper } from '../src/slices/frontier/gateway/record/bodies.ts';
import { closeIntervals } from '../src/slices/frontier/gateway/record/close.ts';
import { signed } from './designating.ts';
import { type FakeAsked, type FakePlan, type FakeUpstream, fakeUpstream } from './fake-upstream.ts';
import { type SignedIn, startTestServer, type TestParty, type TestServer } from './harness.ts';
import { templateBody, upstreamBody } from './keying.ts';
import {
  chatAnswer,
  filesIn,
  gatewayOf,
  judgeProof,
  partnerWith,
  requestRow,
  storeRequests,
} from './recording.ts';
import { codeOf } from './refusals.ts';
import { scratch } from './scratch.ts';

let server: TestServer;
let lab: TestParty;
let otherLab: TestParty;
let bank: TestParty;
let clinic: TestParty;
beforeAll(async () => {
  server = await startTestServer();
  lab = await server.party('developer', 'Lab');
  otherLab = await server.party('developer', 'Other Lab');
  bank = await server.party('operator', 'Bank');
  clinic = await server.party('operator', 'Clinic');
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const proofOf = (by: TestParty, request: Id<'request'>) =>
  by.client.call(gatewayRecord.proof, { params: { request } });

const close = () => closeIntervals(server.services, { everyMs: 0 });

const judge = (proof: object) => judgeProof(server, proof);

const acts = async () =>
  await server.services.database.read((r) =>
    r.rows(sql<{ content: string }>`select content from journal.entry where act = ${intervalAct}`),
  );

test('GAT-40 GAT-41 GAT-42 each side proves each request, and learns nothing of the requests of others', async () => {
  const of = (party: TestParty, developer: TestParty) =>
    requestRow({ party: party.id, developer: developer.id, marks: ['prompts-alike'] });
  const own = [of(bank, lab), of(bank, lab), of(bank, lab)];
  const others = Array.from({ length: 40 }, (_, i) => of(clinic, i % 2 === 0 ? lab : otherLab));
  const [first = expect.fail('expected a request')] = own;
  const { id } = first;
  expect((await storeRequests(server, [first, ...others, ...own])).size).toBe(43);
  expect((await storeRequests(server, own)).size).toBe(0);
  expect(await codeOf(proofOf(bank, id))).toBe('not-yet-signed');
  expect(await close()).toBe(1);
  expect(await codeOf(proofOf(bank, id))).toBe('not-yet-signed');
  await signed(server);
  for (const row of own) {
    const proof = await proofOf(bank, row.id);
    expect(judge(proof)).toBe('holds');
    expect([proof.group.size, proof.interval.proof.length]).toEqual([3, 10]);
    const told = JSON.stringify(proof);
    for (const hidden of [row.model, row.upstream ?? '', 'prompts-alike', clinic.id, otherLab.id]) {
      expect(told).not.toContain(hidden);
    }
  }
  const proof = await proofOf(lab, id);
  expect(judge(proof)).toBe('holds');
  expect(proof.inside?.content).toEqual({
    marks: ['prompts-alike'],
    model: first.model,
    process: 'gateway-1',
    upstream: first.upstream,
  });
  expect(judge({ ...proof, request: { ...proof.request, status: 500 } })).toBe('request-changed');
  for (const stranger of [otherLab, clinic]) {
    expect(await codeOf(proofOf(stranger, id))).toBe('not-found');
  }
  const [act = expect.fail('expected an act'), ...more] = await acts();
  expect(more).toEqual([]);
  expect(Object.keys(JSON.parse(act.content).data).toSorted()).toEqual(['places', 'root']);
});

test('GAT-42 what comes in while an interval closes is in the next, and several servers close one', async () => {
  const before = (await acts()).length;
  expect(await close()).toBe(0);
  const first = requestRow({ party: bank.id, developer: lab.id });
  const later = requestRow({ party: bank.id, developer: lab.id });
  await storeRequests(server, [first]);
  const closed = await Promise.all([close(), close(), close()]);
  expect(closed.reduce((sum, n) => sum + n)).toBe(1);
  await storeRequests(server, [later]);
  // Another server's beat, too early.
  expect(await closeIntervals(server.services)).toBe(0);
  server.clock.set(addMilliseconds(server.clock.now(), 60_000));
  expect(await closeIntervals(server.services)).toBe(1);
  expect((await acts()).length).toBe(before + 2);
  await signed(server);
  for (const { id } of [first, later]) {
    const proof = await proofOf(bank, id);
    expect([judge(proof), proof.group.size]).toEqual(['holds', 1]);
  }
});

test('GAT-43 lists are of the own side alone, by pages and by key', async () => {
  const rows = Array.from({ length: 5 }, (_, i) =>
    requestRow({
      party: clinic.id,
      developer: otherLab.id,
      endedAt: addMilliseconds(server.clock.now(), i),
    }),
  );
  await storeRequests(server, rows);
  const newest = rows.map(({ id }) => id).toReversed();
  const list = (by: TestParty, query: object) =>
    by.client.call(gatewayRecord.requests, { query: gatewayRecord.requests.query.parse(query) });
  const page = await list(clinic, { limit: 2 });
  expect(page.items.map(({ id, inside }) => [id, inside])).toEqual([
    [newest[0], null],
    [newest[1], null],
  ]);
  const next = await list(clinic, { limit: 2, after: page.next ?? undefined });
  expect(next.items.map(({ id }) => id)).toEqual(newest.slice(2, 4));
  const [row = expect.fail('expected a request')] = rows;
  const ofLab = await list(otherLab, { side: 'developer', gkey: row.key });
  expect(ofLab.items).toMatchObject([{ id: row.id, inside: { model: row.model, marks: [] } }]);
  expect((await list(bank, { gkey: row.key })).items).toEqual([]);
  expect((await list(lab, { side: 'developer', gkey: row.key })).items).toEqual([]);
  const params = { request: row.id };
  expect(await codeOf(bank.client.call(gatewayRecord.request, { params }))).toBe('not-found');
  expect(await clinic.client.call(gatewayRecord.request, { params })).toMatchObject({
    settled: row.settled,
    party: { id: clinic.id },
    bodies: [],
  });
});

test('GAT-44 bodies are kept for those whom the terms name: on the disk nobody else can read them', async () => {
  const identity = await generateX25519Identity();
  const row = requestRow({ party: bank.id, developer: lab.id });
  await storeRequests(server, [row]);
  const failures: unknown[] = [];
  const keeper = openBodyKeeper({ ...server.services, failed: (error) => failures.push(error) });
  const said = 'The prompt that must not be read.';
  const kept = {
    id: row.id,
    recipients: [await identityToRecipient(identity)],
    request: utf8(said),
    response: new Uint8Array(8 * 1024 * 1024 + 1),
  };
  expect(keeper.keep(kept)).toBe(true);
  await keeper.stored();
  expect(failures).toEqual([]);
  const params = { request: row.id, side: 'request' as const };
  const bytes = await lab.client.download(gatewayRecord.body, { params });
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  expect(await decrypter.decrypt(bytes, 'text')).toBe(said);
  const response = { ...params, side: 'response' as const };
  expect(await codeOf(lab.client.download(gatewayRecord.body, { params: response }))).toBe(
    'not-found',
  );
  expect(await codeOf(clinic.client.download(gatewayRecord.body, { params }))).toBe('not-found');
  const shown = await bank.client.call(gatewayRecord.request, { params: { request: row.id } });
  expect(shown.bodies).toEqual(['request']);
  for (const [file, bytes] of await filesIn(server)) expect(bytes.includes(said), file).toBe(false);
});

test('GAT-40 the command line checks the same file, and whose body it was', async () => {
  const folder = await mkdtemp(path.join(scratch, 'breakwater-proof-'));
  await close();
  const body = utf8('{"model":"harbor-1"}');
  const row = requestRow({ party: bank.id, developer: lab.id, requestDigest: digestOf(body) });
  await storeRequests(server, [row]);
  await close();
  await signed(server);
  const at = (name: string) => path.join(folder, name);
  await writeFile(at('proof.json'), JSON.stringify(await proofOf(bank, row.id)));
  await writeFile(at('body.json'), body);
  await writeFile(at('keys'), logKeysText(server.services.signer, server.services.logOrigin));
  const check = (...more: string[]) =>
    runCli(['gateway', 'check', at('proof.json'), '--key', at('keys'), '--json', ...more]);
  const good = await check('--request', at('body.json'));
  expect([good.code, good.json()]).toMatchObject([
    0,
    { holds: true, bodies: [{ side: 'request', same: true }], among: 1 },
  ]);
  expect((await check('--response', at('body.json'))).code).toBe(1);
  await writeFile(at('proof.json'), JSON.stringify({ ...(await proofOf(bank, row.id)), salt: '' }));
  expect((await check()).code).toBe(2);
  await rm(folder, { recursive: true });
});

/** Told to a model, and to nobody else: they may stand in no line, no row and no file. */
const secrets = {
  instructions: 'Say it like the harbor master of Nantucket would.',
  input: 'login of root from 203.0.113.9 at 03:14',
  answer: 'It is the night watch that',
};

describe('outputs instead of raw access', () => {
  let liaison: TestParty;
  let clerk: SignedIn;
  let gateway: Gateway;
  let upstream: FakeUpstream;
  let plan: (asked: FakeAsked) => FakePlan = () => ({});
  /** Every line that the gateway wrote, at every level. */
  const lines: string[] = [];
  beforeAll(async () => {
    liaison = await server.party('liaison', 'Liaison');
    await liaison.client.call(partners.publishCriteria, { body: { why: 'we begin with these' } });
    clerk = await server.signIn(clinic, 'Kim');
    upstream = await fakeUpstream((asked) => plan(asked));
    gateway = await gatewayOf(server, lines);
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  const partnered = (asks: 'raw-access' | 'outputs') =>
    partnerWith(server, {
      ...{ developer: lab, liaison, applicant: clinic, clerk, asks },
      ...{ baseUrl: upstream.baseUrl, instructions: secrets.instructions },
    });
  type Partnered = Awaited<ReturnType<typeof partnered>>;

  let of: Partnered;
  let recorded: { readonly job: Id<'job'>; readonly request: Id<'request'> } | null = null;

  const submit = async (inputs: Record<string, string>, repository?: string) =>
    await clinic.client.call(gatewayJobs.submitJob, {
      params: { gkey: of.gkey },
      body: {
        ...{ template: of.template, inputs },
        ...(repository === undefined ? {} : { repository }),
      },
    });

  const jobBy = (by: TestParty, job: Id<'job'>) =>
    by.client.call(gatewayJobs.job, { params: { job } });

  const resultOf = ({ calls }: Output<typeof gatewayJobs.job>) =>
    calls.map((call) => call.result)[0];

  async function ended(job: Id<'job'>) {
    return await vi.waitFor(
      async () => {
        const view = await jobBy(clinic, job);
        expect(view.endedAt).not.toBe(null);
        return view;
      },
      { timeout: 10_000, interval: 50 },
    );
  }

  test('GAT-50 GAT-51 GAT-52 a partner without a key to the model gets the result of a template, metered and recorded like a call', async () => {
    of = await partnered('outputs');
    plan = () => chatAnswer(secrets.answer);
    const listed = await clinic.client.call(gatewayJobs.keyTemplates, {
      params: { gkey: of.gkey },
    });
    expect(listed.items.map(({ id, fields }) => [id, fields])).toEqual([
      [of.template, templateBody.fields],
    ]);
    expect(JSON.stringify(listed)).not.toContain(secrets.instructions);
    expect(await codeOf(submit({}))).toBe('inputs-differ');
    expect(await codeOf(submit({ alert: 'a', instructions: 'b' }))).toBe('inputs-differ');
    expect(await codeOf(submit({ alert: 'a'.repeat(10_001) }))).toBe('inputs-differ');
    const { job } = await submit({ alert: secrets.input });
    const view = await ended(job);
    expect(view).toMatchObject({ endedAs: 'answered', code: null });
    expect(view.calls.map(({ result }) => result)).toEqual([secrets.answer]);
    const [asked = expect.fail('expected a call')] = upstream.asked;
    expect(asked.body).toMatchObject({
      model: upstreamBody.modelName,
      max_completion_tokens: templateBody.outputTokensMax,
      messages: [
        { role: 'system', content: expect.stringContaining(secrets.instructions) },
        { role: 'user', content: JSON.stringify({ alert: secrets.input }) },
      ],
    });
    for (const stranger of [lab, bank])
      expect(await codeOf(jobBy(stranger, job))).toBe('not-found');
    const request = view.calls[0]?.request ?? expect.fail('expected a request');
    const row = await vi.waitFor(
      () => lab.client.call(gatewayRecord.request, { params: { request } }),
      { timeout: 10_000, interval: 50 },
    );
    expect(row).toMatchObject({
      job,
      figures: 'upstream',
      settled: { inputTokens: 40, outputTokens: 6 },
    });
    recorded = { job, request };
  });

  test('GAT-52 what an endpoint says that gives no result stays with it', async () => {
    const said = 'organization org-77 of the lab is over its budget';
    plan = () => ({ status: 400, pieces: [JSON.stringify({ error: { message: said } })] });
    const { job } = await submit({ alert: 'b' });
    const view = await ended(job);
    expect([view.endedAs, view.code, resultOf(view)]).toEqual(['failed', null, null]);
    expect(JSON.stringify(view)).not.toContain('org-77');
  });

  test('GAT-54 a repository is read in as many calls as it takes, each recorded, and its files stand as data', async () => {
    const stated = await lab.client.call(gatewayJobs.stateTemplate, {
      params: { scope: of.scope },
      body: {
        ...templateBody,
        name: 'Scan a repository',
        fields: [],
        repository: { about: 'Its files', charsMax: 1_000, callsMax: 3, endings: ['.c'] },
      },
    });
    const scan = async (archive: Uint8Array | null) =>
      await clinic.client.call(gatewayJobs.submitJob, {
        params: { gkey: of.gkey },
        body: {
          ...{ template: stated.template, inputs: {} },
          ...(archive === null ? {} : { repository: toBase64(archive) }),
        },
      });
    const line = `${secrets.input}\n`;
    const files = [
      { name: 'src/a.c', bytes: utf8(line.repeat(20)) },
      { name: 'src/b.c', bytes: utf8(line.repeat(20)) },
      { name: 'README.md', bytes: utf8('# Readme') },
    ];
    expect(await codeOf(scan(null))).toBe('inputs-differ');
    expect(await codeOf(scan(utf8('int a;')))).toBe('archive-unreadable');
    expect(await codeOf(scan(tarOf(files.slice(2))))).toBe('nothing-to-read');
    const large = { name: 'c.c', bytes: utf8(line.repeat(60)) };
    expect(await codeOf(scan(tarOf([large, ...files])))).toBe('repository-too-large');
    const both = submit({ alert: 'a' }, toBase64(tarOf(files)));
    expect(await codeOf(both)).toBe('inputs-differ');

    const before = upstream.asked.length;
    plan = () => chatAnswer(secrets.answer);
    const { job } = await scan(tarOf(files));
    const view = await ended(job);
    expect(view).toMatchObject({ endedAs: 'answered', leftOut: [{ path: 'README.md' }] });
    expect(view.calls).toMatchObject([
      { files: ['src/a.c'], result: secrets.answer },
      { files: ['src/b.c'], result: secrets.answer },
    ]);
    const asked = upstream.asked.slice(before).map(({ body }) => JSON.stringify(body));
    expect(asked.map((body) => /\\"path\\":\\"(.*?)\\"/.exec(body)?.[1])).toEqual([
      'src/a.c',
      'src/b.c',
    ]);
    for (const { request } of view.calls) {
      const params = { request: request ?? expect.fail('expected a request') };
      const row = await vi.waitFor(() => lab.client.call(gatewayRecord.request, { params }), {
        timeout: 10_000,
      });
      expect(row).toMatchObject({ job, settled: { inputTokens: 40 } });
    }
    await clinic.client.call(gatewayJobs.eraseJob, { params: { job }, body: {} });
    await vi.waitFor(
      async () => {
        const erased = await jobBy(clinic, job);
        expect(erased.calls.map((call) => [call.files, call.result])).toEqual([
          [[], null],
          [[], null],
        ]);
        expect(erased.leftOut).toEqual([]);
      },
      { timeout: 10_000, interval: 50 },
    );
  });

  test('GAT-53 what was handed in and what came of it is erased as its party asks', async () => {
    plan = () => chatAnswer('Harmless.');
    const { job } = await submit({ alert: 'c' });
    const params = { job };
    const view = await ended(job);
    expect(resultOf(view)).toBe('Harmless.');
    expect(await codeOf(lab.client.call(gatewayJobs.eraseJob, { params, body: {} }))).toBe(
      'not-found',
    );
    await clinic.client.call(gatewayJobs.eraseJob, { params, body: {} });
    await vi.waitFor(async () => expect(resultOf(await jobBy(clinic, job))).toBe(null), {
      timeout: 10_000,
      interval: 50,
    });
    const params2 = { template: of.template };
    await lab.client.call(gatewayJobs.withdrawTemplate, { params: params2, body: {} });
    expect(await codeOf(submit({ alert: 'd' }))).toBe('no-such-template');
  });

  test('neither keys nor what is said stand in any line, any row or any file, also where calls go wrong', async () => {
    const raw = await partnered('raw-access');
    const call = (secret: string, body: string) =>
      fetch(`http://127.0.0.1:${gateway.port}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body,
      }).then((answer) => answer.text());
    const body = JSON.stringify({
      model: 'lagoon',
      messages: [{ role: 'user', content: secrets.input }],
    });
    const plans: FakePlan[] = [
      { status: 500, pieces: [`${upstreamBody.secret} ${secrets.answer}`] },
      { breaks: 'before' },
      { breaks: 'after', pieces: [secrets.answer] },
      { pieces: [secrets.answer], headers: { 'x-key': upstreamBody.secret } },
    ];
    for (const next of plans) {
      plan = () => next;
      const before = upstream.asked.length;
      const told = await call(raw.secret, body).catch((error: unknown) => String(error));
      expect(told).not.toContain(upstreamBody.secret);
      expect(upstream.asked.length).toBeGreaterThan(before);
    }
    expect(await call(of.secret, body)).toContain('outputs-alone');
    await call(`${raw.secret.slice(0, -1)}A`, body);
    await call(raw.secret, body.slice(0, -2));
    const hidden = [raw.secret, of.secret, upstreamBody.secret, ...Object.values(secrets)];
    const shows = (text: string | Buffer) => hidden.filter((secret) => text.includes(secret));
    expect(shows(lines.join('\n'))).toEqual([]);
    for (const [file, bytes] of await filesIn(server)) expect(shows(bytes), file).toEqual([]);
    const tables = await server.services.database.read((r) =>
      r.rows(sql<{ name: string }>`
      select table_schema || '.' || table_name as name from information_schema.tables
      where table_schema in ('gateway', 'journal', 'platform')`),
    );
    expect(tables.length).toBeGreaterThan(15);
    for (const { name } of tables) {
      const rows = await server.services.database.read((r) =>
        r.rows(sql`select row_to_json(t)::text as row from ${sql.table(name)} t`),
      );
      expect(shows(JSON.stringify(rows)), name).toEqual([]);
    }
  });

  test('GAT-40 both sides prove what a job came to', async () => {
    await close();
    await signed(server);
    const { job, request } = recorded ?? expect.fail('expected a job that was recorded');
    for (const side of [lab, clinic]) {
      const proof = await proofOf(side, request);
      expect([judge(proof), proof.request['job']]).toEqual(['holds', job]);
    }
  });
});
