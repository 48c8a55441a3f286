import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gatewayJobs, gatewayRecord, type Output, partners } from '@breakwater/contract';
import { type Id, toBase64, utf8 } from '@breakwater/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCli } from '../../cli/test/run-cli.ts';
import { tarOf } from '../src/slices/clearinghouse/validate/tar.ts';
import type { Gateway } from '../src/slices/frontier/gateway/open.ts';
import { closeIntervals } from '../src/slices/frontier/gateway/record/close.ts';
import { signed } from './designating.ts';
import { type FakeAsked, type FakePlan, type FakeUpstream, fakeUpstream } from './fake-upstream.ts';
import { type SignedIn, startTestServer, type TestParty, type TestServer } from './harness.ts';
import { templateBody, upstreamBody } from './keying.ts';
import { chatAnswer, filesIn, gatewayOf, judgeProof, partnerWith } from './recording.ts';
import { codeOf } from './refusals.ts';
import { scratch } from './scratch.ts';

/** Told to a model, and to nobody else: they may stand in no line, no row and no file. */
const secrets = {
  instructions: 'Say it like the harbor master of Nantucket would.',
  input: 'login of root from 203.0.113.9 at 03:14',
  answer: 'It is the night watch that',
};

let server: TestServer;
let lab: TestParty;
let bank: TestParty;
let clinic: TestParty;
let liaison: TestParty;
let clerk: SignedIn;
let gateway: Gateway;
let upstream: FakeUpstream;
let plan: (asked: FakeAsked) => FakePlan = () => ({});
/** Every line that the gateway wrote, at every level. */
const lines: string[] = [];
beforeAll(async () => {
  server = await startTestServer();
  lab = await server.party('developer', 'Lab');
  bank = await server.party('operator', 'Bank');
  clinic = await server.party('operator', 'Clinic');
  liaison = await server.party('liaison', 'Liaison');
  await liaison.client.call(partners.publishCriteria, { body: { why: 'we begin with these' } });
  clerk = await server.signIn(clinic, 'Kim');
  upstream = await fakeUpstream((asked) => plan(asked));
  gateway = await gatewayOf(server, lines);
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
  expect(server.errors).toEqual([]);
  await server[Symbol.asyncDispose]();
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

/** Hands a repository in as people do at a terminal. */
async function byCommand(template: string, archive: Uint8Array) {
  const folder = await mkdtemp(path.join(scratch, 'breakwater-repository-'));
  const file = path.join(folder, 'files.tar');
  await writeFile(file, archive);
  const at = ['--server', server.address, '--key', clinic.key, '--json'];
  const from = ['--template', template, '--repository', file];
  const ran = await runCli(['gateway', 'submit-job', of.gkey, ...from, ...at]);
  await rm(folder, { recursive: true });
  expect(ran.code, ran.err).toBe(0);
  return gatewayJobs.submitJob.output.parse(ran.json());
}

const jobBy = (by: TestParty, job: Id<'job'>) =>
  by.client.call(gatewayJobs.job, { params: { job } });

const resultOf = ({ calls }: Output<typeof gatewayJobs.job>) => calls.map((call) => call.result)[0];

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
  for (const stranger of [lab, bank]) expect(await codeOf(jobBy(stranger, job))).toBe('not-found');
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
  const { job } = await byCommand(stated.template, tarOf(files));
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
  await closeIntervals(server.services, { everyMs: 0 });
  await signed(server);
  const { job, request } = recorded ?? expect.fail('expected a job that was recorded');
  for (const side of [lab, clinic]) {
    const proof = await side.client.call(gatewayRecord.proof, { params: { request } });
    expect([judgeProof(server, proof), proof.request['job']]).toEqual(['holds', job]);
  }
});
